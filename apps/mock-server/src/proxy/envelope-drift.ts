import { formatPath, type Issue } from "@auto-extend/core";
import type { z } from "zod/v3";
import type { Drift } from "../engine/log/request-log.js";
import type { Envelope } from "../engine/outcome.js";
import type { ServedOperation } from "../engine/route.js";
import { contradicting } from "./statements.js";

/**
 * How an envelope differs from what the contract says a server emits, the gravest first. What our client accepts all the
 * same is tolerated.
 */
export function envelopeDrift(operation: ServedOperation, sent: unknown, envelope: Envelope): Drift[] {
  const kind = envelope.success ? "success" : "failure";
  const emitted = operation.emits[kind].safeParse(envelope);
  const accepted = operation.accepts[kind].safeParse(envelope);
  const asked = typeof sent === "object" && sent !== null ? sent : {};
  const contradictions = accepted.success ? operation.check(asked, envelope, JSON.stringify) : [];
  return [
    ...(accepted.success ? [] : issuesOf(accepted.error)).map(differing("broken")),
    // Our client reads a failure for its error, and minds nothing else.
    ...contradictions.map((issue) => ({
      ...differing(issue.level === "accepts" ? "broken" : "tolerated")(issue),
      ...contradicting(operation, issue.statement ?? kind),
    })),
    ...(emitted.success ? [] : issuesOf(emitted.error)).map(differing("tolerated")),
  ];

  function differing(severity: Drift["severity"]): (issue: Issue) => Drift {
    return ({ path, message }) => ({
      direction: "answer",
      severity,
      path,
      message,
      ...contradicting(operation, kind),
    });
  }
}

/** The issues of a failed parse, one for each field that the contract does not know. */
function issuesOf({ issues }: z.ZodError): Issue[] {
  return issues.flatMap((issue): Issue[] =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({
          path: formatPath([...issue.path, key]),
          message: "is a field that the contract does not know",
        }))
      : [{ path: formatPath(issue.path), message: issue.message }],
  );
}
