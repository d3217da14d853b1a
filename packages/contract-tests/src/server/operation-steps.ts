import { type Operation, type ProxyType, proxyTypes, type Rule } from "@auto-extend/core";
import type { JsonObject } from "./answer.js";
import { type Envelope, expectSuccess, type SuccessOptions } from "./envelope.js";
import { requestOf } from "./operation-request.js";
import type { KnownOrders, KnownOrdersOfType, Step } from "./server-case.js";

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
function typeRefusals({ id, rules }: Operation): Record<number, string[]> {
  const rule = rules.find((candidate) => candidate.id === `${id}/rule/proxy-type`);
  return rule ? { [rule.code]: [rule.id, `error-code/${rule.code}`] } : {};
}

/** The rules of an operation that are known by their names. */
interface NamedRules<Name extends string> {
  readonly rules: readonly (Rule & { readonly name: Name })[];
}

/** A rule of an operation by its name. */
export function ruleOf<Name extends string>({ rules }: NamedRules<Name>, name: NoInfer<Name>): Rule {
  const rule = rules.find((candidate) => candidate.name === name);
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
