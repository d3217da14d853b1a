import {
  type Operation,
  type OperationId,
  type OperationSpec,
  type ProxyType,
  proxyTypes,
  type Rule,
  type RuleName,
  specOf,
} from "@auto-extend/core";
import type { JsonObject } from "./answer.js";
import type { KnownOrders, KnownOrdersOfType, Step } from "./case.js";
import { type Envelope, expectSuccess, type SuccessOptions } from "./expectations.js";
import { requestOf } from "./request.js";

/** One request of a case that must succeed. */
export function successStep(
  envelope: Envelope,
  request: JsonObject,
  options: Omit<SuccessOptions, "refusals"> = {},
): Step {
  const { operation } = envelope;
  return {
    send: requestOf(operation, request),
    expect: expectSuccess(envelope, request, { ...options, refusals: typeRefusals(operation) }),
  };
}

/** Ids of an operation's statements, by the last parts of them. */
export function statementsOf({ id }: Operation, ...names: readonly string[]): string[] {
  return names.map((name) => `${id}/${name}`);
}

/** What is disproved where one of the four proxy types is refused for its type; nothing where no rule is about it. */
export function typeStatementsOf(operation: Operation): string[] {
  return Object.values(typeRefusals(operation)).flat();
}

/** Whatever the orders are: a request for one of the four types must not be refused for its type. */
function typeRefusals(operation: Operation): Record<number, string[]> {
  const rule = specOf(operation).rules.find(({ id }) => id === `${operation.id}/rule/proxy-type`);
  return rule ? { [rule.code]: [rule.id, `error-code/${rule.code}`] } : {};
}

/** A rule of an operation by its name. */
export function ruleOf<Id extends OperationId>(operation: { readonly id: Id }, name: RuleName<Id>): Rule {
  const { rules }: OperationSpec = specOf<Id>(operation);
  const rule = rules.find(({ id }) => id === `${operation.id}/rule/${name}`);
  if (!rule) throw new RangeError(`There is no rule ${name}.`);
  return rule;
}

/** Something of each proxy type that has it. */
export function ofEachType<Made>(made: (type: ProxyType) => Made | undefined): Made[] {
  return proxyTypes.flatMap((type) => made(type) ?? []);
}

/** Different orders of a proxy type; empty where there are none. */
export function orderIdsOf({ orderIds = [] }: Partial<KnownOrdersOfType> = {}): string[] {
  return [...new Set(orderIds)];
}

/** The listed IP addresses of each order, without orders that have none. */
export function addressesOf({ ipAddressIds = {} }: Partial<KnownOrdersOfType> = {}): string[][] {
  return Object.values(ipAddressIds).flatMap((ids) => (ids.length > 0 ? [[...ids]] : []));
}

/** The first proxy type that has more orders than one. */
export function typeOfSeveral(orders: KnownOrders): ProxyType | undefined {
  return proxyTypes.find((type) => orderIdsOf(orders[type]).length >= 2);
}

/** The fields of a request that name the first order of a proxy type; `undefined` where there is none. */
export function orderNamed(orders: KnownOrders, type: ProxyType) {
  const { rentPeriodDays = 0 } = orders[type] ?? {};
  const [orderId] = orderIdsOf(orders[type]);
  return orderId === undefined ? undefined : { proxyType: type, orderIds: [orderId], rentPeriodDays };
}
