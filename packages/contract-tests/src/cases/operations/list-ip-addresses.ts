import {
  type Issue,
  idKinds,
  type ListedOrder,
  listIpAddresses,
  type ProxyType,
  proxyTypes,
  readIpAddressList,
  setAutoExtend,
} from "@auto-extend/core";
import type { KnownOrder, ServerCase, SwitchRequest } from "../case.js";
import type { JsonObject } from "../expectations.js";
import { orderCase, withEachType } from "../order-cases.js";
import { ruleCases } from "../rule-cases.js";
import { caseOf, successStep, typeStatementsOf } from "../steps.js";

export const listIpAddressesCases: readonly ServerCase[] = [
  successCase(),
  wholeListCase(),
  ...proxyTypes.map(typeCase),
  extendInfoCase(),
  ...ruleCases({ operation: listIpAddresses, anyRequest: {} }),
];

function successCase(): ServerCase {
  return caseOf(listIpAddresses, {
    name: "success",
    title: "lists the IP addresses of all orders that the server knows",
    learns: "orders",
    steps(orders, claim) {
      const compare = (answer: JsonObject) => {
        return missingOrders(readIpAddressList(answer).orders, orders);
      };
      return [successStep(listIpAddresses, {}, { claim, compare })];
    },
  });
}

/** An answer that announces more is a finding of its own. */
function wholeListCase(): ServerCase {
  return caseOf(listIpAddresses, {
    name: "whole-list",
    title: "lists everything in one answer",
    steps: (_, claim) => [successStep(listIpAddresses, {}, { claim })],
  });
}

function typeCase(type: ProxyType): ServerCase {
  return caseOf(listIpAddresses, {
    name: `by-type/${type}`,
    title: `lists the IP addresses of ${type}, and no others, if the request names that type`,
    about: ["by-type", "success", "status"],
    also: typeStatementsOf(listIpAddresses),
    learns: "orders",
    steps(orders) {
      const compare = (answer: JsonObject, [whole]: readonly JsonObject[]) => {
        const listed = readIpAddressList(answer).orders;
        const ofType = orders.filter(({ proxyType }) => proxyType === type);
        return [
          ...missingOrders(listed, ofType),
          ...otherAddresses(listed, readIpAddressList(whole).orders, ofType),
          ...ordersOfOtherTypes(listed, orders, type),
        ];
      };
      const claim = "listIpAddresses/by-type";
      return [
        successStep(listIpAddresses, {}),
        successStep(listIpAddresses, { proxyType: type }, { claim, compare }),
      ];
    },
  });
}

function extendInfoCase(): ServerCase {
  const subject = { operation: listIpAddresses, ...idKinds.order };
  return orderCase(subject, {
    name: "extend-info",
    title: "lists an order as on after it was switched on, and as off after it was switched off",
    safety: "changes",
    steps: withEachType(({ named }, claim) =>
      // Compared here and not by what a step leaves behind: a list that does not say is wrong in this case only.
      [true, false].flatMap((autoExtend) => {
        const request = { ...named, autoExtend };
        const compare = (answer: object) => otherStates(readIpAddressList(answer).orders, request);
        return [successStep(setAutoExtend, request), successStep(listIpAddresses, {}, { claim, compare })];
      }),
    ),
  });
}

function missingOrders(listed: readonly ListedOrder[], orders: readonly KnownOrder[]): Issue[] {
  return orders
    .filter(({ orderId, isPriced }) => isPriced && !listed.some((order) => order.orderId === orderId))
    .map(({ orderId }) => issue(`must include order ${orderId}, because the server prices that order`));
}

function otherAddresses(
  listed: readonly ListedOrder[],
  whole: readonly ListedOrder[],
  orders: readonly KnownOrder[],
): Issue[] {
  const addressesIn = (list: readonly ListedOrder[], orderId: string) => {
    const order = list.find((each) => each.orderId === orderId);
    return order && JSON.stringify(order.ipAddresses.map(({ ipAddressId }) => ipAddressId).sort());
  };
  return orders.flatMap(({ orderId, isPriced }) => {
    const expected = addressesIn(whole, orderId);
    const actual = addressesIn(listed, orderId);
    if (!isPriced || expected === undefined || actual === undefined || expected === actual) return [];
    return [issue(`must have order ${orderId} with the IP addresses ${expected}, as in the whole list`)];
  });
}

function ordersOfOtherTypes(
  listed: readonly ListedOrder[],
  orders: readonly KnownOrder[],
  type: ProxyType,
): Issue[] {
  const others = orders.filter(({ proxyType, isPriced }) => isPriced && proxyType !== type);
  const ofOthers = new Set(others.map(({ orderId }) => orderId));
  return listed
    .filter(({ orderId, proxyType }) => (proxyType ?? type) !== type || ofOthers.has(orderId))
    .map(({ orderId }) => issue(`must have only IP addresses of ${type}, but has order ${orderId}`));
}

function otherStates(
  listed: readonly ListedOrder[],
  { orderIds = [], autoExtend, rentPeriodDays }: SwitchRequest,
): Issue[] {
  const order = listed.find(({ orderId }) => orderIds.includes(orderId));
  if (!order) return [issue(`must include order ${orderIds}, because it was just switched`)];
  const isRight = order.ipAddresses.every(
    (address) =>
      address.autoExtend === autoExtend && (!autoExtend || address.rentPeriodDays === rentPeriodDays),
  );
  if (isRight) return [];
  const state = autoExtend ? `on, for ${rentPeriodDays} days` : "off";
  return [issue(`must say in extendInfo of order ${orderIds} that auto-extend is ${state}`)];
}

function issue(message: string): Issue {
  return { path: "", message };
}
