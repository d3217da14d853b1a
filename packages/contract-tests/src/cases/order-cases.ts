import { type IdKind, idKinds, type Operation, proxyTypes } from "@auto-extend/core";
import type { KnownOrder, ServerCase, Step, SwitchRequest } from "./case.js";
import type { JsonObject } from "./expectations.js";
import { ruleCases } from "./rule-cases.js";
import { type CaseParts, caseOf } from "./steps.js";

// The cases of operations that name orders, or all IP addresses of orders.

export type OrderSubject = IdKind & { readonly operation: Operation; readonly learns?: "addresses" };

export const byIpAddressIds = { ...idKinds.ipAddress, learns: "addresses" } as const;

/** An order, and how a request names it. */
export interface NamedOrder extends KnownOrder {
  readonly named: Omit<SwitchRequest, "autoExtend"> & Pick<KnownOrder, "proxyType">;
}

/** Names orders. By its IP addresses, only an order that is listed can be named. */
function namedBy({ field }: OrderSubject, orders: readonly KnownOrder[]): NamedOrder[] {
  return orders.flatMap((order) => {
    const { orderId, proxyType, rentPeriodDays, addresses } = order;
    const ids = field === "orderIds" ? [orderId] : addresses.map(({ ipAddressId }) => ipAddressId);
    return ids.length === 0 ? [] : [{ ...order, named: { proxyType, [field]: ids, rentPeriodDays } }];
  });
}

/** The orders of each proxy type that has some. */
export function byType(orders: readonly NamedOrder[]): NamedOrder[][] {
  const ofTypes = proxyTypes.map((type) => orders.filter(({ proxyType }) => proxyType === type));
  return ofTypes.filter(({ length }) => length > 0);
}

export function firstOfEachType(orders: readonly NamedOrder[]): NamedOrder[] {
  return byType(orders).flatMap(([first]) => first ?? []);
}

export function hasSeveralAddresses({ addresses }: NamedOrder): boolean {
  return addresses.length >= 2;
}

type Steps = OrderCaseParts["steps"];

export function withOne(make: (order: NamedOrder, claim: string) => readonly Step[]): Steps {
  return ([order], claim) => order && make(order, claim);
}

/** Steps with all orders of the first proxy type that has more than one: with each, and with one request for all. */
export function withSeveral(
  subject: OrderSubject,
  make: (all: readonly NamedOrder[], together: NamedOrder["named"], claim: string) => readonly Step[],
): Steps {
  return (orders, claim) => {
    const all = byType(orders).find(({ length }) => length >= 2) ?? [];
    const [request] = together(subject, all);
    return request && make(all, request, claim);
  };
}

/** One request for several orders of a proxy type, if there are any. */
export function together({ field }: OrderSubject, orders: readonly NamedOrder[]): NamedOrder["named"][] {
  const ids = orders.flatMap(({ named }) => named[field] ?? []);
  return orders.slice(0, 1).map(({ named }) => ({ ...named, [field]: ids }));
}

/** As {@link CaseParts}, about the orders that the operation can name. */
export interface OrderCaseParts extends Omit<CaseParts, "steps"> {
  readonly steps: (orders: readonly NamedOrder[], claim: string) => readonly Step[] | undefined;
}

export function orderCase(subject: OrderSubject, { steps, ...parts }: OrderCaseParts): ServerCase {
  const { operation, learns } = subject;
  return caseOf(operation, {
    safety: operation.changes ? "changes" : "harmless",
    needs: "an order",
    ...(learns && { learns }),
    ...parts,
    steps: (orders, claim) => steps(namedBy(subject, orders), claim),
  });
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
    requests: (orders) => firstOfEachType(namedBy(subject, orders)).map(requestFor),
    anyRequests: [
      { ...reserved, proxyType: "IPv4" },
      { ...reserved, proxyType: "IPv6" },
    ],
    severalAddresses(orders) {
      const ofType = namedBy(subject, orders).filter(({ proxyType }) => proxyType === "IPv6");
      return ofType.filter(hasSeveralAddresses).map(requestFor)[0];
    },
  });
}
