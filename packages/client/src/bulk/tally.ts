import type { ListedIpAddress } from "@auto-extend/core";
import { AutoExtendError } from "../errors.js";
import type { ListIpAddressesResult } from "../types.js";
import type { BulkChunk, BulkReadBack } from "./events.js";

interface SentOrder {
  readonly orderId: string;
  readonly rentPeriodDays: number | null;
  readonly outcome: "changed" | "unconfirmed" | "unknown";
}

/** `unclear`: the list does not say. */
type Verdict = "confirmed" | "different" | "unclear";

/** Makes a tally. `keepsSent` holds the IDs of all sent orders in memory, for the read-back. */
export function createTally(keepsSent: boolean) {
  const counts = {
    ...{ given: 0, duplicates: 0, changed: 0, unconfirmed: 0, different: 0, refused: 0, unknown: 0 },
    ...{ notTried: 0, unsent: 0, assumedPeriod: 0, quantity: 0, chunks: 0, calls: 0 },
  };
  const sent: SentOrder[] = [];
  let result: BulkReadBack | null = null;

  function addChunk(chunk: BulkChunk): void {
    for (const [field, value] of Object.entries(chunk)) {
      if (field in counts) counts[field as keyof typeof counts] += countOf(value);
    }
    counts.chunks++;
    if (keepsSent) for (const outcome of ["changed", "unconfirmed", "unknown"] as const) keep(chunk, outcome);
  }

  function keep(chunk: BulkChunk, outcome: SentOrder["outcome"]): void {
    for (const order of chunk[outcome]) {
      const orderId = typeof order === "string" ? order : order.orderId;
      sent.push({ orderId, rentPeriodDays: chunk.rentPeriodDays, outcome });
    }
  }

  /** If sent orders were kept, reads the list of IP addresses, and corrects the counts by it. */
  async function readBack(
    autoExtend: boolean,
    readList: () => Promise<ListIpAddressesResult>,
  ): Promise<void> {
    if (sent.length === 0) return;
    const list = await readList().catch((error: unknown) => {
      if (error instanceof AutoExtendError) return { orders: [], isComplete: false, error };
      throw error;
    });
    const listed = new Map(list.orders.map(({ orderId, ipAddresses }) => [orderId, ipAddresses]));
    const ids = { confirmed: new Set<string>(), different: new Set<string>(), unclear: new Set<string>() };
    for (const { orderId, rentPeriodDays, outcome } of sent) {
      const addresses = listed.get(orderId) ?? [];
      const states = addresses.map((each) => isAsRequested(each, autoExtend, rentPeriodDays));
      const verdict = verdictOf(states, list.isComplete);
      ids[verdict].add(orderId);
      counts[outcome]--;
      counts[countAfter(verdict, outcome)]++;
    }
    const error = "error" in list ? list.error : null;
    result = {
      confirmed: ids.confirmed.size,
      different: [...ids.different],
      unclear: [...ids.unclear],
      error,
    };
  }

  /** After an unforeseen error, the orders of calls under way are unknown: all that are in no other count. */
  function summary() {
    const { given, duplicates, changed, unconfirmed, different, refused, notTried, unsent } = counts;
    const known = duplicates + changed + unconfirmed + different + refused + notTried + unsent;
    return { ...counts, unknown: given - known, readBack: result };
  }

  return { addChunk, readBack, counts: summary };
}

function countOf(value: unknown): number {
  return Array.isArray(value) ? value.length : Number(value);
}

function countAfter(verdict: Verdict, outcome: SentOrder["outcome"]): SentOrder["outcome"] | "different" {
  if (verdict === "confirmed") return "changed";
  // An unknown call may still be carried out after the list was read.
  return verdict === "different" && outcome !== "unknown" ? "different" : outcome;
}

/** A list that is not whole may lack some of the order's IP addresses. */
function verdictOf(states: readonly (boolean | null)[], isComplete: boolean): Verdict {
  if (states.includes(false)) return "different";
  return isComplete && states.length > 0 && !states.includes(null) ? "confirmed" : "unclear";
}

/** `null` if the list does not say. The rental period matters only if auto-extend is on. */
function isAsRequested(
  address: ListedIpAddress,
  autoExtend: boolean,
  rentPeriodDays: number | null,
): boolean | null {
  if (address.autoExtend === null) return null;
  if (address.autoExtend !== autoExtend) return false;
  return !autoExtend || address.rentPeriodDays === null || address.rentPeriodDays === rentPeriodDays;
}
