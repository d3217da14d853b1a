import {
  impossibleOrderId,
  impossibleProxyType,
  type RuleName,
  type SetAutoExtendRequest,
  setAutoExtend,
  specOf,
} from "@auto-extend/core";
import type { JsonObject } from "../answer.js";
import { type ServerCase, serverCase } from "../case.js";
import { expectFailure } from "../expectations.js";
import { requestOf } from "../request.js";
import { ruleCases } from "../rule-cases.js";
import { orderIdsOf, orderNamed, ruleOf, statementsOf, successStep, typeOfSeveral } from "../steps.js";
import {
  duplicatesCase,
  offRequests,
  type SwitchSubject,
  sameIpAddresses,
  switchSuccessCases,
} from "../switch-cases.js";
import { switchEnvelope } from "../switch-envelope.js";

const envelope = switchEnvelope(setAutoExtend);

/** A body that no server can act on: its proxy type and its order id can't exist. */
export const harmlessRequest: JsonObject = {
  ...specOf(setAutoExtend).examples.requests.IPv4.request,
  proxyType: impossibleProxyType,
  orderIds: [impossibleOrderId],
  autoExtend: false,
};

const subject: SwitchSubject = {
  envelope,
  ids: "orderIds",
  named: "order",
  offRequest(orders, type): SetAutoExtendRequest | undefined {
    const named = orderNamed(orders, type);
    return named && { ...named, autoExtend: false };
  },
};

/** What a server of {@link setAutoExtend} must do. */
export const setAutoExtendCases: readonly ServerCase[] = [
  ...switchSuccessCases(subject),
  repeatCase(),
  duplicatesCase(subject),
  severalOrdersCase(),
  everyOrderCountsCase(),
  unknownFieldsCase(),
  charsetCase(),
  ...ruleCases({
    envelope,
    requests: (orders) => offRequests(subject, orders),
    anyRequests: [
      { ...harmlessRequest, proxyType: "IPv4" },
      { ...harmlessRequest, proxyType: "IPv6" },
    ],
  }),
  ...ruleOrderCases(),
];

function repeatCase(): ServerCase {
  return serverCase({
    id: "setAutoExtend/repeat",
    title: "does the same again when a request is repeated",
    statements: statements("repeat", "success", "status"),
    safety: "changes",
    needs: "an order",
    steps(orders) {
      const [off] = offRequests(subject, orders);
      if (!off) return undefined;
      const on = { ...off, autoExtend: true };
      const claim = "setAutoExtend/repeat";
      return [
        successStep(envelope, on),
        successStep(envelope, on, { claim, compare: sameIpAddresses }),
        successStep(envelope, off),
      ];
    },
  });
}

function severalOrdersCase(): ServerCase {
  return serverCase({
    id: "setAutoExtend/several-orders",
    title: "switches several orders in one call",
    statements: statements("several-orders", "quantity", "success", "status"),
    safety: "changes",
    needs: "two orders of one proxy type",
    steps(orders) {
      const type = typeOfSeveral(orders);
      const off = type && subject.offRequest(orders, type);
      if (!off) return undefined;
      const orderIds = orderIdsOf(orders[type]);
      const claim = "setAutoExtend/several-orders";
      return [
        ...orderIds.map((orderId) => successStep(envelope, { ...off, orderIds: [orderId] })),
        successStep(envelope, { ...off, orderIds }, { claim, compare: sameIpAddresses }),
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
    safety: "changes",
    needs: "two orders of one proxy type",
    steps(orders) {
      const type = typeOfSeveral(orders);
      const off = type && subject.offRequest(orders, type);
      if (!off) return undefined;
      const request = { ...off, orderIds: orderIdsOf(orders[type]) };
      const compare = ({ quantity }: JsonObject) =>
        Number(quantity) >= request.orderIds.length
          ? []
          : [{ path: "quantity", message: `at least ${request.orderIds.length}, one for each order` }];
      return [successStep(envelope, request, { claim, compare })];
    },
  });
}

function unknownFieldsCase(): ServerCase {
  return serverCase({
    id: "setAutoExtend/unknown-fields",
    title: "ignores fields that it does not know",
    statements: statements("unknown-fields", "success", "status"),
    safety: "changes",
    needs: "an order",
    steps(orders) {
      const [known] = offRequests(subject, orders);
      if (!known) return undefined;
      const more = { ...known, promoCode: null, note: { of: ["no interest"] } };
      return [
        successStep(envelope, known),
        successStep(envelope, more, { claim: "setAutoExtend/unknown-fields" }),
      ];
    },
  });
}

function charsetCase(): ServerCase {
  const rule = ruleOf(setAutoExtend, "proxy-type");
  const request = requestOf(setAutoExtend, harmlessRequest);
  const headers = { "content-type": "application/json; charset=utf-8" };
  return serverCase({
    id: "setAutoExtend/charset",
    title: "reads JSON whose media type names its charset",
    statements: [rule.id, ...statements("failure", "status")],
    safety: "harmless",
    steps: () => [{ send: { ...request, headers }, expect: expectFailure(envelope, rule) }],
  });
}

/** That the first two rules come first is proven by their own probes, which break the later rules as well. */
function ruleOrderCases(): ServerCase[] {
  const brokenPeriod = { rentPeriodDays: 0, autoExtend: null };
  return [
    ruleOrderCase("order-ids", { ...brokenPeriod, orderIds: [impossibleOrderId] }),
    ruleOrderCase("rental-period", brokenPeriod),
  ];
}

function ruleOrderCase(name: RuleName<"setAutoExtend">, broken: JsonObject): ServerCase {
  const rule = ruleOf(setAutoExtend, name);
  return serverCase({
    id: `setAutoExtend/rule-order/${name}`,
    title: `goes by the rule ${name} where the ones after it are broken as well`,
    statements: [rule.id, ...statements("rule-order", "failure", "status")],
    safety: "refused",
    needs: "an order",
    steps(orders) {
      const [valid] = offRequests(subject, orders);
      if (!valid) return undefined;
      const expect = expectFailure(envelope, rule, { claims: statements("rule-order") });
      return [{ send: requestOf(setAutoExtend, { ...valid, ...broken }), expect }];
    },
  });
}

function statements(...names: readonly string[]): string[] {
  return statementsOf(setAutoExtend, ...names);
}
