import { formatIssues, type Issue, issuesOf, type Operation } from "@auto-extend/core";
import type { Envelope } from "./outcome.js";

/**
 * Holds an answer of the mock to the contract before it leaves.
 *
 * @throws DriftError where it would break the contract: that is a mistake of the mock's, and must not pass for the
 * provider's behaviour.
 */
export function assertEmitted(operation: Operation, sent: unknown, envelope: Envelope): void {
  const schema = envelope.success ? operation.emits.success : operation.emits.failure;
  const parsed = schema.safeParse(envelope);
  const issues = parsed.success
    ? operation.check(sent ?? {}, envelope, JSON.stringify)
    : issuesOf(parsed.error);
  if (issues.length > 0) throw new DriftError(issues);
}

/** An answer of the mock's that would break the contract. */
class DriftError extends Error {
  override readonly name = "DriftError";

  constructor(issues: readonly Issue[]) {
    super(
      `The mock's own answer breaks the contract, which is a mistake of the mock: ${formatIssues(issues)}`,
    );
  }
}
