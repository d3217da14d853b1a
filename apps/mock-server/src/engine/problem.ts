import { type Problem, problemMediaType, transportErrors } from "@auto-extend/core";
import statuses from "statuses";
import type { EngineProblem, EngineReply } from "./types.js";

/** An error of the mock itself, which the contract does not have. */
export function mockError(name: string, status: number, detail: string): EngineProblem["error"] {
  return { id: `mock/${name}`, status, title: statuses.message[status] ?? "", detail };
}

export const internalError = mockError(
  "internal-error",
  500,
  "This is a bug in the mock, not in your request. Please report it.",
);

export const mockProblems = {
  fault: mockError("fault", 400, "The fault cannot be injected."),
  faultNeedsSocket: mockError(
    "fault-needs-socket",
    501,
    "This fault needs a socket, which this mock does not have. Use it with a mock that listens (startMockServer, or npx @auto-extend/mock-server).",
  ),
  faultNotApplicable: mockError(
    "fault-not-applicable",
    501,
    "This fault would change nothing about the answer of this operation.",
  ),
};

/** @param allowed the methods of the path, as the `Allow` header lists them. */
export function wrongMethodProblem(allowed: string): EngineProblem {
  return {
    error: transportErrors.methodNotAllowed,
    issue: { part: "method", path: "", message: `only ${allowed} is allowed`, expected: allowed },
    headers: ["allow", allowed],
  };
}

/** The problem in sentences. The first one, which says what is wrong, ends with the reason; what to do comes after it. */
export function problemText({ error: { detail }, issue, remark = issue?.message }: EngineProblem): string {
  return remark ? detail.replace(/\.(?= |$)/, () => `: ${remark.replace(/\.$/, "")}.`) : detail;
}

/** The answer to a request that never reaches the provider's rules. */
export function problemReply(problem: EngineProblem): EngineReply {
  const { error, headers = [], extensions } = problem;
  const { status, title } = error;
  const body: Problem = {
    type: "about:blank",
    title,
    status,
    detail: problemText(problem),
    ...extensions,
  };
  return { status, headers: ["content-type", problemMediaType, ...headers], body: JSON.stringify(body) };
}

export const jsonHeaders: readonly string[] = ["content-type", "application/json"];
