import { quoteShort } from "../lib/text.js";
import { isApplied } from "./faults/fault.js";
import type { Plan } from "./faults/plan.js";
import type { Outcome, Refused } from "./outcome.js";
import type { ServedOperation } from "./route.js";

/** What was decided of a request, and why. */
export interface Decision {
  /**
   * `done`: it was carried out. `refused`: a rule of the provider's was broken. `problem`: it never got that far.
   * `faulted`: a fault kept it from being carried out. `passed-on`: a server behind this one decided.
   */
  readonly outcome: "done" | "refused" | "problem" | "faulted" | "forwarded";
  /** The id of the rule, transport error or fault that decided; `null` for what was carried out. */
  readonly statement: string | null;
  /** The error code of a refusal; `null` for the rest. */
  readonly code: number | null;
  /** The reason, for people. */
  readonly why: string;
  /** How many of the operation's rules were tried, one after the other, and kept. */
  readonly satisfied: number;
  /** Fields that were sent, but that the contract does not know: they were ignored. */
  readonly ignored: readonly string[];
}

/** What there is to decide by. */
interface Deciding {
  /** What the rules came to; `null` where they were not asked. */
  readonly rules: Outcome | null;
  /** The refusal that a fault asks for; `null` where none does. */
  readonly forced: Refused | null;
  readonly plan: Plan | null;
  /** Fields that were ignored. */
  readonly ignored: readonly string[];
}

/** What was decided, for the log. */
export function decided({ rules, forced, plan, ignored }: Deciding): Decision {
  const kept = rules?.satisfied ?? 0;
  if (plan && preventsExecution(plan) && (plan.isRateLimited || !forced)) {
    const what = plan.isRateLimited
      ? "the request was over the limit"
      : "a fault kept the request from being carried out";
    const instead = rules?.broken ? `; it would have been refused by ${rules.broken.id}: ${rules.why}` : "";
    return {
      outcome: "faulted",
      statement: causeOf(plan),
      code: null,
      why: what + instead,
      satisfied: kept,
      ignored,
    };
  }
  const outcome = rules ?? forced;
  if (outcome?.broken) {
    const { id, code } = outcome.broken;
    return { outcome: "refused", statement: id, code, why: outcome.why, satisfied: kept, ignored };
  }
  const all = forced ? `; a fault answers with error ${forced.broken.code} all the same` : "";
  return {
    outcome: "done",
    statement: null,
    code: null,
    why: `${outcome?.why}${all}`,
    satisfied: kept,
    ignored,
  };
}

/** Whether a plan keeps a request from being carried out. */
export function preventsExecution(plan: Plan): boolean {
  return plan.isRateLimited || !isApplied(plan.fault);
}

/** The fault of a plan that keeps a request from being carried out. */
export function causeOf({ isRateLimited: isOver, origin, fault }: Plan): string {
  const isUnwell = (fault.http?.status ?? 200) >= 300;
  const name = isOver
    ? origin.limit
    : (origin.lose ?? origin.applied ?? (isUnwell ? origin.http : origin.answer));
  return `fault/${name}`;
}

/** What the provider's envelope has no room for, on one line. */
export function explanation({ statement, why, ignored }: Decision, plan: Plan | null): string {
  const rest = ignored.length > 0 ? `; ignored fields: ${ignored.join(", ")}` : "";
  const faults = plan
    ? `; faults: ${plan.triggers.map(({ name, by }) => `${name} (by ${by})`).join(", ")}`
    : "";
  return `${statement ? `${statement}: ` : ""}${why}${rest}${faults}`;
}

/** How many unknown fields are named: the first few tell what is wrong. */
const mostIgnored = 10;

/** The fields of a body that the contract does not know, the first few of them, quoted. */
export function unknownFields(operation: ServedOperation, sent: unknown): string[] {
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) return [];
  const unknown = Object.keys(sent).filter((field) => !Object.hasOwn(operation.request.shape, field));
  return unknown.slice(0, mostIgnored).map(quoteShort);
}
