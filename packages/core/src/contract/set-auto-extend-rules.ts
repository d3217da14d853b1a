import { catalogued } from "../error-codes.js";
import type { Evidence, Statement } from "../evidence.js";
import type { Probe, Rule } from "./operation.js";

/** An API key that no account has: the mock refuses it, so that everyone's error paths can be tried. */
export const unknownApiKey = "unknown-api-key";
/** The error code for an API key that no account has: the one answer that tells nothing of an account. */
export const unknownApiKeyCode = 2;
/** An order id that no account has; together with {@link impossibleProxyType}, no server can act on a request. */
export const impossibleOrderId = "no-such-order";
/** A proxy type that does not exist. */
export const impossibleProxyType = "no-such-type";

const notPublic = "no public page";

/** What is claimed of the request beyond its rules. */
export const setAutoExtendStatements = [
  {
    id: "setAutoExtend/status",
    claim: "Success and error both come with HTTP 200 and JSON; only `success` tells them apart.",
    grade: "reference",
    source: "answers of the reference text",
  },
  {
    id: "setAutoExtend/success",
    claim:
      "A success has the documented fields, and echoes the proxy type and the rental period of the request.",
    grade: "reference",
    source: "success example of the reference text",
  },
  {
    id: "setAutoExtend/quantity",
    claim: "`quantity` counts IP addresses, and equals the number of those listed.",
    grade: "sibling",
    source: "reference pages of this request's older and newer versions",
  },
  {
    id: "setAutoExtend/failure",
    claim: "A failure has null, 0, 0 and an empty list for the data, and an error with code and message.",
    grade: "reference",
    source: "error example of the reference text",
  },
  {
    id: "setAutoExtend/off",
    claim: "Switching off takes the same fields as switching on, the rental period included.",
    grade: "reference",
    source: "field table of the reference text",
  },
  {
    id: "setAutoExtend/several-orders",
    claim: "One call switches several orders of one proxy type.",
    grade: "reference",
    source: "field table of the reference text",
  },
  {
    id: "setAutoExtend/repeat",
    claim: "The request sets a state, so sending it again changes nothing and succeeds.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/duplicates",
    claim: "An order id that is listed twice counts once.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/unknown-fields",
    claim: "Fields that the reference does not name are ignored.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/malformed-fields",
    claim: "A field that is missing, or is of the wrong JSON type, breaks the rule that looks at it.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/all-or-nothing",
    claim: "One order id that is refused refuses the whole call, and nothing is switched.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/orders-of-type",
    claim:
      "An order of another proxy type than that of the call is refused like an order that does not exist.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/rule-order",
    claim: "The rules are tried in the order listed here, and the first broken one decides the answer.",
    grade: "assumed",
    source: notPublic,
  },
] as const satisfies readonly Statement[];

const impossible: Record<string, unknown> = {
  proxyType: impossibleProxyType,
  orderIds: [impossibleOrderId],
  rentPeriodDays: 30,
  autoExtend: false,
};

