import type { ListedOrder } from "@auto-extend/client";
import type { ProxyType } from "@auto-extend/core";
import type { Context } from "../context.js";
import { counted } from "../words.js";
import type { OpenClient } from "./open-client.js";

/**
 * Lists the account's orders, of one proxy type or all. What of the answer could not be read is told, for an order that
 * is not shown would be missed by nobody.
 *
 * @throws AutoExtendError where the list can't be had.
 */
export async function readOrders(
  context: Context,
  { client }: Pick<OpenClient, "client">,
  proxyType?: ProxyType,
): Promise<readonly ListedOrder[]> {
  const { orders, unread } = await client.listIpAddresses(proxyType ? { proxyType } : {}, {
    signal: context.io.signal,
  });
  const [first] = unread;
  if (first) {
    context.note(
      `${counted(unread.length, "record of the list is", "records of the list are")} left out, and can't be read: ${first.path || "the first"} ${first.message}.`,
    );
  }
  return orders;
}
