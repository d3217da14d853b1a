import { issuesOf } from "@auto-extend/core";
import { unknownFields } from "../engine/decision.js";
import type { Drift } from "../engine/log/request-log.js";
import type { EngineProblem } from "../engine/problem.js";
import type { ServedOperation } from "../engine/route.js";
import { contradicting, ruleAt } from "./statements.js";

/** How the body of a request differs from what the contract says is sent. */
export function requestDrift(operation: ServedOperation, sent: unknown): Drift[] {
  const parsed = operation.request.safeParse(sent);
  const broken = parsed.success ? [] : issuesOf(parsed.error);
  return [
    ...broken.map(({ path, message }): Drift => {
      const rule = ruleAt(operation, path);
      const statement = rule ? { statement: rule.id } : contradicting(operation, "malformed-fields");
      return { direction: "request", severity: "broken", path, message, ...statement };
    }),
    ...unknownFields(operation, sent).map(
      (name): Drift => ({
        direction: "request",
        severity: "tolerated",
        path: "",
        message: `${name} is a field that the contract does not know`,
        ...contradicting(operation, "unknown-fields"),
      }),
    ),
  ];
}

/** What is wrong with a request that does not even get to the rules. */
export function problemDrift({ error, remark }: EngineProblem): Drift {
  return {
    direction: "request",
    severity: "broken",
    path: "",
    message: remark ? `${error.detail} (${remark})` : error.detail,
    statement: error.id,
  };
}
