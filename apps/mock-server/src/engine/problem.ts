import { type Problem, problemMediaType, transportErrors } from "@auto-extend/core";
import type { EngineProblem, EngineReply } from "./types.js";

export const internalError: EngineProblem["error"] = {
  id: "mock/internal-error",
  status: 500,
  title: "Internal Server Error",
  detail: "This is a bug in the mock, not in your request: please report it.",
};

export const mockProblems = {
  fault: {
    id: "mock/fault",
    status: 400,
    title: "Bad Request",
    detail: "The fault cannot be injected.",
  },
  faultNeedsSocket: {
    id: "mock/fault-needs-socket",
    status: 501,
    title: "Not Implemented",
    detail:
      "This fault needs a socket, which this mock does not have: use it with a mock that listens (startMockServer, or npx @auto-extend/mock-server).",
  },
  faultNotApplicable: {
    id: "mock/fault-not-applicable",
    status: 501,
    title: "Not Implemented",
    detail: "This fault would change nothing about the answer of this operation.",
  },
} as const satisfies Record<string, EngineProblem["error"]>;

/** @param allowed the methods of the path, as the `Allow` header lists them. */
export function wrongMethodProblem(allowed: string): EngineProblem {
  return {
    error: transportErrors.methodNotAllowed,
    remark: `allowed: ${allowed}`,
    headers: ["allow", allowed],
  };
}

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

export const jsonHeaders: readonly string[] = ["content-type", "application/json"];
