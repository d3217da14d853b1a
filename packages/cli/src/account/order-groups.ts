import type { ListedIpAddress, ListedOrder } from "@auto-extend/client";
import type { ProxyType } from "@auto-extend/core";
import { usageError } from "../cli-error.js";
import type { OrderList } from "./read-orders.js";

/** Orders of one proxy type that go by one rental period: what one request is about. */
export interface OrderGroup {
  readonly proxyType: ProxyType;
  /** In days. */
  readonly rentPeriodDays: number;
  readonly orderIds: readonly string[];
  /** The IP addresses of these orders, as they were listed before; `null` if the list was not read, or incomplete. */
  readonly listed: ReadonlyMap<string, readonly ListedIpAddress[]> | null;
}

/** What was typed of an {@link OrderGroup}. */
export interface GroupOptions {
  readonly orderIds: readonly string[];
  readonly type: ProxyType | undefined;
  readonly days: number | undefined;
  /** The account's orders; `null` where nobody looked, and type and days were typed. */
  readonly list: OrderList | null;
}

/**
 * Sorts orders by proxy type and rental period: those that were typed, or else those that the list has.
 *
 * @throws CliError, a usage error, where an order is not in the list, is of another type, or has no period to go by.
 */
export function orderGroups({ orderIds, type, days, list }: GroupOptions): OrderGroup[] {
  const known = new Map((list?.orders ?? []).map((order) => [order.orderId, order]));
  const groups = new Map<string, { proxyType: ProxyType; rentPeriodDays: number; orderIds: string[] }>();
  if (list) requireListed({ orderIds, type, days, list }, known);
  for (const orderId of orderIds) {
    const order = known.get(orderId);
    const proxyType = typeOf(orderId, order, type);
    const rentPeriodDays = days ?? periodOf(order);
    if (rentPeriodDays === null) throw notSaid(orderId, "rental period", "--days");
    const name = `${proxyType} ${rentPeriodDays}`;
    const group = groups.get(name) ?? { proxyType, rentPeriodDays, orderIds: [] };
    groups.set(name, group);
    group.orderIds.push(orderId);
  }
  return [...groups.values()].map((group) => ({
    ...group,
    listed:
      list === null || list.gap !== null
        ? null
        : new Map(group.orderIds.map((id) => [id, known.get(id)?.ipAddresses ?? []])),
  }));
}

/** An order that an incomplete list lacks may exist; with type and days given, it can be sent all the same. */
function requireListed(
  { orderIds, type, days, list }: GroupOptions & { readonly list: OrderList },
  known: ReadonlyMap<string, ListedOrder>,
): void {
  if (list.gap !== null && type !== undefined && days !== undefined) return;
  const missing = orderIds.filter((id) => !known.has(id));
  if (missing.length > 0) throw notListed(missing, list.gap);
}

function typeOf(orderId: string, order: ListedOrder | undefined, type: ProxyType | undefined): ProxyType {
  const listed = order?.proxyType ?? undefined;
  if (type !== undefined && listed !== undefined && listed !== type) {
    throw usageError(
      `Order ${orderId} is of type ${listed}, not ${type}.`,
      "Correct --type, or leave it out: the type is found by itself.",
    );
  }
  const proxyType = type ?? listed;
  if (!proxyType) throw notSaid(orderId, "proxy type", "--type");
  return proxyType;
}

/** The rental period of the first IP address that has one. */
function periodOf(order: ListedOrder | undefined): number | null {
  return order?.ipAddresses.find(({ rentPeriodDays }) => rentPeriodDays !== null)?.rentPeriodDays ?? null;
}

function notListed(ids: readonly string[], gap: string | null) {
  const shown = ids.slice(0, 3).join(", ") + (ids.length > 3 ? ` and ${ids.length - 3} more` : "");
  if (gap !== null) {
    return usageError(
      `${gap} ${ids.length === 1 ? `Order ${shown} is` : `The orders ${shown} are`} not in the part that came, but may exist.`,
      "Give --type and --days, which the list would otherwise supply.",
    );
  }
  return usageError(
    `${ids.length === 1 ? `Order ${shown} is` : `The orders ${shown} are`} not in the list of your IP addresses.`,
    "auto-extend orders lists what there is: an order that has ended is there no more.",
  );
}

function notSaid(orderId: string, what: string, option: string) {
  return usageError(
    `The list of your IP addresses does not say which ${what} order ${orderId} has.`,
    `Give it with ${option}.`,
  );
}
