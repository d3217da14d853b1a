import {
  getBalance,
  type Issue,
  idKinds,
  insufficientFundsCode,
  type ProxyType,
  priceExtension,
  priceExtensionByIpAddress,
  proxyTypes,
} from "@auto-extend/core";
import type { ServerCase } from "../case.js";
import type { JsonObject } from "../expectations.js";
import {
  byIpAddressIds,
  byType,
  firstOfEachType,
  inTurn,
  type OrderSubject,
  orderCase,
  orderRuleCases,
  together,
  withEachType,
  withSeveral,
} from "../order-cases.js";
import { leaving, successStep, typeStatementsOf } from "../steps.js";

export const priceExtensionCases = priceCases(
  { operation: priceExtension, ...idKinds.order },
  "several-orders",
);
export const priceExtensionByIpAddressCases = priceCases(
  { operation: priceExtensionByIpAddress, ...byIpAddressIds },
  "several-addresses",
);

function priceCases(subject: OrderSubject, several: string): readonly ServerCase[] {
  return [
    ...proxyTypes.map((type) => successCase(subject, type)),
    warningsCase(subject),
    spendsNothingCase(subject),
    severalCase(subject, several),
    promoCodeCase(subject),
    ...orderRuleCases(subject, ({ named }) => named),
  ];
}

function successCase(subject: OrderSubject, type: ProxyType): ServerCase {
  return orderCase(subject, {
    name: `success/${type}`,
    title: `prices an extension of ${type}`,
    about: ["success", "status"],
    also: typeStatementsOf(subject.operation),
    needs: `an order of ${type}`,
    steps(orders) {
      const order = orders.find(({ proxyType }) => proxyType === type);
      return order && [successStep(subject.operation, order.named)];
    },
  });
}

function warningsCase(subject: OrderSubject): ServerCase {
  return orderCase(subject, {
    name: "warnings",
    title: "warns if the balance does not cover the price, and only then",
    steps(orders, claim) {
      const all = byType(orders).flatMap((ofType) => together(subject, ofType));
      const options = { claim, compare: wrongWarning };
      return inTurn(all, (request) => [successStep(subject.operation, request, options)]);
    },
  });
}

function spendsNothingCase(subject: OrderSubject): ServerCase {
  return orderCase(subject, {
    name: "spends-nothing",
    title: "leaves balance and auto-extend as they are when it prices",
    also: ["getBalance/success"],
    steps(orders, claim) {
      const unchanged = { claim, compare: sameBalance };
      const prices = leaving(
        { change: null, claims: [claim] },
        firstOfEachType(orders).map(({ named }) => successStep(subject.operation, named, unchanged)),
      );
      return prices && [successStep(getBalance, {}), ...prices, successStep(getBalance, {}, unchanged)];
    },
  });
}

function severalCase(subject: OrderSubject, name: string): ServerCase {
  const { operation } = subject;
  return orderCase(subject, {
    name,
    title: "prices several IDs together at the sum of their prices",
    needs: "two orders of one proxy type",
    steps: withSeveral(subject, (all, together, claim) => [
      ...all.map(({ named }) => successStep(operation, named)),
      successStep(operation, together, { claim, compare: otherSum }),
    ]),
  });
}

function promoCodeCase(subject: OrderSubject): ServerCase {
  return orderCase(subject, {
    name: "promo-code",
    title: "returns the full price and NO_VALID for a promo code that does not exist",
    steps: withEachType(({ named }, claim) => {
      const step = (json: JsonObject, status: string | null) =>
        successStep(subject.operation, json, {
          claim,
          compare: (answer, earlier) => [
            ...(status === null ? [] : otherPrice(answer, earlier)),
            ...otherStatus(answer, status),
          ],
        });
      return [step(named, null), step({ ...named, promoCode: "no-such-promo-code" }, "NO_VALID")];
    }),
  });
}

function wrongWarning({ price, balance, discount, warnings }: JsonObject): Issue[] {
  const isShort = Number(price) > Number(balance) && !isSameAmount(price, balance);
  // Nothing public says whether a price is meant before or after its discount.
  if (isShort && Number(discount) > 0) return [];
  const isWarned = (Array.isArray(warnings) ? warnings : []).some(
    (warning) => (warning as JsonObject).code === insufficientFundsCode,
  );
  if (isWarned === isShort) return [];
  const verb = isShort ? "must have a" : "must not have a";
  const cover = isShort ? "does not cover" : "covers";
  const why = `the balance ${JSON.stringify(balance)} ${cover} the price ${JSON.stringify(price)}`;
  return [{ path: "warnings", message: `${verb} warning ${insufficientFundsCode}, because ${why}` }];
}

function sameBalance({ balance }: JsonObject, [before]: readonly JsonObject[]): Issue[] {
  if (isSameAmount(balance, before?.balance)) return [];
  return [{ path: "balance", message: `must be ${JSON.stringify(before?.balance)}, as before` }];
}

/** The price must be that of the earlier ones together, unless a discount on quantity may be in it. */
function otherSum(answer: JsonObject, earlier: readonly JsonObject[]): Issue[] {
  return [answer, ...earlier].some(({ discount }) => Number(discount) > 0) ? [] : otherPrice(answer, earlier);
}

function otherPrice({ price }: JsonObject, earlier: readonly JsonObject[]): Issue[] {
  const sum = earlier.reduce((total, part) => total + Number(part.price), 0);
  if (isSameAmount(price, sum)) return [];
  return [
    { path: "price", message: `must be ${Number(sum.toFixed(6))}, as in the earlier requests together` },
  ];
}

function otherStatus({ promoCodeStatus }: JsonObject, expected: string | null): Issue[] {
  if (promoCodeStatus === expected) return [];
  const why = expected === null ? "there was no promo code" : "the promo code does not exist";
  return [{ path: "promoCodeStatus", message: `must be ${JSON.stringify(expected)}, because ${why}` }];
}

/** Whether two amounts are the same, apart from rounding errors in their last digits. */
function isSameAmount(one: unknown, other: unknown): boolean {
  return Math.abs(Number(one) - Number(other)) < 5e-7;
}
