import {
  type ProxyType,
  proxyTypes,
  type RuleName,
  reservedOrderId,
  reservedProxyType,
  setAutoExtend,
  specOf,
} from "@auto-extend/core";
import type { KnownOrders, ServerCase } from "../case.js";
import { expectFailure, type JsonObject } from "../expectations.js";
import { ruleCases } from "../rule-cases.js";
import { caseOf, orderIdsOf, requestOf, ruleOf, switchStep, typeOfSeveral } from "../steps.js";
import {
  duplicatesCase,
  firstOrders,
  flip,
  flipBack,
  isOn,
  type Switchable,
  type SwitchSubject,
  sameIpAddresses,
  severalAddressesCase,
  switchCase,
  switchSuccessCases,
} from "../switch-cases.js";

/** A body that no server can act on: its proxy type and its order id cannot exist. */
export const harmlessRequest: JsonObject = {
  ...specOf(setAutoExtend).examples.requests.IPv4.request,
  proxyType: reservedProxyType,
  orderIds: [reservedOrderId],
  autoExtend: false,
};

const subject: SwitchSubject = {
  operation: setAutoExtend,
  field: "orderIds",
  noun: "order",
  ordersOf: switchableOrders,
};

export const setAutoExtendCases: readonly ServerCase[] = [
  ...switchSuccessCases(subject),
  severalAddressesCase(subject),
  periodCase(),
  repeatCase(),
  duplicatesCase(subject),
  severalOrdersCase(),
  everyOrderCountsCase(),
  unknownFieldsCase(),
  charsetCase(),
  ...ruleCases({
    operation: setAutoExtend,
    requests: (orders) => firstOrders(subject, orders).map(flip),
    anyRequests: [
      { ...harmlessRequest, proxyType: "IPv4" },
      { ...harmlessRequest, proxyType: "IPv6" },
    ],
  }),
  // The first two rules are proven to come first by their own probes, which break the later rules as well.
  ruleOrderCase("order-ids", { rentPeriodDays: 0, autoExtend: null, orderIds: [reservedOrderId] }),
  ruleOrderCase("rental-period", { rentPeriodDays: 0, autoExtend: null }),
];

function periodCase(): ServerCase {
  return switchCase(subject, {
    name: "period",
    title: "sets the rental period of the request",
    about: ["success", "status"],
    needs: "an order of a proxy type for which a second rental period is sold",
    learns: "periods",
    steps(orders) {
      const type = proxyTypes.find((each) => orders[each]?.otherPeriodDays !== undefined);
      const [order] = type ? switchableOrders(orders, type) : [];
      if (!type || !order) return undefined;
      const on = { ...order.named, autoExtend: true };
      return [
        switchStep(setAutoExtend, { ...on, rentPeriodDays: orders[type]?.otherPeriodDays ?? 0 }),
        switchStep(setAutoExtend, on),
        switchStep(setAutoExtend, flipBack(order)),
      ];
    },
  });
}

function repeatCase(): ServerCase {
  return switchCase(subject, {
    name: "repeat",
    title: "gives the same result when a request is repeated",
    steps(orders, claim) {
      const [order] = firstOrders(subject, orders);
      return (
        order && [
          switchStep(setAutoExtend, flip(order)),
          switchStep(setAutoExtend, flip(order), { claim, compare: sameIpAddresses }),
          switchStep(setAutoExtend, flipBack(order)),
        ]
      );
    },
  });
}

/** All orders are switched together after each was switched alone, and one of them apart from the others. */
function severalOrdersCase(): ServerCase {
  return switchCase(subject, {
    name: "several-orders",
    title: "switches several orders in one call, and one of them without the others",
    about: ["several-orders", "quantity", "success", "status"],
    needs: "two orders of one proxy type",
    steps(orders, claim) {
      const type = typeOfSeveral(orders);
      const all = type ? switchableOrders(orders, type) : [];
      const [first] = all;
      if (!first) return undefined;
      const autoExtend = isOn(first);
      const together = { ...first.named, orderIds: all.flatMap(({ named }) => named.orderIds ?? []) };
      return [
        ...all.map(({ named }) => switchStep(setAutoExtend, { ...named, autoExtend: !autoExtend })),
        switchStep(setAutoExtend, { ...together, autoExtend }, { claim, compare: sameIpAddresses }),
        switchStep(setAutoExtend, { ...together, autoExtend: !autoExtend }, { claim }),
        ...all.map(({ named }) => switchStep(setAutoExtend, { ...named, autoExtend })),
      ];
    },
  });
}

/** The answer is what counts, so nothing needs to change. */
function everyOrderCountsCase(): ServerCase {
  return switchCase(subject, {
    name: "every-order-counts",
    title: "counts at least one IP address for each of several orders",
    needs: "two orders of one proxy type",
    steps(orders) {
      const type = typeOfSeveral(orders);
      const [first] = type ? switchableOrders(orders, type) : [];
      const orderIds = orderIdsOf(type && orders[type]);
      return first && [switchStep(setAutoExtend, { ...flipBack(first), orderIds })];
    },
  });
}

function unknownFieldsCase(): ServerCase {
  return switchCase(subject, {
    name: "unknown-fields",
    title: "ignores fields that it does not know",
    steps(orders, claim) {
      const [order] = firstOrders(subject, orders);
      const unknown = { promoCode: null, note: { of: ["no interest"] } };
      return (
        order && [
          switchStep(setAutoExtend, flip(order)),
          switchStep(setAutoExtend, { ...flipBack(order), ...unknown }, { claim }),
        ]
      );
    },
  });
}

function charsetCase(): ServerCase {
  const rule = ruleOf(setAutoExtend, "proxy-type");
  const headers = { "content-type": "application/json; charset=utf-8" };
  return caseOf(setAutoExtend, {
    name: "charset",
    title: "reads JSON whose media type names its charset",
    about: ["failure", "status"],
    also: [rule.id],
    steps: () => [
      { send: { ...requestOf(setAutoExtend, harmlessRequest), headers }, expect: expectFailure(rule) },
    ],
  });
}

function ruleOrderCase(name: RuleName<"setAutoExtend">, broken: JsonObject): ServerCase {
  const rule = ruleOf(setAutoExtend, name);
  return caseOf(setAutoExtend, {
    name: `rule-order/${name}`,
    title: `answers with the error of rule ${name} if later rules are broken as well`,
    about: ["rule-order", "failure", "status"],
    also: [rule.id],
    safety: "refused",
    needs: "an order",
    steps(orders) {
      const [order] = firstOrders(subject, orders);
      return (
        order && [
          {
            send: requestOf(setAutoExtend, { ...flip(order), ...broken }),
            expect: expectFailure(rule, { claims: ["setAutoExtend/rule-order"] }),
            leaves: { change: null, claims: ["setAutoExtend/refusal-changes-nothing"] },
          },
        ]
      );
    },
  });
}

function switchableOrders(orders: KnownOrders, type: ProxyType): Switchable[] {
  const { rentPeriodDays = 0, addresses = {} } = orders[type] ?? {};
  return orderIdsOf(orders[type]).map((orderId) => ({
    named: { proxyType: type, orderIds: [orderId], rentPeriodDays },
    addresses: addresses[orderId] ?? [],
  }));
}
