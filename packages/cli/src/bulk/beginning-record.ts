import { z } from "zod/v3";
import type { Outcome } from "./outcomes.js";
import { type PlacedId, place, ranges, rangesOf } from "./places.js";

/**
 * That a chunk is about to be sent, as the ledger has it. Where no later line tells what became of it, it was under way
 * when the run broke off.
 */
export const beginningRecord = z.object({ at: z.string(), group: place, begun: ranges }).strict();

/** The beginning of one chunk in the ledger. */
export type BeginningRecord = z.infer<typeof beginningRecord>;

/** Writes down that order ids of a group are about to be sent. */
export function beginningOf(group: number, taken: readonly PlacedId[]): BeginningRecord {
  return { at: new Date().toISOString(), group, begun: rangesOf(taken) };
}

/** What is known of an order that was under way when the run broke off. */
export const brokenOff: Outcome = {
  name: "unknown",
  code: null,
  message: "The run broke off while it was under way.",
};
