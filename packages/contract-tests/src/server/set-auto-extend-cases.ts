import {
  type Issue,
  impossibleOrderId,
  impossibleProxyType,
  type ProxyType,
  proxyTypes,
  type Rule,
  type SetAutoExtendRequest,
  type SetAutoExtendRuleName,
  setAutoExtend,
} from "@auto-extend/core";
import type { JsonObject } from "./answer.js";
import { expectFailure, expectSuccess } from "./envelope.js";
import { jsonRequest, type RuleSubject, ruleCases } from "./rule-cases.js";
import { type Orders, type ServerCase, type Step, serverCase } from "./server-case.js";
import { envelope } from "./set-auto-extend-envelope.js";

const proxyTypeRule = ruleNamed("proxy-type");
/** What is disproved where one of the four types is refused for its type. */
const typeStatements = [proxyTypeRule.id, `error-code/${proxyTypeRule.code}`];

/** A body that no server can act on: its proxy type and its order id can't exist. */
export const harmlessRequest: JsonObject = {
  ...setAutoExtend.examples.byType.IPv4.request,
  proxyType: impossibleProxyType,
  orderIds: [impossibleOrderId],
  autoExtend: false,
};

const subject: RuleSubject = {
  operation: setAutoExtend,
  envelope,
  requests: offRequests,
  anyRequests: [
    { ...harmlessRequest, proxyType: "IPv4" },
    { ...harmlessRequest, proxyType: "IPv6" },
  ],
};

/** What a server of {@link setAutoExtend} must do. */
export const setAutoExtendCases: readonly ServerCase[] = [
  ...proxyTypes.map(successCase),
  repeatCase(),
  duplicatesCase(),
  severalOrdersCase(),
  unknownFieldsCase(),
  charsetCase(),
  ...ruleCases(subject),
  ...ruleOrderCases(),
];

function successCase(type: ProxyType): ServerCase {
  return serverCase({
    id: `setAutoExtend/success/${type}`,
    title: `switches the orders of ${type} on, and off again`,
    statements: [...typeStatements, ...statements("success", "quantity", "status", "off")],
    safety: "changes",
    needs: `an order of ${type}`,
    steps(orders) {
      const off = requestFor(orders, type);
      return off && [step({ ...off, autoExtend: true }), step(off, "off")];
    },
  });
}

function repeatCase(): ServerCase {
  return serverCase({
    id: "setAutoExtend/repeat",
    title: "does the same again when a request is repeated",
    statements: statements("repeat", "success", "status"),
    safety: "changes",
    needs: "an order",
    steps(orders) {
      const [off] = offRequests(orders);
      if (!off) return undefined;
      const on = { ...off, autoExtend: true };
      return [step(on), step(on, "repeat", sameIpAddresses), step(off)];
    },
  });
}

function duplicatesCase(): ServerCase {
  return serverCase({
    id: "setAutoExtend/duplicates",
    title: "counts an order once that is listed twice",
    statements: statements("duplicates", "success", "status"),
    safety: "changes",
    needs: "an order",
    steps(orders) {
      const [once] = offRequests(orders);
      if (!once) return undefined;
      const twice = { ...once, orderIds: [...once.orderIds, ...once.orderIds] };
      return [step(once), step(twice, "duplicates", sameIpAddresses)];
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
      const type = proxyTypes.find((candidate) => new Set(orders[candidate]?.orderIds).size >= 2);
      const off = type && requestFor(orders, type);
      if (!off) return undefined;
      const orderIds = [...new Set(orders[type]?.orderIds)];
      const alone = orderIds.map((orderId) => step({ ...off, orderIds: [orderId] }));
      return [...alone, step({ ...off, orderIds }, "several-orders", sameIpAddresses)];
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
      const [known] = offRequests(orders);
      return (
        known && [
          step(known),
          step({ ...known, promoCode: null, note: { of: ["no interest"] } }, "unknown-fields"),
        ]
      );
    },
  });
}

function charsetCase(): ServerCase {
  const request = jsonRequest(setAutoExtend, harmlessRequest);
  const headers = { "content-type": "application/json; charset=utf-8" };
  return serverCase({
    id: "setAutoExtend/charset",
    title: "reads JSON whose media type names its charset",
    statements: [proxyTypeRule.id, ...statements("failure", "status")],
    safety: "harmless",
    steps: () => [{ send: { ...request, headers }, expect: expectFailure(envelope, proxyTypeRule) }],
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

function ruleOrderCase(name: SetAutoExtendRuleName, broken: JsonObject): ServerCase {
  const rule = ruleNamed(name);
  return serverCase({
    id: `setAutoExtend/rule-order/${name}`,
    title: `goes by the rule ${name} where the ones after it are broken as well`,
    statements: [rule.id, ...statements("rule-order", "failure", "status")],
    safety: "refused",
    needs: "an order",
    steps(orders) {
      const [valid] = offRequests(orders);
      if (!valid) return undefined;
      const expect = expectFailure(envelope, rule, { claims: statements("rule-order") });
      return [{ send: jsonRequest(setAutoExtend, { ...valid, ...broken }), expect }];
    },
  });
}

/** For each proxy type that has orders, the request that switches the first of them off. */
function offRequests(orders: Orders): SetAutoExtendRequest[] {
  return proxyTypes.flatMap((type) => requestFor(orders, type) ?? []);
}

/** A request that succeeds and switches the first order of a proxy type off. */
function requestFor(orders: Orders, type: ProxyType): SetAutoExtendRequest | undefined {
  const [orderId] = orders[type]?.orderIds ?? [];
  const { rentPeriodDays } = orders[type] ?? {};
  if (orderId === undefined || rentPeriodDays === undefined) return undefined;
  return { proxyType: type, orderIds: [orderId], rentPeriodDays, autoExtend: false };
}

function step(
  request: JsonObject,
  claim?: string,
  compare?: (answer: JsonObject, earlier: readonly JsonObject[]) => Issue[],
): Step {
  return {
    send: jsonRequest(setAutoExtend, request),
    expect: expectSuccess(envelope, request, {
      ...(claim === undefined ? {} : { claim: `setAutoExtend/${claim}` }),
      // Whatever the orders are: a request for one of the four types must not be refused for its type.
      refusals: { [proxyTypeRule.code]: typeStatements },
      ...(compare === undefined ? {} : { compare }),
    }),
  };
}

/** The success must be about the IP addresses of the earlier ones together: as many, and the same where listed. */
function sameIpAddresses(answer: JsonObject, earlier: readonly JsonObject[]): Issue[] {
  const quantity = earlier.reduce((sum, part) => sum + Number(part.quantity), 0);
  if (answer.quantity !== quantity) {
    return [{ path: "quantity", message: `${quantity}, as in the requests before` }];
  }
  const wanted = earlier.flatMap(ipAddressIds).sort();
  const listed = ipAddressIds(answer).sort();
  if (listed.join() === wanted.join()) return [];
  return [
    { path: "ipAddressIds", message: `${JSON.stringify(wanted)} in any order, as in the requests before` },
  ];
}

function ipAddressIds(answer: JsonObject): unknown[] {
  return Array.isArray(answer.ipAddressIds) ? [...answer.ipAddressIds] : [];
}

/** A rule of {@link setAutoExtend} by its name. */
export function ruleNamed(name: SetAutoExtendRuleName): Rule {
  const rule = setAutoExtend.rules.find((candidate) => candidate.name === name);
  if (!rule) throw new RangeError(`There is no rule ${name}.`);
  return rule;
}

function statements(...names: readonly string[]): string[] {
  return names.map((name) => `setAutoExtend/${name}`);
}
