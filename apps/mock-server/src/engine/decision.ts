import type { Plan } from "./faults/plan.js";
import type { Outcome } from "./outcome.js";
import { quoted } from "./quoted.js";
import type { ServedOperation } from "./route.js";

/** What was decided of a request, and why. */
export interface Decision {
  /**
   * `done`: it was carried out. `refused`: a rule of the provider's was broken. `problem`: it never got that far.
   * `faulted`: a fault kept it from being carried out. `passed-on`: a server behind this one decided.
   */
  readonly outcome: "done" | "refused" | "problem" | "faulted" | "passed-on";
  /** The id of the rule, transport error or fault that decided; `null` for what was carried out. */
  readonly statement: string | null;
  /** The error code of a refusal; `null` for the rest. */
  readonly code: number | null;
  /** The reason, for people. */
  readonly why: string;
  /** Fields that were sent, but that the contract does not know: they were ignored. */
  readonly ignored: readonly string[];
}

/** What was decided, for the log. */
export function decided(
  outcome: Outcome,
  { plan, applies, ignored }: { plan: Plan | null; applies: boolean; ignored: readonly string[] },
): Decision {
  if (outcome.broken) {
    const { id, code } = outcome.broken;
    return { outcome: "refused", statement: id, code, why: outcome.why, ignored };
  }
  if (applies) return { outcome: "done", statement: null, code: null, why: outcome.why, ignored };
  const why = plan?.isOver
    ? "the request was over the limit"
    : "the fault kept the request from being carried out";
  return { outcome: "faulted", statement: statementOf(plan), code: null, why, ignored };
}

/** What the provider's envelope has no room for, on one line. */
export function explanation({ statement, why, ignored }: Decision, plan: Plan | null): string {
  const rest = ignored.length > 0 ? `; ignored fields: ${ignored.join(", ")}` : "";
  const faults = plan ? `; faults: ${plan.asked.map(({ name, by }) => `${name} (by ${by})`).join(", ")}` : "";
  return `${statement ? `${statement}: ` : ""}${why}${rest}${faults}`;
}

/** How many unknown fields are named: the first few tell what is wrong. */
const mostIgnored = 10;

/** The fields of a body that the contract does not know, the first few of them, quoted. */
export function unknownFields(operation: ServedOperation, sent: unknown): string[] {
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) return [];
  const unknown = Object.keys(sent).filter((field) => !Object.hasOwn(operation.request.shape, field));
  return unknown.slice(0, mostIgnored).map(quoted);
}

function statementOf(plan: Plan | null): string {
  return `fault/${plan?.asked[0]?.name ?? ""}`;
}
