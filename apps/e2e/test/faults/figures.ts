import { expect } from "vitest";
import type { FaultOutcome } from "../../scripts/docs/fault-outcomes.mjs";
import type { Met } from "./meet.js";

/** The smallest and the largest result of `Math.random`. */
export const chances = { least: 0, most: 1 - Number.EPSILON / 2 } as const;

/** An outcome as a test is called by it. */
export function named(outcome: FaultOutcome): [string, FaultOutcome] {
  const options = Object.entries(outcome.options).map(([name, value]) => `; ${name}=${value}`);
  return [`${outcome.preset}${options.join("")}`, outcome];
}

/** Whether the client gives an attempt up, which nobody waits for in real time. */
export function isEndless({ attempts }: FaultOutcome): boolean {
  return attempts.some(([, most]) => most >= 10_000);
}

/** Holds what a call ended with to the table. */
export function expectEnd({ ends, effect, applied, attempts }: Met, outcome: FaultOutcome): void {
  expect({ ends, effect, applied, attempts: attempts.length }).toEqual({
    ends: outcome.ends,
    effect: outcome.effect,
    applied: outcome.applied,
    attempts: outcome.attempts.length,
  });
}

/**
 * Holds the times of two calls to the table: one where chance was at its least, and one where it was at its most.
 *
 * @param slack how much longer an attempt may take than the table says, in milliseconds.
 */
export function expectFigures(
  { least, most }: Readonly<Record<keyof typeof chances, Met>>,
  outcome: FaultOutcome,
  slack: number,
): void {
  for (const { attempts, pauses } of [least, most]) {
    expect(attempts.map((took, index) => withinSpan(took, outcome.attempts[index], slack))).toEqual(
      outcome.attempts.map(() => "within"),
    );
    expect(pauses.map(({ by }) => by)).toEqual(outcome.pauses.map(({ by }) => by));
    expect(pauses.map(({ time }, index) => withinSpan(time, outcome.pauses[index]?.span, 0))).toEqual(
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

function withinSpan(time: number, span: readonly [number, number] = [0, 0], slack: number): string {
  const [least, most] = span;
  // Timers keep whole milliseconds, and may be one early: some answers take ten of them.
  const isWithin = time >= least - 10 && time <= most + slack + 1;
  return isWithin ? "within" : `${time} ms, not ${least} to ${most}`;
}
