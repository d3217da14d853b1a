import type { ProxyType } from "@auto-extend/core";
import type { Account, Order } from "../store.js";
import { FaultError } from "./fault.js";

/** What an order id or API key begins with that asks for a fault: `fault-slow`, `fault-slow:ms=50,jitter=10`. */
export const magicPrefix = "fault-";

/** A fault that somebody asked for by its name. */
export interface NamedFault {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

/**
 * The fault that an order id or API key with the prefix asks for.
 *
 * @throws FaultError where its options can't be read.
 */
export function magicFault(text: string): NamedFault {
  const colon = text.indexOf(":");
  const name = text.slice(magicPrefix.length, colon === -1 ? undefined : colon);
  const pairs = colon === -1 ? [] : text.slice(colon + 1).split(",");
  return { name, options: Object.fromEntries(pairs.map(pair)) };
}

/**
 * An account as requests with magic order ids see it: it has those orders, too, each of the type that is asked for and
 * with one IP address. They are in no state: what is switched of them is forgotten.
 */
export function withMagicOrders(account: Account, proxyType: ProxyType): Account {
  const { orders } = account;
  return {
    ...account,
    orders: {
      ...orders,
      get: (id) => orders.get(id) ?? (id.startsWith(magicPrefix) ? magicOrder(id, proxyType) : undefined),
    },
  };
}

function magicOrder(orderId: string, proxyType: ProxyType): Order {
  const address = {
    ipAddressId: `${orderId}-1`,
    ip: proxyType === "IPv6" ? "2001:db8::1" : "192.0.2.1",
    country: "DE",
    autoExtend: false,
    rentPeriodDays: 30,
    endsAt: "9999-12-31T23:59:59.999Z",
  };
  return { orderId, proxyType, ipAddresses: [address] };
}

function pair(text: string): [string, string] {
  const [name = "", value] = text.split("=", 2);
  if (value !== undefined) return [name, value];
  throw new FaultError('The options of a fault come as name=value, such as "fault-slow:ms=50,jitter=10".');
}
