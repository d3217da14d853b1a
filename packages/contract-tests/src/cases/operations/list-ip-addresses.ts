import {
  type Issue,
  type ListedOrder,
  listIpAddresses,
  type ProxyType,
  proxyTypes,
  readIpAddressList,
  type SetAutoExtendRequest,
  setAutoExtend,
} from "@auto-extend/core";
import type { JsonObject } from "../answer.js";
import { type KnownOrders, type ServerCase, type Step, serverCase } from "../case.js";
import { listEnvelope } from "../list-envelope.js";
import { ruleCases } from "../rule-cases.js";
import { ofEachType, orderNamed, statementsOf, successStep, typeStatementsOf } from "../steps.js";
import { switchEnvelope } from "../switch-envelope.js";

/** What a server of {@link listIpAddresses} must do. */
export const listIpAddressesCases: readonly ServerCase[] = [
  successCase(),
  wholeListCase(),
  ...proxyTypes.map(typeCase),
  extendInfoCase(),
  ...ruleCases({
    envelope: listEnvelope,
    anyRequests: [{}, {}],
  }),
];

function successCase(): ServerCase {
  return serverCase({
    id: "listIpAddresses/success",
    title: "lists the IP addresses of all orders that it has taken",
    statements: statements("success", "status"),
    safety: "harmless",
    learns: "orders",
    steps: (orders) => [
      listStep({}, "success", (listed) => proxyTypes.flatMap((type) => missingIssues(listed, orders, type))),
    ],
  });
}

function wholeListCase(): ServerCase {
  const claim = "listIpAddresses/whole-list";
  return serverCase({
    id: claim,
    title: "lists everything in one answer",
    statements: statements("whole-list", "success", "status"),
    safety: "harmless",
    steps: () => [
      successStep(listEnvelope, {}, { claim, compare: (answer) => [...readIpAddressList(answer).announced] }),
    ],
  });
}

function typeCase(type: ProxyType): ServerCase {
  return serverCase({
    id: `listIpAddresses/by-type/${type}`,
    title: `lists the IP addresses of ${type} alone where they are asked for`,
    statements: [...typeStatementsOf(listIpAddresses), ...statements("by-type", "success", "status")],
    safety: "harmless",
    learns: "orders",
    steps: (orders) => [
      listStep({ proxyType: type }, "by-type", (listed) => [
        ...missingIssues(listed, orders, type),
        ...foreignIssues(listed, orders, type),
      ]),
    ],
  });
}

function extendInfoCase(): ServerCase {
  const envelope = switchEnvelope(setAutoExtend);
  return serverCase({
    id: "listIpAddresses/extend-info",
    title: "lists an order as on that was switched on, and as off that was switched off",
    statements: statements("extend-info", "success", "status"),
    safety: "changes",
    needs: "an order",
    steps(orders) {
      const [named] = ofEachType((type) => orderNamed(orders, type));
      if (!named) return undefined;
      const on = { ...named, autoExtend: true };
      const off = { ...named, autoExtend: false };
      return [
        successStep(envelope, on),
        listStep({}, "extend-info", (listed) => stateIssues(listed, on)),
        successStep(envelope, off),
        listStep({}, "extend-info", (listed) => stateIssues(listed, off)),
      ];
    },
  });
}

/** Lists IP addresses, and compares what can be read of the answer. */
function listStep(
  request: JsonObject,
  claim: string,
  issuesOf: (listed: readonly ListedOrder[]) => Issue[],
): Step {
  return successStep(listEnvelope, request, {
    claim: `listIpAddresses/${claim}`,
    compare: (answer) => issuesOf(readIpAddressList(answer).orders),
  });
}

/** Orders that the server took and does not list, or not with the IP addresses that it named for them. */
function missingIssues(listed: readonly ListedOrder[], orders: KnownOrders, type: ProxyType): Issue[] {
  return Object.entries(orders[type]?.ipAddressIds ?? {}).flatMap(([orderId, ipAddressIds]) => {
    const order = listed.find((candidate) => candidate.orderId === orderId);
    if (!order) return [issue(`order ${orderId} in it, for the server has taken that`)];
    const ids = order.ipAddresses.map(({ ipAddressId }) => ipAddressId).sort();
    const isSame = ipAddressIds.length === 0 || ids.join() === [...ipAddressIds].sort().join();
    return isSame ? [] : [issue(`order ${orderId} with the IP addresses ${JSON.stringify(ipAddressIds)}`)];
  });
}

/** Orders of another proxy type, as the list says or the target does. */
function foreignIssues(listed: readonly ListedOrder[], orders: KnownOrders, type: ProxyType): Issue[] {
  const others = proxyTypes.filter((other) => other !== type);
  const foreign = new Set(others.flatMap((other) => Object.keys(orders[other]?.ipAddressIds ?? {})));
  return listed
    .filter(({ orderId, proxyType }) => (proxyType ?? type) !== type || foreign.has(orderId))
    .map(({ orderId }) => issue(`nothing but IP addresses of ${type}, so not order ${orderId}`));
}

/** Whether an order is listed as it was switched. */
function stateIssues(
  listed: readonly ListedOrder[],
  { orderIds, autoExtend, rentPeriodDays }: SetAutoExtendRequest,
): Issue[] {
  const order = listed.find(({ orderId }) => orderIds.includes(orderId));
  if (!order) return [issue(`order ${orderIds} in it, for it was just switched`)];
  const isRight = order.ipAddresses.every(
    (listed) => listed.autoExtend === autoExtend && (!autoExtend || listed.rentPeriodDays === rentPeriodDays),
  );
  if (isRight) return [];
  const state = autoExtend ? `on, for ${rentPeriodDays} days` : "off";
  return [issue(`extendInfo of order ${orderIds} says ${state}`)];
}

function issue(message: string): Issue {
  return { path: "", message };
}

function statements(...names: readonly string[]): string[] {
  return statementsOf(listIpAddresses, ...names);
}
