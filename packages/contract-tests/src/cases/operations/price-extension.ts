import {
  getBalance,
  type Issue,
  insufficientFundsCode,
  type ProxyType,
  priceExtension,
  priceExtensionByIpAddress,
  proxyTypes,
  reservedIpAddressId,
  reservedOrderId,
} from "@auto-extend/core";
import type { KnownOrders, ServerCase } from "../case.js";
import type { JsonObject } from "../expectations.js";
import { ruleCases } from "../rule-cases.js";
import {
  addressesOf,
  type CaseParts,
  caseOf,
  idsOf,
  ofEachType,
  orderIdsOf,
  successStep,
  typeStatementsOf,
} from "../steps.js";

interface Subject {
  readonly operation: typeof priceExtension | typeof priceExtensionByIpAddress;
  readonly field: "orderIds" | "ipAddressIds";
  /** Lists of ids of a proxy type, each of which can be priced alone. */
  readonly listsOf: (orders: KnownOrders, type: ProxyType) => readonly string[][];
  readonly reservedId: string;
  readonly several: string;
  readonly learns?: ServerCase["learns"];
}

export const priceExtensionCases: readonly ServerCase[] = priceCases({
  operation: priceExtension,
  field: "orderIds",
  listsOf: (orders, type) => orderIdsOf(orders[type]).map((id) => [id]),
  reservedId: reservedOrderId,
  several: "several-orders",
});

export const priceExtensionByIpAddressCases: readonly ServerCase[] = priceCases({
  operation: priceExtensionByIpAddress,
  field: "ipAddressIds",
  listsOf: (orders, type) => addressesOf(orders[type]).map(idsOf),
  reservedId: reservedIpAddressId,
  several: "several-addresses",
  learns: "addresses",
});

function priceCases(subject: Subject): ServerCase[] {
  const { operation, field, reservedId, learns } = subject;
  const reserved = { [field]: [reservedId], rentPeriodDays: 30 };
  return [
    ...proxyTypes.map((type) => successCase(subject, type)),
    warningsCase(subject),
    spendsNothingCase(subject),
    severalCase(subject),
    promoCodeCase(subject),
    ...ruleCases({
      operation,
      requests: (orders) => firstRequests(subject, orders),
      anyRequests: [
        { ...reserved, proxyType: "IPv4" },
        { ...reserved, proxyType: "IPv6" },
      ],
      ...(learns && { learns }),
    }),
  ];
}

function successCase(subject: Subject, type: ProxyType): ServerCase {
  return priceCase(subject, {
    name: `success/${type}`,
    title: `prices an extension of ${type}`,
    about: ["success", "status"],
    also: typeStatementsOf(subject.operation),
    needs: `an order of ${type}`,
    steps(orders) {
      const request = requestFor(subject, orders, type);
      return request && [successStep(subject.operation, request)];
    },
  });
}

function warningsCase(subject: Subject): ServerCase {
  return priceCase(subject, {
    name: "warnings",
    title: "warns if the balance does not cover the price, and only then",
    steps(orders, claim) {
      const all = ofEachType((type) => requestFor(subject, orders, type, "all"));
      const options = { claim, compare: wrongWarning };
      return all.length > 0
        ? all.map((request) => successStep(subject.operation, request, options))
        : undefined;
    },
  });
}

function spendsNothingCase(subject: Subject): ServerCase {
  return priceCase(subject, {
    name: "spends-nothing",
    title: "leaves balance and auto-extend as they are when it prices",
    also: ["getBalance/success"],
    steps(orders, claim) {
      const [request] = firstRequests(subject, orders);
      const unchanged = { claim, compare: sameBalance };
      return (
        request && [
          successStep(getBalance, {}),
          successStep(subject.operation, request, {
            ...unchanged,
            leaves: { change: null, claims: [claim] },
          }),
          successStep(getBalance, {}, unchanged),
        ]
      );
    },
  });
}

function severalCase(subject: Subject): ServerCase {
  const { operation, field, listsOf, several } = subject;
  return priceCase(subject, {
    name: several,
    title: "prices several together at the sum of their prices",
    needs: "two orders of one proxy type",
    steps(orders, claim) {
      const type = proxyTypes.find((each) => listsOf(orders, each).length >= 2);
      const all = type && requestFor(subject, orders, type, "all");
      if (!all) return undefined;
      return [
        ...listsOf(orders, type).map((ids) => successStep(operation, { ...all, [field]: ids })),
        successStep(operation, all, { claim, compare: otherSum }),
      ];
    },
  });
}

function promoCodeCase(subject: Subject): ServerCase {
  return priceCase(subject, {
    name: "promo-code",
    title: "returns the full price and NO_VALID for a promo code that does not exist",
    steps(orders, claim) {
      const [request] = firstRequests(subject, orders);
      if (!request) return undefined;
      const step = (json: JsonObject, status: string | null) =>
        successStep(subject.operation, json, {
          claim,
          compare: (answer, earlier) => [
            ...(status === null ? [] : otherPrice(answer, earlier)),
            ...otherStatus(answer, status),
          ],
        });
      return [step(request, null), step({ ...request, promoCode: "no-such-promo-code" }, "NO_VALID")];
    },
  });
}

function priceCase({ operation, learns }: Subject, parts: CaseParts): ServerCase {
  return caseOf(operation, { needs: "an order", ...parts, ...(learns && { learns }) });
}

function firstRequests(subject: Subject, orders: KnownOrders): JsonObject[] {
  return ofEachType((type) => requestFor(subject, orders, type));
}

/** A request that prices the first order of a proxy type, or all of them; `undefined` if the type has no orders. */
function requestFor(
  { field, listsOf }: Subject,
  orders: KnownOrders,
  type: ProxyType,
  which: "first" | "all" = "first",
): JsonObject | undefined {
  const { rentPeriodDays = 0 } = orders[type] ?? {};
  const lists = listsOf(orders, type);
  const ids = (which === "all" ? lists : lists.slice(0, 1)).flat();
  return ids.length > 0 ? { proxyType: type, [field]: ids, rentPeriodDays } : undefined;
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
  return [{ path: "price", message: `must be ${Number(sum.toFixed(6))}, as in the requests before` }];
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
