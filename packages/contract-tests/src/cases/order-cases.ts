import { type IdKind, idKinds, type Operation, type ProxyType, proxyTypes } from "@auto-extend/core";
import type { KnownAddress, KnownOrders, ServerCase, Step } from "./case.js";
import type { JsonObject } from "./expectations.js";
import { ruleCases } from "./rule-cases.js";
import { type CaseParts, caseOf, ofEachType } from "./steps.js";

// The cases of operations that name orders, or all IP addresses of orders.

export type OrderSubject = IdKind & { readonly operation: Operation; readonly learns?: "addresses" };

export const byIpAddressIds = { ...idKinds.ipAddress, learns: "addresses" } as const;

/** An order as a request names it, and how it is listed now. */
export interface NamedOrder {
  readonly named: {
    readonly proxyType: ProxyType;
    readonly orderIds?: readonly string[];
    readonly ipAddressIds?: readonly string[];
    readonly rentPeriodDays: number;
  };
  readonly addresses: readonly KnownAddress[];
}

/** The orders of a proxy type. By its IP addresses, only an order that is listed can be named. */
export function ordersOf({ field }: OrderSubject, orders: KnownOrders, type: ProxyType): NamedOrder[] {
  const { orderIds = [], rentPeriodDays = 0, addresses = {} } = orders[type] ?? {};
  return [...new Set(orderIds)].flatMap((orderId) => {
    const listed = addresses[orderId] ?? [];
    const ids = field === "orderIds" ? [orderId] : listed.map(({ ipAddressId }) => ipAddressId);
    if (ids.length === 0) return [];
    return [{ named: { proxyType: type, [field]: ids, rentPeriodDays }, addresses: listed }];
  });
}

function firstOrders(subject: OrderSubject, orders: KnownOrders): NamedOrder[] {
  return ofEachType((type) => ordersOf(subject, orders, type)[0]);
}

type Steps = CaseParts["steps"];

export function withOne(
  subject: OrderSubject,
  make: (order: NamedOrder, claim: string) => readonly Step[],
): Steps {
  return (orders, claim) => {
    const [order] = firstOrders(subject, orders);
    return order && make(order, claim);
  };
}

/** Steps with all orders of the first proxy type that has more than one: with each, and with one request for all. */
export function withSeveral(
  subject: OrderSubject,
  make: (all: readonly NamedOrder[], together: NamedOrder["named"], claim: string) => readonly Step[],
): Steps {
  return (orders, claim) => {
    const ofTypes = proxyTypes.map((type) => ordersOf(subject, orders, type));
    const all = ofTypes.find((ofType) => ofType.length >= 2) ?? [];
    const request = together(subject, all);
    return request && make(all, request, claim);
  };
}

/** One request for several orders of a proxy type; `undefined` if there are none. */
export function together({ field }: OrderSubject, orders: readonly NamedOrder[]) {
  const [first] = orders;
  return first && { ...first.named, [field]: orders.flatMap(({ named }) => named[field] ?? []) };
}

export function orderCase({ operation, learns }: OrderSubject, parts: CaseParts): ServerCase {
  const safety = operation.changes ? "changes" : "harmless";
  return caseOf(operation, { safety, needs: "an order", ...(learns && { learns }), ...parts });
}

/** The cases of the rules. `requestFor` completes the request for an order, `harmless` that for an ID that no account has. */
export function orderRuleCases(
  subject: OrderSubject,
  requestFor: (order: NamedOrder) => JsonObject,
  harmless: JsonObject = {},
): ServerCase[] {
  const { operation, field, reservedId, learns } = subject;
  const reserved = { [field]: [reservedId], rentPeriodDays: 30, ...harmless };
  return ruleCases({
    operation,
    ...(learns && { learns }),
    requests: (orders) => firstOrders(subject, orders).map(requestFor),
    anyRequests: [
      { ...reserved, proxyType: "IPv4" },
      { ...reserved, proxyType: "IPv6" },
    ],
    severalAddresses(orders) {
      const order = ordersOf(subject, orders, "IPv6").find(({ addresses }) => addresses.length >= 2);
      return order && requestFor(order);
    },
  });
}
