/** The account's orders, read from its list of IP addresses. */
import {
  type AutoExtendError,
  isApiError,
  isAutoExtendError,
  isContractError,
  isHttpError,
  type ListedOrder,
  type ListIpAddressesResult,
} from "@auto-extend/client";
import type { ProxyType } from "@auto-extend/core";
import type { OpenClient } from "../app/connection.js";
import type { Context } from "../app/context.js";
import { isListTooLarge, isTrouble, listTooLarge } from "../app/failure.js";
import { counted } from "../app/format.js";

export interface OrderList {
  readonly orders: readonly ListedOrder[];
  readonly byId: ReadonlyMap<string, ListedOrder>;
  readonly isComplete: boolean;
  /** Why the list may lack orders, in a sentence; `null` if it is complete. */
  readonly gap: string | null;
}

interface Wishes {
  readonly proxyType?: ProxyType | undefined;
  /** How to do without the list, as a note if it cannot be used. */
  readonly hint?: string | undefined;
}

/** Reads the list. Records that could not be read are noted, since nobody would miss an order that is not shown. */
export async function readList(
  context: Context,
  { client }: Pick<OpenClient, "client">,
  { proxyType, hint }: Wishes = {},
): Promise<OrderList> {
  const {
    orders: listed,
    unread,
    isComplete,
    announced,
  } = await client
    .listIpAddresses(proxyType ? { proxyType } : {}, { signal: context.io.signal })
    .catch((error: unknown) => {
      const isUnusable = isContractError(error) || isHttpError(error);
      if (hint !== undefined && isUnusable && !isListTooLarge(error)) {
        context.note(`${unreadableList(error)}. ${hint}`);
      }
      throw error;
    });
  const [first] = unread;
  if (first) {
    context.note(
      `${counted(unread.length, "record of the list", "records of the list")} cannot be read and will be missing: ${first.path || "the first"} ${first.message}.`,
    );
  }
  const { orders, repeated } = withoutRepeats(listed);
  if (repeated > 0) {
    const which = counted(repeated, "IP address is", "IP addresses are");
    context.note(`${which} in the list more than once, and counted once.`);
  }
  const gap = gapOf({ isComplete, announced });
  if (gap !== null && announced.length > 0) context.note(`${gap} Orders may be missing.`);
  return { orders, byId: new Map(orders.map((order) => [order.orderId, order])), isComplete, gap };
}

/** Drops what the list repeats of an IP address. Records of one that contradict each other stay. */
export function withoutRepeats(listed: readonly ListedOrder[]) {
  let repeated = 0;
  const orders = listed.map((order) => {
    const seen = new Set<string>();
    const ipAddresses = order.ipAddresses.filter(({ ipAddressId, autoExtend, rentPeriodDays }) => {
      const key = JSON.stringify([ipAddressId, autoExtend, rentPeriodDays]);
      return seen.size < seen.add(key).size;
    });
    repeated += order.ipAddresses.length - ipAddresses.length;
    return ipAddresses.length < order.ipAddresses.length ? { ...order, ipAddresses } : order;
  });
  return { orders, repeated };
}

/** Says that the list cannot be read, where the error's own words would seem to be about something else. */
export function unreadableList(error: AutoExtendError): string {
  return `The list of IP addresses cannot be read (${whyUnreadable(error)})`;
}

function whyUnreadable(error: AutoExtendError): string {
  if (isHttpError(error)) return `HTTP ${error.status}`;
  if (isApiError(error)) return `${isTrouble(error) ? `HTTP ${error.status}, ` : ""}error ${error.code}`;
  if (isListTooLarge(error)) return listTooLarge;
  return isContractError(error) ? "the answer breaks the contract" : "no answer";
}

/** Why a list is incomplete, in a sentence; `null` if it is complete. */
export function gapOf({
  isComplete,
  announced,
}: Pick<ListIpAddressesResult, "isComplete" | "announced">): string | null {
  if (isComplete) return null;
  const [first] = announced;
  return first
    ? `The list of IP addresses is incomplete: \`${first.path}\` ${first.message}.`
    : "A part of the list of IP addresses cannot be read.";
}

/** Reads the list for those who can do without: if it cannot be read, a note says so, and the result is `null`. */
export async function readIfPossible(
  context: Context,
  server: Pick<OpenClient, "client">,
): Promise<OrderList | null> {
  try {
    return await readList(context, server);
  } catch (error) {
    // Requests during a pause that the server asks for would only make it longer.
    if (!isAutoExtendError(error) || pauseAskedFor(error) > longestPauseMs) throw error;
    context.note(`${unreadableList(error)}: the orders are not looked up.`);
    return null;
  }
}

/** As long as the client waits by itself. */
export const longestPauseMs = 30_000;

/** The pause that the server asks for with an error, in milliseconds. */
export function pauseAskedFor(error: unknown): number {
  return isApiError(error) || isHttpError(error) ? (error.retryAfter ?? 0) : 0;
}
