import { type Issue, type Operation, type ProxyType, proxyTypes } from "@auto-extend/core";
import type { KnownAddress, KnownOrders, ServerCase, SwitchRequest } from "./case.js";
import type { JsonObject } from "./expectations.js";
import { type CaseParts, caseOf, ofEachType, switchStep, typeStatementsOf } from "./steps.js";

export interface SwitchSubject {
  readonly operation: Operation;
  /** The field that lists what is switched. */
  readonly field: "orderIds" | "ipAddressIds";
  /** One of its entries, for people. */
  readonly noun: string;
  readonly learns?: ServerCase["learns"];
  /** The orders of a proxy type, each as a request names it. */
  readonly ordersOf: (orders: KnownOrders, type: ProxyType) => Switchable[];
}

/** Something that a request can switch, and how it is listed now. */
export interface Switchable {
  /** The request without `autoExtend`. */
  readonly named: Omit<SwitchRequest, "autoExtend"> & { readonly proxyType: ProxyType };
  readonly addresses: readonly KnownAddress[];
}

/** Whether auto-extend is on now. If that is unknown, it is taken to be off. */
export function isOn({ addresses }: Switchable): boolean {
  return addresses[0]?.state?.autoExtend ?? false;
}

/** The request that changes the present state, so that the list shows whether it was carried out. */
export function flip(what: Switchable): SwitchRequest & JsonObject {
  return { ...what.named, autoExtend: !isOn(what) };
}

/** The request that sets the present state. */
export function flipBack(what: Switchable): SwitchRequest & JsonObject {
  return { ...what.named, autoExtend: isOn(what) };
}

export function firstOrders({ ordersOf }: SwitchSubject, orders: KnownOrders): Switchable[] {
  return ofEachType((type) => ordersOf(orders, type)[0]);
}

export function switchCase({ operation, learns }: SwitchSubject, parts: CaseParts): ServerCase {
  return caseOf(operation, { safety: "changes", needs: "an order", ...(learns && { learns }), ...parts });
}

/** One case for each proxy type: on and off, in the order that changes the state both times. */
export function switchSuccessCases(subject: SwitchSubject): ServerCase[] {
  const { operation, noun } = subject;
  return proxyTypes.map((type) =>
    switchCase(subject, {
      name: `success/${type}`,
      title: `switches ${noun}s of ${type} on and off`,
      about: ["success", "quantity", "status", "off"],
      also: typeStatementsOf(operation),
      needs: `an order of ${type}`,
      steps(orders) {
        const [order] = subject.ordersOf(orders, type);
        const claim = `${operation.id}/off`;
        return (
          order && [switchStep(operation, flip(order)), switchStep(operation, flipBack(order), { claim })]
        );
      },
    }),
  );
}

/** All IP addresses of an order are switched, in each proxy type that has such an order. */
export function severalAddressesCase(subject: SwitchSubject): ServerCase {
  const { operation, ordersOf } = subject;
  return switchCase(subject, {
    name: "several-addresses",
    title: "switches every IP address of an order that has several",
    about: ["success", "quantity", "status"],
    learns: "addresses",
    needs: "an order with several IP addresses",
    steps(orders) {
      const several = ofEachType((type) =>
        ordersOf(orders, type).find(({ addresses }) => addresses.length >= 2),
      );
      if (several.length === 0) return undefined;
      return several.flatMap((order) => [
        switchStep(operation, flip(order)),
        switchStep(operation, flipBack(order)),
      ]);
    },
  });
}

/** An entry that is listed twice counts once. */
export function duplicatesCase(subject: SwitchSubject): ServerCase {
  const { operation, field, noun } = subject;
  return switchCase(subject, {
    name: "duplicates",
    title: `counts an ${noun} only once if it is listed twice`,
    steps(orders, claim) {
      const [order] = firstOrders(subject, orders);
      if (!order) return undefined;
      const ids = order.named[field] ?? [];
      const twice = { ...flipBack(order), [field]: [...ids, ...ids] };
      return [
        switchStep(operation, flip(order)),
        switchStep(operation, twice, { claim, compare: sameIpAddresses }),
      ];
    },
  });
}

/** The success must be about the IP addresses of the earlier ones together: as many, and the same if it lists them. */
export function sameIpAddresses(answer: JsonObject, earlier: readonly JsonObject[]): Issue[] {
  const quantity = earlier.reduce((sum, part) => sum + Number(part.quantity), 0);
  if (answer.quantity !== quantity) {
    return [{ path: "quantity", message: `must be ${quantity}, as in the requests before` }];
  }
  const expected = earlier.flatMap(listedIpAddressIds).sort();
  if (listedIpAddressIds(answer).sort().join() === expected.join()) return [];
  const ids = JSON.stringify(expected);
  return [{ path: "ipAddressIds", message: `must be ${ids} in any order, as in the requests before` }];
}

function listedIpAddressIds(answer: JsonObject): unknown[] {
  return Array.isArray(answer.ipAddressIds) ? [...answer.ipAddressIds] : [];
}
