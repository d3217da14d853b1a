import { type Issue, issuesOf, type Operation } from "@auto-extend/core";

/** How an answer that our client accepts differs from what the contract says a server emits, for people. */
export function driftOf(operation: Operation, answer: unknown): string[] {
  const parsed = operation.emits.success.safeParse(answer);
  const issues: readonly Issue[] = parsed.success ? [] : issuesOf(parsed.error);
  return issues.map(({ path, message }) => `${operation.id}: ${path ? `${path} ` : ""}${message}`);
}
