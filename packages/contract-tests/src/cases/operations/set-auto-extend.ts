import {
  type ProxyType,
  proxyTypes,
  type RuleName,
  reservedOrderId,
  reservedProxyType,
  setAutoExtend,
  specOf,
} from "@auto-extend/core";
import { type KnownOrders, type ServerCase, serverCase } from "../case.js";
import { expectFailure, type JsonObject } from "../expectations.js";
import { ruleCases } from "../rule-cases.js";
import { orderIdsOf, requestOf, ruleOf, statementsOf, switchStep, typeOfSeveral } from "../steps.js";
import {
  changing,
  duplicatesCase,
  firstOrders,
  flip,
  flipBack,
  isOn,
  type Switchable,
  type SwitchSubject,
  sameIpAddresses,
  severalAddressesCase,
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

/** The cases of {@link setAutoExtend}. */
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
  return serverCase({
    id: "setAutoExtend/period",
    title: "sets the rental period of the request",
    statements: statements("success", "status"),
    ...changing(subject),
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
  const claim = "setAutoExtend/repeat";
  return serverCase({
    id: claim,
    title: "gives the same result when a request is repeated",
    statements: statements("repeat", "success", "status"),
    ...changing(subject),
    needs: "an order",
    steps(orders) {
      const [order] = firstOrders(subject, orders);
      if (!order) return undefined;
      return [
        switchStep(setAutoExtend, flip(order)),
        switchStep(setAutoExtend, flip(order), { claim, compare: sameIpAddresses }),
        switchStep(setAutoExtend, flipBack(order)),
      ];
    },
  });
}

/** All orders are switched together after each was switched alone, and one of them apart from the others. */
function severalOrdersCase(): ServerCase {
  const claim = "setAutoExtend/several-orders";
  return serverCase({
    id: claim,
    title: "switches several orders in one call, and one of them without the others",
    statements: statements("several-orders", "quantity", "success", "status"),
    ...changing(subject),
    needs: "two orders of one proxy type",
    steps(orders) {
      const type = typeOfSeveral(orders);
      const [first, ...others] = type ? switchableOrders(orders, type) : [];
      if (!first) return undefined;
      const all = [first, ...others];
      const orderIds = all.flatMap(({ named }) => named.orderIds ?? []);
      const autoExtend = isOn(first);
      return [
        ...all.map(({ named }) => switchStep(setAutoExtend, { ...named, autoExtend: !autoExtend })),
        switchStep(
          setAutoExtend,
          { ...first.named, orderIds, autoExtend },
          { claim, compare: sameIpAddresses },
        ),
        switchStep(setAutoExtend, { ...first.named, orderIds, autoExtend: !autoExtend }, { claim }),
        ...all.map(({ named }) => switchStep(setAutoExtend, { ...named, autoExtend })),
      ];
    },
  });
}

function everyOrderCountsCase(): ServerCase {
  const claim = "setAutoExtend/every-order-counts";
  return serverCase({
    id: claim,
    title: "counts at least one IP address for each of several orders",
    statements: statements("every-order-counts", "success", "status"),
    ...changing(subject),
    needs: "two orders of one proxy type",
    steps(orders) {
      const type = typeOfSeveral(orders);
      const [first] = type ? switchableOrders(orders, type) : [];
      // The answer is what counts, so nothing needs to change.
      return (
        first && [
          switchStep(setAutoExtend, { ...flipBack(first), orderIds: orderIdsOf(type && orders[type]) }),
        ]
      );
    },
  });
}

function unknownFieldsCase(): ServerCase {
  const claim = "setAutoExtend/unknown-fields";
  return serverCase({
    id: claim,
    title: "ignores fields that it does not know",
    statements: statements("unknown-fields", "success", "status"),
    ...changing(subject),
    needs: "an order",
    steps(orders) {
      const [order] = firstOrders(subject, orders);
      if (!order) return undefined;
      const unknown = { promoCode: null, note: { of: ["no interest"] } };
      return [
        switchStep(setAutoExtend, flip(order)),
        switchStep(setAutoExtend, { ...flipBack(order), ...unknown }, { claim }),
      ];
    },
  });
}

function charsetCase(): ServerCase {
  const rule = ruleOf(setAutoExtend, "proxy-type");
  const headers = { "content-type": "application/json; charset=utf-8" };
  return serverCase({
    id: "setAutoExtend/charset",
    title: "reads JSON whose media type names its charset",
    statements: [rule.id, ...statements("failure", "status")],
    safety: "harmless",
    steps: () => [
      { send: { ...requestOf(setAutoExtend, harmlessRequest), headers }, expect: expectFailure(rule) },
    ],
  });
}

function ruleOrderCase(name: RuleName<"setAutoExtend">, broken: JsonObject): ServerCase {
  const rule = ruleOf(setAutoExtend, name);
  return serverCase({
    id: `setAutoExtend/rule-order/${name}`,
    title: `answers with the error of rule ${name} if later rules are broken as well`,
    statements: [rule.id, ...statements("rule-order", "failure", "status")],
    safety: "refused",
    needs: "an order",
    steps(orders) {
      const [order] = firstOrders(subject, orders);
      if (!order) return undefined;
      return [
        {
          send: requestOf(setAutoExtend, { ...flip(order), ...broken }),
          expect: expectFailure(rule, { claims: statements("rule-order") }),
          leaves: { change: null, claims: statements("refusal-changes-nothing") },
        },
      ];
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

function statements(...names: readonly string[]): string[] {
  return statementsOf(setAutoExtend, ...names);
}
