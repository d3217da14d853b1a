import { type IdKind, idKinds, type Operation, proxyTypes } from "@auto-extend/core";
import type { Expectation, KnownOrder, ServerCase, Step, SwitchRequest } from "./case.js";
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
export function namedBy({ field }: OrderSubject, orders: readonly KnownOrder[]): NamedOrder[] {
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

/** Steps with one order of each proxy type that has some. */
export function withEachType(make: (order: NamedOrder, claim: string) => readonly Step[]): Steps {
  return (orders, claim) => inTurn(firstOfEachType(orders), (order) => make(order, claim));
}

/** Steps with all orders of each proxy type that has more than one: with each, and with one request for all. */
export function withSeveral(
  subject: OrderSubject,
  make: (all: readonly NamedOrder[], together: NamedOrder["named"], claim: string) => readonly Step[],
): Steps {
  return (orders, claim) =>
    inTurn(byType(orders), (all) =>
      all.length < 2 ? [] : together(subject, all).flatMap((request) => make(all, request, claim)),
    );
}

/** The steps for several items, one after the other. Each compares its answer with those for the same item. */
export function inTurn<Item>(
  items: readonly Item[],
  make: (item: Item) => readonly Step[],
): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (const item of items) {
    const begin = steps.length;
    for (const step of make(item)) {
      const judge: Expectation["judge"] = (answer, { earlier, findings }) =>
        step.expect.judge(answer, { earlier: earlier.slice(begin), findings });
      steps.push({ ...step, expect: { ...step.expect, judge } });
    }
  }
  return steps.length > 0 ? steps : undefined;
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
  return ruleCases({
    operation,
    ...(learns && { learns }),
    requests: (orders) => firstOfEachType(namedBy(subject, orders)).map(requestFor),
    anyRequest: { [field]: [reservedId], rentPeriodDays: 30, ...harmless, proxyType: "IPv4" },
    severalAddresses(orders) {
      const ofType = namedBy(subject, orders).filter(({ proxyType }) => proxyType === "IPv6");
      return ofType.filter(hasSeveralAddresses).slice(0, 1).map(requestFor);
    },
  });
}
