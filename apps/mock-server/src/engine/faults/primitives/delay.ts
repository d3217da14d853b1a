import { z } from "zod/v3";
import { checked, givenOf } from "../check.js";
import { milliseconds } from "./milliseconds.js";

/** Answers late. */
export const delay = checked(
  z
    .object({
      ms: milliseconds.optional().describe("How long the answer is held back, in milliseconds."),
      jitter: milliseconds.optional().describe("How much longer or shorter that may be, in milliseconds."),
      p50: milliseconds.optional().describe("In place of `ms`: half of the answers take no longer."),
      p95: milliseconds.optional().describe("95 of 100 answers take no longer; `p50` where left out."),
      p99: milliseconds.optional().describe("99 of 100 answers take no longer; `p95` where left out."),
      seed: z
        .number()
        .int()
        .optional()
        .describe("What it is drawn by, for each API key apart, so that it comes again; 1 where left out."),
    })
    .strict()
    .describe("Answers late."),
  (value) => {
    const { jitter, p50, p95 = p50, p99, seed: drawnBy } = value;
    const simple = givenOf(value, ["ms", "jitter"]);
    const others = givenOf(value, ["p95", "p99"]);
    if (p50 === undefined) {
      if (others.length > 0) {
        return [
          ["p50", `is missing: give what half of the answers stay within, before ${others.join(" and ")}`],
        ];
      }
      if (simple.length === 0) return [["", "must say how long: give ms, or p50"]];
      return drawnBy !== undefined && jitter === undefined
        ? [
            [
              "seed",
              "does nothing without jitter or p50, for nothing is drawn: give one of them, or leave it out",
            ],
          ]
        : [];
    }
    const wrong: [string, string][] = [];
    if (simple.length > 0) {
      wrong.push([
        "p50",
        `says how long in another way than ${simple.join(" and ")}: leave out one or the other`,
      ]);
    }
    if (p95 !== undefined && p95 < p50) wrong.push(["p95", `must be at least p50, which is ${p50}`]);
    if (p95 !== undefined && p99 !== undefined && p99 < Math.max(p50, p95)) {
      wrong.push(["p99", `must be at least ${p95 > p50 ? `p95, which is ${p95}` : `p50, which is ${p50}`}`]);
    }
    return wrong;
  },
);

/**
 * How long an answer is held back, in milliseconds.
 *
 * @param draw draws a number from 0 up to, but without, 1, where there is something to draw.
 */
export function delayOf(wanted: z.output<typeof delay> | undefined, draw: () => number): number {
  if (!wanted) return 0;
  const { ms = 0, jitter = 0, p50, p95 = p50, p99 = p95 } = wanted;
  if (p50 === undefined) return Math.max(0, jitter === 0 ? ms : ms + (draw() * 2 - 1) * jitter);
  return percentile(draw() * 100, [
    [0, p50 / 2],
    [50, p50],
    [95, p95 ?? p50],
    [99, p99 ?? p50],
    // Some are slower still, as they are.
    [100, (p99 ?? p50) * 1.5],
  ]);
}

/** Reads a value off the line through points of growing rank. */
function percentile(rank: number, points: readonly (readonly [number, number])[]): number {
  const next = points.findIndex(([place]) => place >= rank);
  const [toRank, to] = points[Math.max(next, 1)] ?? [100, 0];
  const [fromRank, from] = points[Math.max(next, 1) - 1] ?? [0, 0];
  return from + ((to - from) * (rank - fromRank)) / (toRank - fromRank);
}
