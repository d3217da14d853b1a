import type { ListedIpAddress } from "@auto-extend/core";
import { AutoExtendError } from "../errors.js";
import type { ListIpAddressesResult } from "../types.js";

/** An order that was sent. */
export interface SentOrder {
  readonly orderId: string;
  readonly rentPeriodDays: number | null;
  readonly outcome: "changed" | "unconfirmed" | "unknown";
}

/** `unclear`: the list does not say. */
export type Verdict = "confirmed" | "different" | "unclear";

/** The verdict on each order. If the list could not be read, all are unclear. */
export interface ReadBack {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly error: AutoExtendError | null;
}

/** Reads the list of IP addresses, and compares the orders that were sent with it. */
export async function readBack(
  sent: readonly SentOrder[],
  autoExtend: boolean,
  readList: () => Promise<ListIpAddressesResult>,
): Promise<ReadBack> {
  const list = await readList().catch((error: unknown) => {
    if (error instanceof AutoExtendError) return error;
    throw error;
  });
  const error = list instanceof AutoExtendError ? list : null;
  const { orders, isComplete } = list instanceof AutoExtendError ? { orders: [], isComplete: false } : list;
  const listed = new Map(orders.map(({ orderId, ipAddresses }) => [orderId, ipAddresses]));
  const verdicts = new Map(
    sent.map(({ orderId, rentPeriodDays }) => {
      const states = (listed.get(orderId) ?? []).map((each) =>
        isAsRequested(each, autoExtend, rentPeriodDays),
      );
      return [orderId, verdictOf(states, isComplete)];
    }),
  );
  return { verdicts, error };
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
