/** Reads the account's list of IP addresses. */
import {
  isContractError,
  isHttpError,
  type ListedOrder,
  type ListIpAddressesResult,
} from "@auto-extend/client";
import type { ProxyType } from "@auto-extend/core";
import type { OpenClient } from "../app/connection.js";
import type { Context } from "../app/context.js";
import { counted } from "../app/format.js";

/** The account's orders, as far as they are listed. */
export interface OrderList {
  readonly orders: readonly ListedOrder[];
  readonly byId: ReadonlyMap<string, ListedOrder>;
  readonly isComplete: boolean;
  /** Why the list may lack orders, in a sentence; `null` if it is complete. */
  readonly gap: string | null;
}

interface Wishes {
  /** Default: all types. */
  readonly proxyType?: ProxyType | undefined;
  /** How to do without the list, as a note if it cannot be used. */
  readonly hint?: string | undefined;
}

/**
 * Reads the list. Records that could not be read are noted, since nobody would miss an order that is not shown.
 *
 * @throws AutoExtendError if it cannot be read.
 */
export async function readList(
  context: Context,
  { client }: Pick<OpenClient, "client">,
  { proxyType, hint }: Wishes = {},
): Promise<OrderList> {
  const { orders, unread, isComplete, announced } = await client
    .listIpAddresses(proxyType ? { proxyType } : {}, { signal: context.io.signal })
    .catch((error: unknown) => {
      if (hint !== undefined && (isContractError(error) || isHttpError(error))) context.note(hint);
      throw error;
    });
  const [first] = unread;
  if (first) {
    context.note(
      `${counted(unread.length, "record of the list", "records of the list")} cannot be read and will be missing: ${first.path || "the first"} ${first.message}.`,
    );
  }
  const gap = gapOf({ isComplete, announced });
  if (gap !== null && announced.length > 0) context.note(`${gap} Orders may be missing.`);
  return { orders, byId: new Map(orders.map((order) => [order.orderId, order])), isComplete, gap };
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
