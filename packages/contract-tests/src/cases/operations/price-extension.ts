import {
  type Issue,
  impossibleIpAddressId,
  impossibleOrderId,
  insufficientFundsCode,
  type ProxyType,
  priceExtension,
  priceExtensionByIpAddress,
  proxyTypes,
} from "@auto-extend/core";
import { isJsonObject, type JsonObject } from "../answer.js";
import { type KnownOrders, type ServerCase, serverCase } from "../case.js";
import type { Envelope } from "../expectations.js";
import { ruleCases } from "../rule-cases.js";
import {
  addressesOf,
  ofEachType,
  orderIdsOf,
  statementsOf,
  successStep,
  typeStatementsOf,
} from "../steps.js";
import { balanceEnvelope } from "./get-balance.js";

/** One of the two operations that price an extension. */
interface Subject {
  readonly envelope: Envelope;
  /** The field that lists what is priced. */
  readonly field: "orderIds" | "ipAddressIds";
  /** Lists of ids of a proxy type that can each be priced alone. */
  readonly idsOf: (orders: KnownOrders, type: ProxyType) => readonly string[][];
  readonly impossibleId: string;
  /** The statement about the price of several. */
  readonly several: string;
  readonly learns?: ServerCase["learns"];
}

const byOrder: Subject = {
  envelope: envelopeOf(priceExtension),
  field: "orderIds",
  idsOf: (orders, type) => orderIdsOf(orders[type]).map((id) => [id]),
  impossibleId: impossibleOrderId,
  several: "several-orders",
};

const byIpAddress: Subject = {
  envelope: envelopeOf(priceExtensionByIpAddress),
  field: "ipAddressIds",
  idsOf: (orders, type) => addressesOf(orders[type]),
  impossibleId: impossibleIpAddressId,
  several: "several-addresses",
  learns: "ipAddressIds",
};

/** What a server of {@link priceExtension} must do. */
export const priceExtensionCases: readonly ServerCase[] = priceCases(byOrder);

/** What a server of {@link priceExtensionByIpAddress} must do. */
export const priceExtensionByIpAddressCases: readonly ServerCase[] = priceCases(byIpAddress);

/** A promo code that does not exist. */
const promoCode = "no-such-promo-code";

function priceCases(subject: Subject): ServerCase[] {
  const { envelope, field, impossibleId, learns } = subject;
  const impossible = { [field]: [impossibleId], rentPeriodDays: 30 };
  return [
    ...proxyTypes.map((type) => successCase(subject, type)),
    warningsCase(subject),
    spendsNothingCase(subject),
    severalCase(subject),
    promoCodeCase(subject),
    ...ruleCases({
      envelope,
      requests: (orders) => ofEachType((type) => requestFor(subject, orders, type)),
      anyRequests: [
        { ...impossible, proxyType: "IPv4" },
        { ...impossible, proxyType: "IPv6" },
      ],
      ...(learns ? { learns } : {}),
    }),
  ];
}

function successCase(subject: Subject, type: ProxyType): ServerCase {
  const { envelope } = subject;
  return priceCase(subject, {
    name: `success/${type}`,
    title: `prices an extension of ${type}`,
    statements: [...typeStatementsOf(envelope.operation), ...statements(subject, "success", "status")],
    needs: `an order of ${type}`,
    steps(orders) {
      const request = requestFor(subject, orders, type);
      return request && [successStep(envelope, request)];
    },
  });
}

function warningsCase(subject: Subject): ServerCase {
  const { envelope } = subject;
  return priceCase(subject, {
    name: "warnings",
    title: "warns where the balance does not cover the price, and nowhere else",
    statements: statements(subject, "warnings", "success", "status"),
    needs: "an order",
    steps(orders) {
      const all = ofEachType((type) => requestFor(subject, orders, type, "all"));
      return all.length > 0 ? all.map((request) => successStep(envelope, request)) : undefined;
    },
  });
}

function spendsNothingCase(subject: Subject): ServerCase {
  const { envelope } = subject;
  const claim = `${envelope.operation.id}/spends-nothing`;
  return priceCase(subject, {
    name: "spends-nothing",
    title: "leaves the balance as it is when it prices",
    statements: [...statements(subject, "spends-nothing", "success", "status"), "getBalance/success"],
    needs: "an order",
    steps(orders) {
      const [request] = ofEachType((type) => requestFor(subject, orders, type));
      if (!request) return undefined;
      const unchanged = { claim, compare: sameBalance };
      return [
        successStep(balanceEnvelope, {}),
        successStep(envelope, request, unchanged),
        successStep(balanceEnvelope, {}, unchanged),
      ];
    },
  });
}

function severalCase(subject: Subject): ServerCase {
  const { envelope, field, idsOf, several } = subject;
  const claim = `${envelope.operation.id}/${several}`;
  return priceCase(subject, {
    name: several,
    title: "takes the sum of their prices for several",
    statements: statements(subject, several, "success", "status"),
    needs: "two orders of one proxy type",
    steps(orders) {
      const type = proxyTypes.find((each) => idsOf(orders, each).length >= 2);
      const all = type && requestFor(subject, orders, type, "all");
      if (!all) return undefined;
      return [
        ...idsOf(orders, type).map((ids) => successStep(envelope, { ...all, [field]: ids })),
        successStep(envelope, all, { claim, compare: priceOfAll }),
      ];
    },
  });
}

function promoCodeCase(subject: Subject): ServerCase {
  const { envelope } = subject;
  const claim = `${envelope.operation.id}/promo-code`;
  return priceCase(subject, {
    name: "promo-code",
    title: "leaves the price as it is for a promo code that does not exist, and says so",
    statements: statements(subject, "promo-code", "success", "status"),
    needs: "an order",
    steps(orders) {
      const [request] = ofEachType((type) => requestFor(subject, orders, type));
      if (!request) return undefined;
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

function priceCase(
  { envelope, learns }: Subject,
  {
    name,
    ...parts
  }: Pick<ServerCase, "title" | "statements" | "needs" | "steps"> & { readonly name: string },
): ServerCase {
  return serverCase({
    id: `${envelope.operation.id}/${name}`,
    safety: "harmless",
    ...parts,
    ...(learns ? { learns } : {}),
  });
}

/** A request that prices what is first of a proxy type, or all of it; `undefined` if there is nothing. */
function requestFor(
  { field, idsOf }: Subject,
  orders: KnownOrders,
  type: ProxyType,
  which: "first" | "all" = "first",
): JsonObject | undefined {
  const { rentPeriodDays = 0 } = orders[type] ?? {};
  const lists = idsOf(orders, type);
  const ids = (which === "all" ? lists : lists.slice(0, 1)).flat();
  return ids.length > 0 ? { proxyType: type, [field]: ids, rentPeriodDays } : undefined;
}

function envelopeOf(operation: typeof priceExtension | typeof priceExtensionByIpAddress): Envelope {
  return {
    operation,
    lawful: operation.lawful,
    check: (request, answer) => [
      ...operation.check(request, { ...answer, success: answer.success === true }, JSON.stringify),
      ...(answer.success ? warningIssues(answer) : []),
    ],
  };
}

function statements({ envelope }: Subject, ...names: readonly string[]): string[] {
  return statementsOf(envelope.operation, ...names);
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
  if (promoCodeStatus === "NO_VALID") return [];
  return [{ path: "promoCodeStatus", message: '"NO_VALID", since the promo code does not exist' }];
}

/** Whether two amounts are the same but for what adding them up leaves in their last digits. */
function isSameAmount(one: unknown, other: unknown): boolean {
  return Math.abs(Number(one) - Number(other)) < 5e-7;
}
