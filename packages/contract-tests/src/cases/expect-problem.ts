import { issuesOf, problem, problemMediaType, type TransportError } from "@auto-extend/core";
import type { Difference } from "../report/report.js";
import { jsonObject, mediaType } from "./answer.js";
import type { Expectation } from "./case.js";

// Further members are lawful in a problem document.
const lawfulProblem = problem.passthrough();

/** Expects a transport error: its status, and a problem document that repeats it. */
export function expectProblem(error: TransportError, options: { allow?: string } = {}): Expectation {
  const contradicts = [error.id];

  return {
    wanted: `HTTP ${error.status} and a problem document`,
    judge(answer) {
      if (answer.status !== error.status) {
        return [{ at: "status", expected: String(error.status), came: String(answer.status), contradicts }];
      }
      const problems: Difference[] = [];
      const { allow } = options;
      const allowed = (answer.headers.allow ?? "").split(",").map((method) => method.trim());
      if (allow !== undefined && !allowed.includes(allow)) {
        problems.push({
          at: "allow",
          expected: allow,
          came: answer.headers.allow ?? "nothing",
          contradicts,
        });
      }
      const type = mediaType(answer);
      if (type !== problemMediaType) {
        problems.push({
          at: "content-type",
          expected: problemMediaType,
          came: type || "nothing",
          contradicts,
        });
      }
      const parsed = lawfulProblem.safeParse(jsonObject(answer));
      if (!parsed.success) {
        const expected = issuesOf(parsed.error).map(
          ({ path, message }) => `${path || "the whole"}: ${message}`,
        );
        problems.push({ at: "body", expected: expected.join("; "), came: answer.body, contradicts });
      } else if (parsed.data.status !== error.status) {
        problems.push({
          at: "body.status",
          expected: String(error.status),
          came: String(parsed.data.status),
          contradicts,
        });
      }
      return problems;
    },
  };
}
