import {
  type Issue,
  impossibleOrderId,
  insufficientFundsCode,
  type ProxyType,
  priceExtension,
  proxyTypes,
} from "@auto-extend/core";
import { isJsonObject, type JsonObject } from "./answer.js";
import type { Envelope } from "./envelope.js";
import { balanceEnvelope } from "./get-balance-cases.js";
import {
  ofEachType,
  orderIdsOf,
  orderNamed,
  statementsOf,
  successStep,
  typeOfSeveral,
  typeStatementsOf,
} from "./operation-steps.js";
import { ruleCases } from "./rule-cases.js";
import { type ServerCase, serverCase } from "./server-case.js";

const { success, failure } = priceExtension.emits;

const envelope: Envelope = {
  operation: priceExtension,
  lawful: {
    success: success.extend({ warnings: failure.shape.error.passthrough().array().nullable() }).passthrough(),
    failure: failure.extend({ error: failure.shape.error.passthrough() }).passthrough(),
  },
  check: (request, answer) => [
    ...priceExtension.check(request, { ...answer, success: answer.success === true }),
    ...(answer.success ? warningIssues(answer) : []),
  ],
};

/** A promo code that nobody gives away. */
const promoCode = "no-such-promo-code";

/** What a server of {@link priceExtension} must do. */
export const priceExtensionCases: readonly ServerCase[] = [
  ...proxyTypes.map(successCase),
  warningsCase(),
  spendsNothingCase(),
  severalOrdersCase(),
  promoCodeCase(),
  ...ruleCases({
    envelope,
    requests: (orders) => ofEachType((type) => orderNamed(orders, type)),
    anyRequests: [
      { proxyType: "IPv4", orderIds: [impossibleOrderId], rentPeriodDays: 30 },
      { proxyType: "IPv6", orderIds: [impossibleOrderId], rentPeriodDays: 30 },
    ],
  }),
];

function successCase(type: ProxyType): ServerCase {
  return serverCase({
    id: `priceExtension/success/${type}`,
    title: `prices an extension of an order of ${type}`,
    statements: [...typeStatementsOf(priceExtension), ...statements("success", "status")],
    safety: "harmless",
    needs: `an order of ${type}`,
    steps(orders) {
      const request = orderNamed(orders, type);
      return request && [successStep(envelope, request)];
    },
  });
}

function warningsCase(): ServerCase {
  return serverCase({
    id: "priceExtension/warnings",
    title: "warns where the balance does not cover the price, and nowhere else",
    statements: statements("warnings", "success", "status"),
    safety: "harmless",
    needs: "an order",
    steps(orders) {
      const all = ofEachType((type) => {
        const request = orderNamed(orders, type);
        return request && { ...request, orderIds: orderIdsOf(orders[type]) };
      });
      return all.length > 0 ? all.map((request) => successStep(envelope, request)) : undefined;
    },
  });
}

function spendsNothingCase(): ServerCase {
  return serverCase({
    id: "priceExtension/spends-nothing",
    title: "takes nothing off the balance for telling a price",
    statements: [...statements("spends-nothing", "success", "status"), "getBalance/success"],
    safety: "harmless",
    needs: "an order",
    steps(orders) {
      const [request] = ofEachType((type) => orderNamed(orders, type));
      if (!request) return undefined;
      const unchanged = { claim: "priceExtension/spends-nothing", compare: sameBalance };
      return [
        successStep(balanceEnvelope, {}),
        successStep(envelope, request, unchanged),
        successStep(balanceEnvelope, {}, unchanged),
      ];
    },
  });
}

function severalOrdersCase(): ServerCase {
  return serverCase({
    id: "priceExtension/several-orders",
    title: "takes the sum of their prices for several orders",
    statements: statements("several-orders", "success", "status"),
    safety: "harmless",
    needs: "two orders of one proxy type",
    steps(orders) {
      const type = typeOfSeveral(orders);
      const request = type && orderNamed(orders, type);
      if (!request) return undefined;
      const orderIds = orderIdsOf(orders[type]);
      return [
        ...orderIds.map((orderId) => successStep(envelope, { ...request, orderIds: [orderId] })),
        successStep(
          envelope,
          { ...request, orderIds },
          { claim: "priceExtension/several-orders", compare: priceOfAll },
        ),
      ];
    },
  });
}

function promoCodeCase(): ServerCase {
  return serverCase({
    id: "priceExtension/promo-code",
    title: "leaves the price as it is for a promo code that does not exist, and says so",
    statements: statements("promo-code", "success", "status"),
    safety: "harmless",
    needs: "an order",
    steps(orders) {
      const [request] = ofEachType((type) => orderNamed(orders, type));
      if (!request) return undefined;
      const claim = "priceExtension/promo-code";
      return [
        successStep(envelope, request),
        successStep(
          envelope,
          { ...request, promoCode },
          { claim, compare: (answer, earlier) => [...priceOfAll(answer, earlier), ...unsaid(answer)] },
        ),
      ];
    },
  });
}

function warningIssues({ price, balance, warnings }: JsonObject) {
  const isShort = Number(price) > Number(balance) && !isSameAmount(price, balance);
  const warned = (Array.isArray(warnings) ? warnings : []).some(
    (warning) => isJsonObject(warning) && warning.code === insufficientFundsCode,
  );
  if (warned === isShort) return [];
  const cover = `the balance ${JSON.stringify(balance)} ${isShort ? "does not cover" : "covers"} the price`;
  const message = `${isShort ? "a" : "no"} warning ${insufficientFundsCode}, since ${cover} ${JSON.stringify(price)}`;
  return [{ path: "warnings", message, statement: "warnings" }];
}

function sameBalance({ balance }: JsonObject, [before]: readonly JsonObject[]): Issue[] {
  if (isSameAmount(balance, before?.balance)) return [];
  return [{ path: "balance", message: `${JSON.stringify(before?.balance)}, as before` }];
}

/** The price must be that of the earlier ones together. */
function priceOfAll({ price }: JsonObject, earlier: readonly JsonObject[]): Issue[] {
  const sum = earlier.reduce((total, part) => total + Number(part.price), 0);
  if (isSameAmount(price, sum)) return [];
  return [{ path: "price", message: `${Number(sum.toFixed(6))}, as in the requests before` }];
}

function unsaid({ promoCodeStatus }: JsonObject): Issue[] {
  return promoCodeStatus
    ? []
    : [{ path: "promoCodeStatus", message: "what became of the promo code, which does not exist" }];
}

/** Whether two amounts are the same but for what adding them up leaves in their last digits. */
function isSameAmount(one: unknown, other: unknown): boolean {
  return Math.abs(Number(one) - Number(other)) < 5e-7;
}

function statements(...names: readonly string[]): string[] {
  return statementsOf(priceExtension, ...names);
}
