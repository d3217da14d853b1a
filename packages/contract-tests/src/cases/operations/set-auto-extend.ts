import {
  idKinds,
  proxyTypes,
  type RuleName,
  reservedOrderId,
  reservedProxyType,
  setAutoExtend,
  setAutoExtendByIpAddress,
  specOf,
} from "@auto-extend/core";
import type { ServerCase } from "../case.js";
import { expectFailure, type JsonObject } from "../expectations.js";
import {
  byIpAddressIds,
  type OrderSubject,
  orderCase,
  orderRuleCases,
  ordersOf,
  withOne,
  withSeveral,
} from "../order-cases.js";
import { caseOf, ofEachType, requestOf, ruleOf, switchStep } from "../steps.js";
import {
  duplicatesCase,
  flip,
  flipBack,
  isOn,
  sameIpAddresses,
  severalAddressesCase,
  severalOrdersCase,
  switchSuccessCases,
} from "../switch-cases.js";

// The operations that switch auto-extend, by order and by IP address.

/** A body that no server can act on: its proxy type and its order ID cannot exist. */
export const harmlessRequest: JsonObject = {
  ...specOf(setAutoExtend).examples.requests.IPv4.request,
  proxyType: reservedProxyType,
  orderIds: [reservedOrderId],
  autoExtend: false,
};

const subject: OrderSubject = { operation: setAutoExtend, ...idKinds.order };
const ofAddresses: OrderSubject = { operation: setAutoExtendByIpAddress, ...byIpAddressIds };

export const setAutoExtendCases: readonly ServerCase[] = [
  ...switchSuccessCases(subject),
  severalAddressesCase(subject),
  periodCase(),
  repeatCase(),
  duplicatesCase(subject),
  severalOrdersCase(subject, {
    name: "several-orders",
    title: "switches several orders in one call, and one of them without the others",
    about: ["several-orders", "quantity", "success", "status"],
  }),
  everyOrderCountsCase(),
  unknownFieldsCase(),
  charsetCase(),
  ...orderRuleCases(subject, flip, { autoExtend: false }),
  // The first two rules are proven to come first by their own probes, which break the later rules as well.
  ruleOrderCase("order-ids", { rentPeriodDays: 0, autoExtend: null, orderIds: [reservedOrderId] }),
  ruleOrderCase("rental-period", { rentPeriodDays: 0, autoExtend: null }),
];

export const setAutoExtendByIpAddressCases: readonly ServerCase[] = [
  ...switchSuccessCases(ofAddresses),
  severalAddressesCase(ofAddresses),
  partOfOrderCase(),
  severalOrdersCase(ofAddresses, {
    name: "quantity",
    title: "switches the IP addresses of several orders in one call, and those of one without the others",
  }),
  duplicatesCase(ofAddresses),
  ...orderRuleCases(ofAddresses, flip, { autoExtend: false }),
];

function periodCase(): ServerCase {
  return orderCase(subject, {
    name: "period",
    title: "sets the rental period of the request",
    about: ["success", "status"],
    needs: "an order of a proxy type for which a second rental period is sold",
    learns: "periods",
    steps(orders) {
      const type = proxyTypes.find((each) => orders[each]?.otherPeriodDays !== undefined);
      const [order] = type ? ordersOf(subject, orders, type) : [];
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
  return orderCase(subject, {
    name: "repeat",
    title: "gives the same result when a request is repeated",
    steps: withOne(subject, (order, claim) => [
      switchStep(setAutoExtend, flip(order)),
      switchStep(setAutoExtend, flip(order), { claim, compare: sameIpAddresses }),
      switchStep(setAutoExtend, flipBack(order)),
    ]),
  });
}

/** The answer is what counts, so nothing needs to change. */
function everyOrderCountsCase(): ServerCase {
  return orderCase(subject, {
    name: "every-order-counts",
    title: "counts at least one IP address for each of several orders",
    needs: "two orders of one proxy type",
    steps: withSeveral(subject, ([first], together) => [
      switchStep(setAutoExtend, { ...together, autoExtend: isOn(first) }),
    ]),
  });
}

function unknownFieldsCase(): ServerCase {
  return orderCase(subject, {
    name: "unknown-fields",
    title: "ignores fields that it does not know",
    steps: withOne(subject, (order, claim) => {
      const unknown = { promoCode: null, note: { of: ["no interest"] } };
      return [
        switchStep(setAutoExtend, flip(order)),
        switchStep(setAutoExtend, { ...flipBack(order), ...unknown }, { claim }),
      ];
    }),
  });
}

function charsetCase(): ServerCase {
  const rule = ruleOf(setAutoExtend, "proxy-type");
  const headers = { "content-type": "application/json; charset=utf-8" };
  return caseOf(setAutoExtend, {
    name: "charset",
    title: "accepts JSON whose media type names its charset",
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
    steps: withOne(subject, (order) => [
      {
        send: requestOf(setAutoExtend, { ...flip(order), ...broken }),
        expect: expectFailure(rule, { claims: ["setAutoExtend/rule-order"] }),
        leaves: { change: null, claims: ["setAutoExtend/refusal-changes-nothing"] },
      },
    ]),
  });
}

/** IP addresses of an order other than IPv6 are switched one by one. */
function partOfOrderCase(): ServerCase {
  return orderCase(ofAddresses, {
    name: "part-of-order",
    title: "switches an IP address without the others of its order",
    about: ["success", "quantity", "status"],
    needs: "an order with several IP addresses that is not of IPv6",
    steps(orders) {
      const [order] = ofEachType((type) =>
        type === "IPv6"
          ? undefined
          : ordersOf(ofAddresses, orders, type).find(({ addresses }) => addresses.length >= 2),
      );
      if (!order) return undefined;
      const parts = order.addresses.map((each) => ({ ...order.named, ipAddressIds: [each.ipAddressId] }));
      return [!isOn(order), isOn(order)].flatMap((autoExtend) =>
        parts.map((part) => switchStep(setAutoExtendByIpAddress, { ...part, autoExtend })),
      );
    },
  });
}
