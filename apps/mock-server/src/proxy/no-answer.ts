import type { EngineProblem } from "../engine/problem.js";

/** Why there is no answer to pass back. Neither the URL nor the API key is in it. */
export interface NoAnswer {
  readonly problem: EngineProblem;
}

const unknown = "Whether the request was carried out is not known";

const problems = {
  unreachable: {
    id: "mock/upstream-unreachable",
    status: 502,
    title: "Bad Gateway",
    detail:
      "The server behind this mock was not reached, so nothing was carried out. Check the upstream's URL, and that the server runs.",
  },
  brokenOff: {
    id: "mock/upstream-broken-off",
    status: 502,
    title: "Bad Gateway",
    detail: `No whole answer came from the server behind this mock. ${unknown}: look there.`,
  },
  tooLarge: {
    id: "mock/upstream-too-large",
    status: 502,
    title: "Bad Gateway",
    detail: `The answer of the server behind this mock is larger than is taken of this request. ${unknown}: look there.`,
  },
  timeout: {
    id: "mock/upstream-timeout",
    status: 504,
    title: "Gateway Timeout",
    detail: `The server behind this mock did not answer in time. ${unknown}: look there before it is repeated.`,
  },
} as const satisfies Record<string, EngineProblem["error"]>;

/** There is no answer, or not all of one, for this reason. */
export function noAnswer(problem: keyof typeof problems, remark?: string): NoAnswer {
  return { problem: { error: problems[problem], ...(remark === undefined ? {} : { remark }) } };
}

/** What an error of the system's means, for people. Its own message may quote what was sent or came. */
export function reasonOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (typeof code !== "string" || !/^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return "for no reason that is known";
  if (code.startsWith("HPE_")) return `what came is no HTTP: ${code}`;
  if (/CERT|ERR_TLS|ERR_SSL|SIGNATURE/.test(code))
    return `its certificate is not trusted, or TLS failed: ${code}`;
  return reasons[code] ? `${reasons[code]}: ${code}` : code;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection ended",
  EPIPE: "the connection ended",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the host name could not be looked up",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to it",
  ETIMEDOUT: "the connection timed out",
};