/** The rules of the request in the order in which they are tried. */
export const setAutoExtendRules = [
  {
    ...rule("api-key", unknownApiKeyCode, {
      claim: "The API key belongs to an account; for an unknown one, balance and currency are null.",
    }),
    probes: [{ ...probe("unknown", "an unknown API key", () => impossible), apiKey: unknownApiKey }],
  },
  {
    ...rule("proxy-type", 4, { claim: "The proxy type is one of the four." }),
    probes: [
      probe("unknown", "a proxy type that does not exist", () => impossible),
      probe("case", "a proxy type in lower case", () => ({ ...impossible, proxyType: "ipv4" })),
      malformed("missing", "no proxy type", () => omit(impossible, "proxyType")),
      malformed("null", "null for a proxy type", () => ({ ...impossible, proxyType: null })),
      malformed("number", "a number for a proxy type", () => ({ ...impossible, proxyType: 4 })),
      malformed("list", "a list of proxy types", () => ({ ...impossible, proxyType: ["IPv4"] })),
      malformed("empty-object", "an empty object", () => ({})),
      malformed("not-an-object", "a list in place of an object", () => []),
      malformed("null-body", "null in place of an object", () => null),
    ],
  },
  {
    ...rule("order-ids", 29, { claim: "Every order id names an order of the account." }),
    probes: [
      probe("unknown", "an order id that does not exist", (valid) => ({
        ...valid,
        orderIds: [impossibleOrderId],
      })),
      probe("order-number", "an order number in place of an order id", (valid) => ({
        ...valid,
        orderIds: ["NUMBER-000000"],
      })),
      malformed("missing", "no order ids", (valid) => omit(valid, "orderIds")),
      malformed("empty", "an empty list of order ids", (valid) => ({ ...valid, orderIds: [] })),
      malformed("string", "one string in place of a list", (valid) => ({
        ...valid,
        orderIds: impossibleOrderId,
      })),
      malformed("number", "a number in the list", (valid) => ({ ...valid, orderIds: [0] })),
      malformed("empty-id", "an empty string in the list", (valid) => ({ ...valid, orderIds: [""] })),
      ofOrders(
        malformed("good-string", "a good order id outside a list", (valid) => ({
          ...valid,
          orderIds: (valid.orderIds as string[])[0],
        })),
      ),
      ofOrders(
        malformed("good-number", "a good order id as a number", (valid) => ({
          ...valid,
          orderIds: (valid.orderIds as string[]).map(Number),
        })),
      ),
      ofOrders({
        ...probe("one-bad", "one bad order id beside a good one", (valid) => ({
          ...valid,
          orderIds: [...(valid.orderIds as string[]), impossibleOrderId],
        })),
        leansOn: "setAutoExtend/all-or-nothing",
      }),
      ofOrders({
        ...probe("other-type", "an order of another proxy type", (valid, other) => ({
          ...valid,
          orderIds: other.orderIds,
        })),
        needsOtherType: true,
        leansOn: "setAutoExtend/orders-of-type",
      }),
    ],
  },
  {
    ...rule("rental-period", 11, { claim: "The rental period is sold for the proxy type." }),
    probes: [
      probe("not-sold", "a rental period that is not sold", (valid) => ({
        ...valid,
        rentPeriodDays: 99_999,
      })),
      probe("zero", "a rental period of 0 days", (valid) => ({ ...valid, rentPeriodDays: 0 })),
      probe("negative", "a negative rental period", (valid) => ({ ...valid, rentPeriodDays: -30 })),
      probe("fraction", "a fraction of a day", (valid) => ({ ...valid, rentPeriodDays: 30.5 })),
      malformed("missing", "no rental period", (valid) => omit(valid, "rentPeriodDays")),
      malformed("string", "a rental period as a string", (valid) => ({ ...valid, rentPeriodDays: "30" })),
    ].map(ofOrders),
  },
  {
    ...rule("auto-extend", 35, {
      claim: "`autoExtend` is a boolean.",
      evidence: { grade: "assumed", source: "no public page; the code of an unknown error is taken" },
    }),
    probes: [
      malformed("missing", "no autoExtend", (valid) => omit(valid, "autoExtend")),
      malformed("string", "autoExtend as a string", (valid) => ({ ...valid, autoExtend: "false" })),
      malformed("number", "autoExtend as a number", (valid) => ({ ...valid, autoExtend: 0 })),
      malformed("null", "null for autoExtend", (valid) => ({ ...valid, autoExtend: null })),
    ].map(ofOrders),
  },
] as const satisfies readonly Rule[];

/** The names of the rules of {@link setAutoExtendRules}. */
export type SetAutoExtendRuleName = (typeof setAutoExtendRules)[number]["name"];

interface Claimed {
  readonly claim: string;
  /** How sure the rule is; as sure as its error code where left out. */
  readonly evidence?: Evidence;
}

function rule<const Name extends string>(name: Name, code: number, { claim, evidence }: Claimed) {
  const { grade, source } = evidence ?? catalogued(code);
  return {
    id: `setAutoExtend/rule/${name}`,
    name,
    code,
    claim: `${claim} Otherwise the answer is error ${code}.`,
    grade,
    source,
  };
}

function probe(id: string, title: string, body: Probe["body"]): Probe {
  return { id, title, needsOrders: false, body };
}

/** A probe whose answer is a guess: nothing public says what becomes of a request that is not even well formed. */
function malformed(id: string, title: string, body: Probe["body"]): Probe {
  return { ...probe(id, title, body), leansOn: "setAutoExtend/malformed-fields" };
}

/** A probe that a server only meets the right way with orders that exist. */
function ofOrders(made: Probe): Probe {
  return { ...made, needsOrders: true };
}

function omit(request: Record<string, unknown>, field: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(request).filter(([name]) => name !== field));
}
