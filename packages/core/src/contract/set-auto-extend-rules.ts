import { catalogued } from "../error-codes.js";
import type { Statement } from "../evidence.js";
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
    ...rule(
      "api-key",
      unknownApiKeyCode,
      "The API key belongs to an account; for an unknown one, balance and currency are null.",
    ),
    probes: [{ ...probe("unknown", "an unknown API key", false, () => impossible), apiKey: unknownApiKey }],
  },
  {
    ...rule("proxy-type", 4, "The proxy type is one of the four."),
    probes: [
      probe("unknown", "a proxy type that does not exist", false, () => impossible),
      probe("missing", "no proxy type", false, () => omit(impossible, "proxyType")),
      probe("case", "a proxy type in lower case", false, () => ({ ...impossible, proxyType: "ipv4" })),
      probe("null", "null for a proxy type", false, () => ({ ...impossible, proxyType: null })),
      probe("number", "a number for a proxy type", false, () => ({ ...impossible, proxyType: 4 })),
      probe("list", "a list of proxy types", false, () => ({ ...impossible, proxyType: ["IPv4"] })),
      probe("empty-object", "an empty object", false, () => ({})),
      probe("not-an-object", "a list in place of an object", false, () => []),
      probe("null-body", "null in place of an object", false, () => null),
    ],
  },
  {
    ...rule(
      "order-ids",
      29,
      "Every order id is a string that names an order of the account, of the given proxy type.",
    ),
    probes: [
      probe("unknown", "an order id that does not exist", false, (valid) => ({
        ...valid,
        orderIds: [impossibleOrderId],
      })),
      probe("missing", "no order ids", false, (valid) => omit(valid, "orderIds")),
      probe("empty", "an empty list of order ids", false, (valid) => ({ ...valid, orderIds: [] })),
      probe("string", "one string in place of a list", false, (valid) => ({
        ...valid,
        orderIds: impossibleOrderId,
      })),
      probe("number", "a number in the list", false, (valid) => ({ ...valid, orderIds: [0] })),
      probe("empty-id", "an empty string in the list", false, (valid) => ({ ...valid, orderIds: [""] })),
      probe("order-number", "an order number in place of an order id", false, (valid) => ({
        ...valid,
        orderIds: ["NUMBER-000000"],
      })),
      probe("one-bad", "one bad order id beside a good one", true, (valid) => ({
        ...valid,
        orderIds: [...(valid.orderIds as string[]), impossibleOrderId],
      })),
      probe("good-string", "a good order id outside a list", true, (valid) => ({
        ...valid,
        orderIds: (valid.orderIds as string[])[0],
      })),
      probe("good-number", "a good order id as a number", true, (valid) => ({
        ...valid,
        orderIds: (valid.orderIds as string[]).map(Number),
      })),
      {
        ...probe("other-type", "an order of another proxy type", true, (valid, other) => ({
          ...valid,
          orderIds: other.orderIds,
        })),
        needsOtherType: true,
      },
    ],
  },
  {
    ...rule("rental-period", 11, "The rental period is sold for the proxy type."),
    probes: [
      probe("not-sold", "a rental period that is not sold", true, (valid) => ({
        ...valid,
        rentPeriodDays: 99_999,
      })),
      probe("missing", "no rental period", true, (valid) => omit(valid, "rentPeriodDays")),
      probe("zero", "a rental period of 0 days", true, (valid) => ({ ...valid, rentPeriodDays: 0 })),
      probe("negative", "a negative rental period", true, (valid) => ({ ...valid, rentPeriodDays: -30 })),
      probe("fraction", "a fraction of a day", true, (valid) => ({ ...valid, rentPeriodDays: 30.5 })),
      probe("string", "a rental period as a string", true, (valid) => ({ ...valid, rentPeriodDays: "30" })),
    ],
  },
  {
    ...rule("auto-extend", 35, "`autoExtend` is a boolean."),
    probes: [
      probe("missing", "no autoExtend", true, (valid) => omit(valid, "autoExtend")),
      probe("string", "autoExtend as a string", true, (valid) => ({ ...valid, autoExtend: "false" })),
      probe("number", "autoExtend as a number", true, (valid) => ({ ...valid, autoExtend: 0 })),
      probe("null", "null for autoExtend", true, (valid) => ({ ...valid, autoExtend: null })),
    ],
  },
] as const satisfies readonly Rule[];

/** The names of the rules of {@link setAutoExtendRules}. */
export type SetAutoExtendRuleName = (typeof setAutoExtendRules)[number]["name"];

function rule<const Name extends string>(name: Name, code: number, claim: string) {
  const { grade, source } = catalogued(code);
  return {
    id: `setAutoExtend/rule/${name}`,
    name,
    code,
    claim: `${claim} Otherwise the answer is error ${code}.`,
    grade,
    source,
  };
}

function probe(id: string, title: string, needsOrders: boolean, body: Probe["body"]): Probe {
  return { id, title, needsOrders, body };
}

function omit(request: Record<string, unknown>, field: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(request).filter(([name]) => name !== field));
}
