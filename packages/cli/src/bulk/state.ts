import { applyRecord, type ChunkRecord } from "./chunk-record.js";
import type { InputGroup } from "./input.js";
import { type Counts, createOutcomes, createReasons, type Outcomes, sumOfCounts } from "./outcomes.js";

/** What is known of all order ids of a run, from an earlier part of it or this one. */
export interface RunState {
  /** The outcomes of each group. */
  readonly outcomes: readonly Outcomes[];
  /** How many IP addresses the provider says were switched. */
  readonly quantity: number;
  readonly calls: number;
  /** Takes a record; answers whether it makes sense, and leaves everything as it was where it doesn't. */
  take(record: ChunkRecord): boolean;
  /** The counts of all groups together. */
  counts(): Counts;
}

/** Begins a state in which nothing is known. */
export function createRunState(groups: readonly Pick<InputGroup, "count">[]): RunState {
  const reasons = createReasons();
  const outcomes = groups.map(({ count }) => createOutcomes(count, reasons));
  const sums = { quantity: 0, calls: 0 };
  return {
    outcomes,
    get quantity() {
      return sums.quantity;
    },
    get calls() {
      return sums.calls;
    },
    take(record) {
      const ofGroup = outcomes[record.group];
      if (!ofGroup || !applyRecord(record, ofGroup)) return false;
      sums.quantity += record.quantity;
      sums.calls += record.calls;
      return true;
    },
    counts: () => sumOfCounts(outcomes.map((ofGroup) => ofGroup.counts())),
  };
}
