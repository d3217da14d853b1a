import { z } from "zod/v3";
import { answer, checked, cut, delay, given, http, limit } from "./primitives.js";

/** A deliberate failure: up to six primitives, which combine. */
export type Fault = z.infer<typeof faultSchema>;

/** The schema of a {@link Fault}. It refuses a fault that would do nothing: whoever asks for it means something else. */
export const faultSchema = checked(
  z
    .object({
      answer: answer.optional(),
      delay: delay.optional(),
      http: http.optional(),
      cut: cut.optional(),
      lose: z
        .enum(["applied", "not-applied"])
        .optional()
        .describe(
          "Loses the answer after the request was carried out, or the request before: alike to whoever waits. The connection is closed, unless `cut` says otherwise.",
        ),
      limit: limit.optional(),
      applied: z
        .boolean()
        .optional()
        .describe(
          "Whether the request is carried out all the same; where left out, it is unless it is refused, lost or answered with a status from 300 on.",
        ),
    })
    .strict(),
  (fault) => {
    const { lose, applied } = fault;
    if (given(fault).length === 0) {
      return [
        ["", "must have something that goes wrong: give answer, delay, http, cut, lose, limit or applied"],
      ];
    }
    return lose !== undefined && applied !== undefined && applied !== (lose === "applied")
      ? [["applied", `can't be ${applied} with lose ${lose}, which says the opposite: leave one of them out`]]
      : [];
  },
);

/** A fault that cannot be injected. The message says why, and what to do. */
export class FaultError extends Error {
  override readonly name = "FaultError";
}

/** A fault that would change nothing about the answer of an operation. */
export class FaultNotApplicableError extends Error {
  override readonly name = "FaultNotApplicableError";
}

/** Merges faults: each primitive is taken from the first fault that has it. The result is frozen. */
export function mergeFaults(faults: readonly Fault[]): Fault {
  const fault: Partial<Record<keyof Fault, unknown>> = {};
  for (const each of faults) for (const name of given(each)) fault[name] ??= each[name];
  return Object.freeze(fault as Fault);
}

/** Whether a request with this fault is carried out. */
export function isApplied({ applied, answer: wanted, lose, http: page }: Fault): boolean {
  // A lost request or answer stays lost, whatever else goes wrong.
  if (lose) return lose === "applied";
  return applied ?? (wanted?.code === undefined && (page?.status ?? 200) < 300);
}

/** Freezes a value with all its parts. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
