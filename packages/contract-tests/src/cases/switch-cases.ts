import { type Issue, proxyTypes } from "@auto-extend/core";
import type { ServerCase, SwitchRequest } from "./case.js";
import type { JsonObject } from "./expectations.js";
import {
  type NamedOrder,
  type OrderSubject,
  orderCase,
  ordersOf,
  withOne,
  withSeveral,
} from "./order-cases.js";
import { type CaseParts, ofEachType, switchStep, typeStatementsOf } from "./steps.js";

// The cases that both operations have that switch.

/** Whether auto-extend is on now. If that is unknown, it is taken to be off. */
export function isOn(order: NamedOrder | undefined): boolean {
  return order?.addresses[0]?.state?.autoExtend ?? false;
}

/** The request that changes the current state, so that the list shows whether it was carried out. */
export function flip(what: NamedOrder): SwitchRequest & JsonObject {
  return { ...what.named, autoExtend: !isOn(what) };
}

export function flipBack(what: NamedOrder): SwitchRequest & JsonObject {
  return { ...what.named, autoExtend: isOn(what) };
}

/** One case for each proxy type: on and off, in the order that changes the state both times. */
export function switchSuccessCases(subject: OrderSubject): ServerCase[] {
  const { operation, noun } = subject;
  return proxyTypes.map((type) =>
    orderCase(subject, {
      name: `success/${type}`,
      title: `switches ${noun}s of ${type} on and off`,
      about: ["success", "quantity", "status", "off"],
      also: typeStatementsOf(operation),
      needs: `an order of ${type}`,
      steps(orders) {
        const [order] = ordersOf(subject, orders, type);
        const claim = `${operation.id}/off`;
        return (
          order && [switchStep(operation, flip(order)), switchStep(operation, flipBack(order), { claim })]
        );
      },
    }),
  );
}

/** All IP addresses of an order are switched, in each proxy type that has such an order. */
export function severalAddressesCase(subject: OrderSubject): ServerCase {
  const { operation } = subject;
  return orderCase(subject, {
    name: "several-addresses",
    title: "switches every IP address of an order that has several",
    about: ["success", "quantity", "status"],
    learns: "addresses",
    needs: "an order with several IP addresses",
    steps(orders) {
      const several = ofEachType((type) =>
        ordersOf(subject, orders, type).find(({ addresses }) => addresses.length >= 2),
      );
      if (several.length === 0) return undefined;
      return several.flatMap((order) => [
        switchStep(operation, flip(order)),
        switchStep(operation, flipBack(order)),
      ]);
    },
  });
}

export function duplicatesCase(subject: OrderSubject): ServerCase {
  const { operation, field, noun } = subject;
  return orderCase(subject, {
    name: "duplicates",
    title: `counts an ${noun} only once if it is listed twice`,
    steps: withOne(subject, (order, claim) => {
      const ids = order.named[field] ?? [];
      const twice = { ...flipBack(order), [field]: [...ids, ...ids] };
      return [
        switchStep(operation, flip(order)),
        switchStep(operation, twice, { claim, compare: sameIpAddresses }),
      ];
    }),
  });
}

/** All orders are switched together after each was switched alone, and one of them apart from the others. */
export function severalOrdersCase(subject: OrderSubject, parts: Omit<CaseParts, "steps">): ServerCase {
  const { operation } = subject;
  return orderCase(subject, {
    needs: "two orders of one proxy type",
    ...parts,
    steps: withSeveral(subject, (all, together, claim) => {
      const autoExtend = isOn(all[0]);
      return [
        ...all.map(({ named }) => switchStep(operation, { ...named, autoExtend: !autoExtend })),
        switchStep(operation, { ...together, autoExtend }, { claim, compare: sameIpAddresses }),
        switchStep(operation, { ...together, autoExtend: !autoExtend }, { claim }),
        ...all.map(({ named }) => switchStep(operation, { ...named, autoExtend })),
      ];
    }),
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
