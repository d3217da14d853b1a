import { expect } from "vitest";
import type { FaultOutcome } from "../../scripts/docs/fault-outcomes.mjs";
import type { Met } from "./meet.js";

/** The smallest and the largest result of `Math.random`. */
export const chances = { least: 0, most: 1 - Number.EPSILON / 2 } as const;

export function named(outcome: FaultOutcome): [string, FaultOutcome] {
  const options = Object.entries(outcome.options).map(([name, value]) => `; ${name}=${value}`);
  return [`${outcome.preset}${options.join("")}`, outcome];
}

/** Whether the client gives an attempt up, which nobody waits for in real time. */
export function isEndless({ attempts }: FaultOutcome): boolean {
  return attempts.some(([, most]) => most >= 10_000);
}

export function expectEnd({ ends, effect, applied, attempts }: Met, outcome: FaultOutcome): void {
  expect({ ends, effect, applied, attempts: attempts.length }).toEqual({
    ends: outcome.ends,
    effect: outcome.effect,
    applied: outcome.applied,
    attempts: outcome.attempts.length,
  });
}

/** Holds the pauses of two calls to the table: one where chance was at its least, and one where it was at its most. */
export function expectPauses(
  { least, most }: Readonly<Record<keyof typeof chances, Met>>,
  outcome: FaultOutcome,
): void {
  for (const { pauses } of [least, most]) {
    expect(pauses.map(({ by }) => by)).toEqual(outcome.pauses.map(({ by }) => by));
    expect(pauses.map(({ time }, index) => withinSpan(time, outcome.pauses[index]?.span))).toEqual(
      outcome.pauses.map(() => "within"),
    );
  }
  for (const [index, { by, span }] of outcome.pauses.entries()) {
    if (by !== "chance") continue;
    // What the table says is not just wide enough: it is reached.
    expect(least.pauses[index]?.time).toBeCloseTo(span[0], 3);
    expect(most.pauses[index]?.time).toBeCloseTo(span[1], 3);
  }
}

export function expectAttempts({ attempts }: Met, outcome: FaultOutcome): void {
  expect(attempts.map((took, index) => withinSpan(took, outcome.attempts[index]))).toEqual(
    outcome.attempts.map(() => "within"),
  );
}

function withinSpan(time: number, [least, most]: readonly [number, number] = [0, 0]): string {
  // Timers keep whole milliseconds, and may be one early: some answers take ten of them.
  const isWithin = time >= least - 10 && time <= most + 1;
  return isWithin ? "within" : `${time} ms, not ${least} to ${most}`;
}
