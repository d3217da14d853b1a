import { type Problem, problemMediaType, type TransportError } from "@auto-extend/core";
import type { EngineReply } from "./engine.js";

/** A request that never reaches the provider's rules, and why. */
export interface EngineProblem {
  readonly error: Pick<TransportError, "status" | "title" | "detail"> & { readonly id: string };
  /** What more there is to say of this very request. */
  readonly remark?: string;
  /** Names and values in turn. */
  readonly headers?: readonly string[];
  /** Members of the problem document beyond the standard ones. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** What the mock answers where it is itself at fault. */
export const internalError: EngineProblem["error"] = {
  id: "mock/internal-error",
  status: 500,
  title: "Internal Server Error",
  detail: "The mock itself is mistaken here, not your request: please report it.",
};

/** What the mock answers where a fault can't be had. */
export const mockProblems = {
  fault: { id: "mock/fault", status: 400, title: "Bad Request", detail: "The fault can't be had." },
  notEnacted: {
    id: "mock/not-enacted",
    status: 501,
    title: "Not Implemented",
    detail:
      "This fault needs a socket, and there is none here: use it with a mock that listens (startMockServer, auto-extend-mock).",
  },
} as const satisfies Record<string, EngineProblem["error"]>;

/** The answer to a request that never reaches the provider's rules. */
export function problemReply({ error, remark, headers = [], extensions }: EngineProblem): EngineReply {
  const { status, title, detail } = error;
  const body: Problem = {
    type: "about:blank",
    title,
    status,
    detail: remark ? `${detail} (${remark})` : detail,
    ...extensions,
  };
  return { status, headers: ["content-type", problemMediaType, ...headers], body: JSON.stringify(body) };
}
