import { setTimeout as pause } from "node:timers/promises";
import { isAutoExtendError, type ListedIpAddress } from "@auto-extend/client";
import type { OpenClient } from "../account/open-client.js";
import type { OrderGroup } from "../account/order-groups.js";
import type { Context } from "../context.js";

/** An IP address that is not as it was asked for. */
export interface Unchanged {
  readonly orderId: string;
  readonly ipAddressId: string;
  readonly ip: string | null;
  /** What the list says of it now. */
  readonly autoExtend: boolean | null;
  readonly rentPeriodDays: number | null;
}

/** What the list of IP addresses says after a switch. */
export interface ReadBack {
  /** `unread`: the list could not be had, so that nothing but the provider's answer vouches for it. */
  readonly state: "verified" | "differs" | "unread";
  /** How many IP addresses were looked at. */
  readonly addresses: number;
  readonly unchanged: readonly Unchanged[];
  /** Orders that are not in the list. */
  readonly missing: readonly string[];
  /** Why the list could not be had; `null` where it was. */
  readonly reason: string | null;
}

/** How long a list is given to catch up with what was just switched, in milliseconds. */
const grace = 1_000;

/** Reads the state of orders back that were switched, and finds every IP address that is not as it was asked for. */
export async function readBack(
  context: Context,
  opened: OpenClient,
  { groups, autoExtend }: { groups: readonly OrderGroup[]; autoExtend: boolean },
): Promise<ReadBack> {
  try {
    const first = await compared(context, opened, { groups, autoExtend });
    if (first.state === "verified") return first;
    await pause(grace, undefined, context.io.signal ? { signal: context.io.signal } : {});
    return await compared(context, opened, { groups, autoExtend });
  } catch (error) {
    if (!isAutoExtendError(error)) throw error;
    return { state: "unread", addresses: 0, unchanged: [], missing: [], reason: error.message };
  }
}

async function compared(
  { io }: Context,
  { client }: OpenClient,
  { groups, autoExtend }: { groups: readonly OrderGroup[]; autoExtend: boolean },
): Promise<ReadBack> {
  const types = new Set(groups.map(({ proxyType }) => proxyType));
  const [only] = types;
  const { orders } = await client.listIpAddresses(types.size === 1 && only ? { proxyType: only } : {}, {
    signal: io.signal,
  });
  const known = new Map(orders.map((order) => [order.orderId, order.ipAddresses]));
  const unchanged: Unchanged[] = [];
  const missing: string[] = [];
  let addresses = 0;
  for (const { orderIds, rentPeriodDays } of groups) {
    for (const orderId of orderIds) {
      const listed = known.get(orderId);
      if (!listed) missing.push(orderId);
      for (const address of listed ?? []) {
        addresses += 1;
        if (!isAsAsked(address, { autoExtend, rentPeriodDays })) unchanged.push(differing(orderId, address));
      }
    }
  }
  const state = unchanged.length + missing.length > 0 ? "differs" : "verified";
  return { state, addresses, unchanged, missing, reason: null };
}

/** What is off has no next renewal, so its period says nothing. */
function isAsAsked(
  address: ListedIpAddress,
  asked: { readonly autoExtend: boolean; readonly rentPeriodDays: number },
): boolean {
  if (address.autoExtend !== asked.autoExtend) return false;
  return (
    !asked.autoExtend || address.rentPeriodDays === null || address.rentPeriodDays === asked.rentPeriodDays
  );
}

function differing(
  orderId: string,
  { ipAddressId, ip, autoExtend, rentPeriodDays }: ListedIpAddress,
): Unchanged {
  return { orderId, ipAddressId, ip, autoExtend, rentPeriodDays };
}
