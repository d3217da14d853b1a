import type { BulkChunk, BulkSummary } from "./events.js";
import type { ReadBack, SentOrder, Verdict } from "./read-back.js";

/** The counts of a run. */
export type Counts = Omit<BulkSummary, "exhausted" | "stopped" | "error">;

/** Counts the outcomes of a run. */
export interface Tally {
  addChunk(chunk: BulkChunk): void;
  /** Moves orders to where the list of IP addresses shows that they belong. */
  addReadBack(readBack: ReadBack): void;
  counts(): Counts;
  /** The orders to read back; empty unless the tally keeps them. */
  readonly sent: readonly SentOrder[];
}

/** Makes a tally. `keepsSent` holds the ids of all sent orders in memory. */
export function createTally(keepsSent: boolean): Tally {
  const counts = {
    ...{ given: 0, duplicates: 0, changed: 0, unconfirmed: 0, different: 0, refused: 0, unknown: 0 },
    ...{ notTried: 0, unsent: 0, assumedPeriod: 0, quantity: 0, chunks: 0, calls: 0 },
  };
  const sent: SentOrder[] = [];
  let readBackResult: Counts["readBack"] = null;

  function addChunk(chunk: BulkChunk): void {
    const before = counts.duplicates;
    counts.duplicates += chunk.duplicates;
    let recorded = counts.duplicates - before;
    for (const list of ["changed", "unconfirmed", "refused", "unknown", "notTried", "unsent"] as const) {
      counts[list] += chunk[list].length;
      recorded += chunk[list].length;
    }
    counts.given += chunk.given;
    // Whatever was under way when something unforeseen was thrown is unknown.
    counts.unknown += chunk.given - recorded;
    counts.assumedPeriod += chunk.assumedPeriod.length;
    counts.quantity += chunk.quantity;
    counts.chunks++;
    counts.calls += chunk.calls;
    if (keepsSent) sent.push(...sentOrders(chunk));
  }

  function addReadBack({ verdicts, error }: ReadBack): void {
    const idsOf = (verdict: Verdict) =>
      [...verdicts].filter(([, each]) => each === verdict).map(([id]) => id);
    const [different, unclear] = [idsOf("different"), idsOf("unclear")];
    const confirmed = verdicts.size - different.length - unclear.length;
    readBackResult = { confirmed, different, unclear, error };
    for (const { orderId, outcome } of sent) {
      const moved = movedTo[verdicts.get(orderId) ?? "unclear"](outcome);
      counts[outcome]--;
      counts[moved]++;
    }
  }

  return { addChunk, addReadBack, counts: () => ({ ...counts, readBack: readBackResult }), sent };
}

/** Where an order belongs after the read-back. */
const movedTo = {
  confirmed: () => "changed",
  // An unknown call may still be carried out after the list was read.
  different: (outcome) => (outcome === "unknown" ? outcome : "different"),
  unclear: (outcome) => outcome,
} as const satisfies Record<Verdict, (outcome: SentOrder["outcome"]) => SentOrder["outcome"] | "different">;

function sentOrders({ changed, unconfirmed, unknown, rentPeriodDays }: BulkChunk): SentOrder[] {
  return [
    ...changed.map((orderId): SentOrder => ({ orderId, rentPeriodDays, outcome: "changed" })),
    ...unconfirmed.map(({ orderId }): SentOrder => ({ orderId, rentPeriodDays, outcome: "unconfirmed" })),
    ...unknown.map(({ orderId }): SentOrder => ({ orderId, rentPeriodDays, outcome: "unknown" })),
  ];
}
