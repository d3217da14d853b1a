import { setTimeout as pause } from "node:timers/promises";
import { isApiError, isAutoExtendError, isHttpError, type ListedIpAddress } from "@auto-extend/client";
import type { OpenClient } from "../account/open-client.js";
import type { OrderGroup } from "../account/order-groups.js";
import { gapOf } from "../account/read-orders.js";
import type { Context } from "../context.js";

/** An IP address that is not as it was asked for. */
export interface Unchanged {
  /** `null` where the provider named an IP address that is in no order of the list. */
  readonly orderId: string | null;
  readonly ipAddressId: string;
  readonly ip: string | null;
  /** What the list says of it now; `null` where it says nothing, or the IP address is not in it. */
  readonly autoExtend: boolean | null;
  readonly rentPeriodDays: number | null;
}

/** What the list of IP addresses says after a switch. */
export interface ReadBack {
  /** `unread`: the list could not be read, or is incomplete, so only the provider's answer vouches for the switch. */
  readonly state: "verified" | "differs" | "unread";
  /** How many IP addresses were looked at. */
  readonly addresses: number;
  readonly unchanged: readonly Unchanged[];
  /** Orders that are not in the list. */
  readonly missing: readonly string[];
  /** Why the list settles nothing; `null` if it does. */
  readonly reason: string | null;
}

/** How long a list is given to catch up with what was just switched, in milliseconds. */
const grace = 1_000;

/** What was switched, as far as it is known beforehand. */
interface Expected {
  readonly groups: readonly OrderGroup[];
  readonly autoExtend: boolean;
  /** The ids of IP addresses that the provider says it switched. */
  readonly answered: readonly string[];
}

/** Reads the state of orders back that were switched, and finds every IP address that is not as it was asked for. */
export async function readBack(context: Context, opened: OpenClient, expected: Expected): Promise<ReadBack> {
  try {
    const first = await compared(context, opened, expected);
    if (first.state === "verified") return first;
    await pause(grace, undefined, context.io.signal ? { signal: context.io.signal } : {});
    return await compared(context, opened, expected);
  } catch (error) {
    if (!isAutoExtendError(error)) throw error;
    // The error's own words are about the list, and would seem to be about the switch.
    const why = isHttpError(error)
      ? `HTTP ${error.status}`
      : isApiError(error)
        ? `error ${error.code}`
        : error.name;
    const reason = `The list of IP addresses can't be had (${why}).`;
    return skippedReadBack(reason);
  }
}

/** The result if nothing was read. */
export function skippedReadBack(reason: string): ReadBack {
  return { state: "unread", addresses: 0, unchanged: [], missing: [], reason };
}

async function compared(
  { io }: Context,
  { client }: OpenClient,
  { groups, autoExtend, answered }: Expected,
): Promise<ReadBack> {
  const types = new Set(groups.map(({ proxyType }) => proxyType));
  const [only] = types;
  const list = await client.listIpAddresses(types.size === 1 && only ? { proxyType: only } : {}, {
    signal: io.signal,
  });
  const known = new Map(list.orders.map((order) => [order.orderId, order.ipAddresses]));
  const gap = gapOf(list);
  const unchanged: Unchanged[] = [];
  const lost: Unchanged[] = [];
  const missing: string[] = [];
  const seen = new Set<string>();
  for (const { orderIds, rentPeriodDays, listed } of groups) {
    for (const orderId of orderIds) {
      const now = known.get(orderId);
      if (!now) missing.push(orderId);
      for (const address of now ?? []) {
        seen.add(address.ipAddressId);
        if (!isAsAsked(address, { autoExtend, rentPeriodDays })) unchanged.push(differing(orderId, address));
      }
      // One that was there before, and is not now, can't be vouched for.
      if (now) lost.push(...lostOf(orderId, listed?.get(orderId) ?? [], seen));
    }
  }
  const unlike = new Set([...unchanged, ...lost].map(({ ipAddressId }) => ipAddressId));
  for (const ipAddressId of answered) {
    if (!seen.has(ipAddressId) && !unlike.has(ipAddressId) && missing.length === 0) {
      lost.push({ orderId: null, ipAddressId, ip: null, autoExtend: null, rentPeriodDays: null });
    }
  }
  const isCovered = answered.length > 0 || groups.every(({ listed }) => listed !== null);
  return verdict({ unchanged, lost, missing, addresses: seen.size, gap, isCovered });
}

interface Found {
  readonly unchanged: readonly Unchanged[];
  readonly lost: readonly Unchanged[];
  readonly missing: string[];
  readonly addresses: number;
  readonly gap: string | null;
  /** Whether every IP address that must be in the list is known. */
  readonly isCovered: boolean;
}

/** An incomplete list says nothing about what it lacks. */
function verdict({ unchanged, lost, missing, addresses, gap, isCovered }: Found): ReadBack {
  const absent = lost.length + missing.length;
  const found = { addresses, unchanged: gap === null ? [...unchanged, ...lost] : [...unchanged], missing };
  if (unchanged.length > 0 || (gap === null && absent > 0)) {
    return { ...found, state: "differs", reason: null };
  }
  if (gap === null || (absent === 0 && isCovered)) return { ...found, state: "verified", reason: null };
  return { ...found, state: "unread", reason: gap };
}

function lostOf(orderId: string, before: readonly ListedIpAddress[], seen: ReadonlySet<string>): Unchanged[] {
  return before
    .filter(({ ipAddressId }) => !seen.has(ipAddressId))
    .map(({ ipAddressId, ip }) => ({ orderId, ipAddressId, ip, autoExtend: null, rentPeriodDays: null }));
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
