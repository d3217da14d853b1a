import { describeErrorCode } from "@auto-extend/core";
import { z } from "zod/v3";
import type { Refused } from "../outcome.js";
import { answer, checked, cut, delay, given, http, limit } from "./primitives.js";

/** What goes wrong with a request, on purpose: up to six primitives, which combine. */
export type Fault = z.infer<typeof faultSchema>;

/** The schema of a {@link Fault}. What would do nothing is refused: whoever asks for it means something else. */
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

/** A fault that can't be had, for people: what, why, and what to do. */
export class FaultError extends Error {
  override readonly name = "FaultError";
}

/** By the name of the fault, where each primitive is taken from. */
export type Origin = Readonly<Partial<Record<keyof Fault, string>>>;

/**
 * Puts faults together: each primitive is taken from the first that has it.
 *
 * @returns a frozen value that shares nothing with what it is made of.
 */
export function combined(faults: readonly Fault[]): Fault {
  const fault: Partial<Record<keyof Fault, unknown>> = {};
  for (const each of faults) for (const name of given(each)) fault[name] ??= each[name];
  return deepFrozen(structuredClone(fault) as Fault);
}

/** Whether a request with this fault is carried out. */
export function isApplied({ applied, answer: wanted, lose, http: page }: Fault): boolean {
  // What is lost is lost before, or after: whatever else goes wrong does not change that.
  if (lose) return lose === "applied";
  return applied ?? (wanted?.code === undefined && (page?.status ?? 200) < 300);
}

/** The refusal that a fault asks for in place of what the rules would say; `null` where it asks for none. */
export function forcedRefusal({
  fault: { answer: wanted },
  origin,
}: {
  readonly fault: Fault;
  readonly origin: Origin;
}): Refused | null {
  if (wanted?.code === undefined) return null;
  const message = wanted.message ?? messageOf(wanted.code);
  return {
    broken: { id: `fault/${origin.answer}`, code: wanted.code, message },
    why: "a fault was asked for that refuses the request",
    satisfied: 0,
  };
}

function messageOf(code: number): string {
  const about = describeErrorCode(code);
  return about.known ? about.message.text : `Error ${code}`;
}

function deepFrozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) deepFrozen(part);
    Object.freeze(value);
  }
  return value;
}
