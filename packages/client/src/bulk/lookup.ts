import type { ListedIpAddress, ListedOrder, ProxyType } from "@auto-extend/core";
import type { ListIpAddressesResult } from "../types.js";
import type { SetAutoExtendManyOptions } from "./options.js";

/** The type and period, if the caller gives them, and whether to switch on or off. */
export type LookupOptions = Pick<SetAutoExtendManyOptions, "autoExtend" | "proxyType" | "rentPeriodDays">;

/** An order that can be switched, and how. */
export interface SendableOrder {
  readonly orderId: string;
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
  /** The order's IP addresses in the list; `null` if it is not listed. */
  readonly ipAddresses: readonly ListedIpAddress[] | null;
  /** Whether its IP addresses have several periods, and this is the most frequent (assumed; only to switch off). */
  readonly isAssumed: boolean;
}

/**
 * Why an order is not sent: it is not in the list (`list-incomplete` if that is not complete), or is listed with a type other
 * than the given one; the list lacks its type or period; or its IP addresses have several rental periods, and switching on
 * would set all to one.
 */
export type UnsentReason =
  | "not-listed"
  | "list-incomplete"
  | "other-type"
  | "type-unknown"
  | "period-unknown"
  | "mixed-periods";

/** An order that is not sent, since its proxy type or rental period is not certain. */
export interface UnsentOrder {
  readonly orderId: string;
  readonly reason: UnsentReason;
  /** The reason, for people. With its proxy type and rental period in the options, the order can be sent. */
  readonly message: string;
}

/** Looks up how an order can be switched. */
export type OrderLookup = (orderId: string) => SendableOrder | UnsentOrder;

/** Creates a lookup of orders in a list. Those that are not listed can be sent only if the options give type and period. */
export function createOrderLookup(
  { orders, isComplete }: Pick<ListIpAddressesResult, "orders" | "isComplete">,
  options: LookupOptions,
): OrderLookup {
  const byId = new Map(orders.map((order) => [order.orderId, order]));
  return (orderId) => {
    const order = byId.get(orderId);
    if (order) return lookUpListed(order, options);
    const { proxyType, rentPeriodDays } = options;
    if (proxyType && rentPeriodDays) {
      return { orderId, proxyType, rentPeriodDays, ipAddresses: null, isAssumed: false };
    }
    return isComplete
      ? unsent(orderId, "not-listed", "It is not in the list of IP addresses.")
      : unsent(orderId, "list-incomplete", "It is not in the list, which is incomplete.");
  };
}

function lookUpListed(order: ListedOrder, options: LookupOptions): SendableOrder | UnsentOrder {
  const { orderId, ipAddresses } = order;
  const proxyType = options.proxyType ?? order.proxyType;
  if (proxyType === null) {
    return unsent(orderId, "type-unknown", "The list lacks its proxy type.");
  }
  if (order.proxyType !== null && order.proxyType !== proxyType) {
    return unsent(orderId, "other-type", `It is listed as ${order.proxyType}, not as ${proxyType}.`);
  }
  const found = ipAddresses.flatMap(({ rentPeriodDays }) => rentPeriodDays ?? []);
  const periods = [...new Set(found)].sort((a, b) => a - b);
  const sendable = { orderId, proxyType, ipAddresses };
  if (options.rentPeriodDays !== undefined) {
    return { ...sendable, rentPeriodDays: options.rentPeriodDays, isAssumed: false };
  }
  if (options.autoExtend && periods.length > 1) {
    // Not all of many, since a list from outside can have one for each IP address.
    const days = periods.slice(0, 5).join(", ");
    return unsent(
      orderId,
      "mixed-periods",
      `Its IP addresses have different rental periods, such as ${days} days.`,
    );
  }
  const most = mostFrequent(periods, found);
  if (most === undefined || (options.autoExtend && found.length < ipAddresses.length)) {
    return unsent(orderId, "period-unknown", "The list lacks some of its rental periods.");
  }
  return { ...sendable, rentPeriodDays: most, isAssumed: periods.length > 1 };
}

function unsent(orderId: string, reason: UnsentReason, message: string): UnsentOrder {
  return { orderId, reason, message };
}

function mostFrequent(periods: readonly number[], found: readonly number[]): number | undefined {
  const count = (period: number) => found.filter((each) => each === period).length;
  return [...periods].sort((a, b) => count(b) - count(a))[0];
}
