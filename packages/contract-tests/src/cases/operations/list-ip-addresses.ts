import {
  type Issue,
  type ListedOrder,
  listIpAddresses,
  type ProxyType,
  proxyTypes,
  readIpAddressList,
  setAutoExtend,
} from "@auto-extend/core";
import { type KnownOrders, type ServerCase, type SwitchRequest, serverCase } from "../case.js";
import { ruleCases } from "../rule-cases.js";
import { ofEachType, orderIdsOf, statementsOf, successStep, typeStatementsOf } from "../steps.js";

/** The cases of {@link listIpAddresses}. */
export const listIpAddressesCases: readonly ServerCase[] = [
  successCase(),
  wholeListCase(),
  ...proxyTypes.map(typeCase),
  extendInfoCase(),
  ...ruleCases({ operation: listIpAddresses, anyRequests: [{}, {}] }),
];

function successCase(): ServerCase {
  const claim = "listIpAddresses/success";
  return serverCase({
    id: claim,
    title: "lists the IP addresses of all orders that the server knows",
    statements: statements("success", "status"),
    safety: "harmless",
    learns: "orders",
    steps: (orders) => [
      successStep(
        listIpAddresses,
        {},
        {
          claim,
          compare: (answer) => {
            const { orders: listed } = readIpAddressList(answer);
            return proxyTypes.flatMap((type) => missingOrders(listed, orders, type));
          },
        },
      ),
    ],
  });
}

function wholeListCase(): ServerCase {
  const claim = "listIpAddresses/whole-list";
  return serverCase({
    id: claim,
    title: "lists everything in one answer",
    // An answer that announces more is a finding of its own.
    statements: statements("whole-list", "success", "status"),
    safety: "harmless",
    steps: () => [successStep(listIpAddresses, {}, { claim })],
  });
}

/** The list of one proxy type has the IP addresses that the whole list has of it. */
function typeCase(type: ProxyType): ServerCase {
  const claim = "listIpAddresses/by-type";
  return serverCase({
    id: `${claim}/${type}`,
    title: `lists the IP addresses of ${type}, and no others, if the request names that type`,
    statements: [...typeStatementsOf(listIpAddresses), ...statements("by-type", "success", "status")],
    safety: "harmless",
    learns: "orders",
    steps: (orders) => [
      successStep(listIpAddresses, {}),
      successStep(
        listIpAddresses,
        { proxyType: type },
        {
          claim,
          compare(answer, [whole]) {
            const listed = readIpAddressList(answer).orders;
            return [
              ...missingOrders(listed, orders, type),
              ...otherAddresses(listed, readIpAddressList(whole).orders, orders[type]?.priced ?? []),
              ...ordersOfOtherTypes(listed, orders, type),
            ];
          },
        },
      ),
    ],
  });
}

function extendInfoCase(): ServerCase {
  const claim = "listIpAddresses/extend-info";
  return serverCase({
    id: claim,
    title: "lists an order as on after it was switched on, and as off after it was switched off",
    statements: statements("extend-info", "success", "status"),
    safety: "changes",
    needs: "an order",
    steps(orders) {
      const [order] = ofEachType((type) => firstOrder(orders, type));
      if (!order) return undefined;
      // Compared here and not by what a step leaves behind: a list that does not say is wrong in this case only.
      return [true, false].flatMap((autoExtend) => {
        const request = { ...order, autoExtend };
        const compare = (answer: object) => otherStates(readIpAddressList(answer).orders, request);
        return [successStep(setAutoExtend, request), successStep(listIpAddresses, {}, { claim, compare })];
      });
    },
  });
}

function firstOrder(orders: KnownOrders, type: ProxyType) {
  const [orderId] = orderIdsOf(orders[type]);
  const { rentPeriodDays = 0 } = orders[type] ?? {};
  return orderId === undefined ? undefined : { proxyType: type, orderIds: [orderId], rentPeriodDays };
}

/** The orders that the server priced and does not list. */
function missingOrders(listed: readonly ListedOrder[], orders: KnownOrders, type: ProxyType): Issue[] {
  return (orders[type]?.priced ?? [])
    .filter((orderId) => !listed.some((order) => order.orderId === orderId))
    .map((orderId) => issue(`must have order ${orderId} in it, because the server prices that order`));
}

/** The orders that have other IP addresses than in another list. */
function otherAddresses(
  listed: readonly ListedOrder[],
  whole: readonly ListedOrder[],
  orderIds: readonly string[],
): Issue[] {
  const addressesIn = (list: readonly ListedOrder[], orderId: string) => {
    const order = list.find((each) => each.orderId === orderId);
    return order && JSON.stringify(order.ipAddresses.map(({ ipAddressId }) => ipAddressId).sort());
  };
  return orderIds.flatMap((orderId) => {
    const expected = addressesIn(whole, orderId);
    const actual = addressesIn(listed, orderId);
    if (expected === undefined || actual === undefined || expected === actual) return [];
    return [issue(`must have order ${orderId} with the IP addresses ${expected}, as in the whole list`)];
  });
}

function ordersOfOtherTypes(listed: readonly ListedOrder[], orders: KnownOrders, type: ProxyType): Issue[] {
  const others = proxyTypes.filter((other) => other !== type);
  const ofOthers = new Set(others.flatMap((other) => orders[other]?.priced ?? []));
  return listed
    .filter(({ orderId, proxyType }) => (proxyType ?? type) !== type || ofOthers.has(orderId))
    .map(({ orderId }) => issue(`must have only IP addresses of ${type}, and so not order ${orderId}`));
}

/** Whether an order is listed as it was switched. */
function otherStates(
  listed: readonly ListedOrder[],
  { orderIds = [], autoExtend, rentPeriodDays }: SwitchRequest,
): Issue[] {
  const order = listed.find(({ orderId }) => orderIds.includes(orderId));
  if (!order) return [issue(`must have order ${orderIds} in it, because it was just switched`)];
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

function statements(...names: readonly string[]): string[] {
  return statementsOf(listIpAddresses, ...names);
}
