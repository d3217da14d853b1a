import { type BeginningRecord, brokenOff } from "./beginning-record.js";
import { applyRecord, type ChunkRecord } from "./chunk-record.js";
import type { InputGroup } from "./input.js";
import type { LedgerRecord } from "./ledger.js";
import { type Counts, createOutcomes, createReasons, type Outcomes, sumOfCounts } from "./outcomes.js";
import { areWithin, placesIn } from "./places.js";

/** What is known of all order ids of a run, from an earlier part of it or this one. */
export interface RunState {
  /** The outcomes of each group. */
  readonly outcomes: readonly Outcomes[];
  /** How many IP addresses the provider says were switched. */
  readonly quantity: number;
  readonly calls: number;
  /** Takes a record; answers whether it makes sense, and leaves everything as it was where it doesn't. */
  take(record: LedgerRecord): boolean;
  /** Makes unknown what was begun and not heard of again: whoever began it is gone. */
  breakOff(): void;
  /** How many order ids are to be sent again. */
  open(): number;
  /** The counts of all groups together. */
  counts(): Counts;
}

/** Begins a state in which nothing is known. */
export function createRunState(groups: readonly Pick<InputGroup, "count">[]): RunState {
  const reasons = createReasons();
  const outcomes = groups.map(({ count }) => createOutcomes(count, reasons));
  /** The places of each group that were begun, and of which nothing was heard yet. */
  const underWay = groups.map(() => new Set<number>());
  const sums = { quantity: 0, calls: 0 };

  function begin({ group, begun }: BeginningRecord): boolean {
    const [ofGroup, open] = [outcomes[group], underWay[group]];
    if (!ofGroup || !open || !areWithin(begun, ofGroup.count)) return false;
    for (const place of placesIn(begun)) {
      // Begun twice: the run that did so first broke off.
      if (open.has(place)) ofGroup.set(place, brokenOff);
      open.add(place);
    }
    return true;
  }

  function settle(record: ChunkRecord): boolean {
    const ofGroup = outcomes[record.group];
    if (!ofGroup || !applyRecord(record, ofGroup)) return false;
    for (const place of placesIn(record.places)) underWay[record.group]?.delete(place);
    sums.quantity += record.quantity;
    sums.calls += record.calls;
    return true;
  }

  return {
    outcomes,
    get quantity() {
      return sums.quantity;
    },
    get calls() {
      return sums.calls;
    },
    take: (record) => ("begun" in record ? begin(record) : settle(record)),
    breakOff() {
      for (const [group, open] of underWay.entries()) {
        for (const place of open) outcomes[group]?.set(place, brokenOff);
        open.clear();
      }
    },
    open: () => outcomes.reduce((sum, ofGroup) => sum + ofGroup.open(), 0),
    counts: () => sumOfCounts(outcomes.map((ofGroup) => ofGroup.counts())),
  };
}
