import {
  isContractError,
  isHttpError,
  type ListedOrder,
  type ListIpAddressesResult,
} from "@auto-extend/client";
import type { ProxyType } from "@auto-extend/core";
import type { Context } from "../context.js";
import { counted } from "../words.js";
import type { OpenClient } from "./open-client.js";

/** What is wanted of the list. */
interface Listing {
  /** Of one proxy type; of all of them where left out. */
  readonly proxyType?: ProxyType | undefined;
  /** How to do without the list, for people. */
  readonly way?: string | undefined;
}

/** The account's orders, as far as they are listed. */
export interface OrderList {
  readonly orders: readonly ListedOrder[];
  /** Why the list may lack orders, in a sentence for people; `null` if it is complete. */
  readonly gap: string | null;
}

/** Why a list is incomplete, in a sentence for people; `null` if it is complete. */
export function gapOf({
  isComplete,
  announced,
}: Pick<ListIpAddressesResult, "isComplete" | "announced">): string | null {
  if (isComplete) return null;
  const [first] = announced;
  return first
    ? `The list of IP addresses is incomplete: \`${first.path}\` ${first.message}.`
    : "A part of the list can't be read.";
}

/**
 * Lists the account's orders. What of the answer could not be read is told, for an order that is not shown would be
 * missed by nobody.
 *
 * @throws AutoExtendError where the list can't be had.
 */
export async function readOrders(
  context: Context,
  { client }: Pick<OpenClient, "client">,
  { proxyType, way }: Listing = {},
): Promise<OrderList> {
  const { orders, unread, isComplete, announced } = await client
    .listIpAddresses(proxyType ? { proxyType } : {}, { signal: context.io.signal })
    .catch((error: unknown) => {
      if (way !== undefined && (isContractError(error) || isHttpError(error))) context.note(way);
      throw error;
    });
  const [first] = unread;
  if (first) {
    context.note(
      `${counted(unread.length, "record of the list is", "records of the list are")} left out, and can't be read: ${first.path || "the first"} ${first.message}.`,
    );
  }
  const gap = gapOf({ isComplete, announced });
  if (gap !== null && announced.length > 0) context.note(`${gap} Orders may be missing here.`);
  return { orders, gap };
}
