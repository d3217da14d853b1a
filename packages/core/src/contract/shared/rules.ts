import { requireErrorCode } from "../error-codes.js";
import type { Evidence, Statement } from "../evidence.js";
import type { Probe, Request } from "../operation.js";
import {
  impossibleIpAddressId,
  impossibleOrderId,
  impossibleProxyType,
  unknownApiKey,
  unknownApiKeyCode,
} from "../reserved-values.js";

// Rules, statements and failures that several operations share.

/** The evidence of a guess. */
const assumed = { grade: "assumed", source: "no public page" } as const satisfies Evidence;

/** A statement that nothing public supports. */
export function assumption<const Id extends string>(id: Id, claim: string) {
  return { id, claim, ...assumed };
}

/** The statement about HTTP status and media type. */
export function statusStatement(operation: string, { grade, source }: Evidence): Statement {
  return {
    id: `${operation}/status`,
    claim: "Success and error both come with HTTP 200 and JSON. Only `success` says which one it is.",
    grade,
    source,
  };
}

/** The assumption behind every probe that a {@link malformedProbeOf} makes. */
export function malformedFieldsStatement(operation: string): Statement {
  return assumption(
    `${operation}/malformed-fields`,
    "A missing field, or one of the wrong JSON type, breaks the rule that looks at it.",
  );
}

/** The failures of an operation: one for each error code of its rules, and one for an unknown error. */
export function failuresOf<Failure>(
  rules: readonly { readonly code: number }[],
  failureOf: (error: { code: number; message: string }) => Failure,
): { code: number; failure: Failure }[] {
  const codes = new Set([...rules.map(({ code }) => code), unknownErrorCode]);
  return [...codes]
    .sort((a, b) => a - b)
    .map((code) => ({ code, failure: failureOf({ code, message: requireErrorCode(code).message.text }) }));
}

/** The provider's code for an error that it cannot name (observed). */
const unknownErrorCode = 35;

/** The wording of a rule. */
interface Claim {
  readonly claim: string;
  /** How sure the rule is (default: as sure as its error code). */
  readonly evidence?: Evidence;
}

/** A rule of an operation, without its probes. */
export function rule<const Name extends string>(
  operation: string,
  { name, code, claim, evidence }: Claim & { readonly name: Name; readonly code: number },
) {
  const { grade, source } = evidence ?? requireErrorCode(code);
  return {
    id: `${operation}/rule/${name}`,
    name,
    code,
    claim: `${claim} Otherwise the answer is error ${code}.`,
    grade,
    source,
  };
}

/** A request that breaks a rule. */
export function probe(id: string, title: string, request: Probe["request"]): Probe {
  return { id, title, needsOrders: false, request };
}

/** Makes probes whose answer is a guess: nothing public says how a malformed request is answered. */
export function malformedProbeOf(operation: string): typeof probe {
  return (id, title, request) => ({
    ...probe(id, title, request),
    dependsOn: `${operation}/malformed-fields`,
  });
}

/** A probe that proves something only with orders that exist. */
export function needingOrders(made: Probe): Probe {
  return { ...made, needsOrders: true };
}

/** A request without one of its fields. */
function omit(request: Request, field: string): Request {
  return Object.fromEntries(Object.entries(request).filter(([name]) => name !== field));
}

/** The API key is known. Every operation tries this first. */
export function apiKeyRule(operation: string, impossible: Request) {
  return {
    ...rule(operation, {
      name: "api-key",
      code: unknownApiKeyCode,
      claim: "The API key belongs to an account. The failure for an unknown one shows no balance.",
    }),
    probes: [{ ...probe("unknown", "an unknown API key", () => impossible), apiKey: unknownApiKey }],
  };
}

/** The proxy type in the body is one of the four. */
export function proxyTypeRule(operation: string, impossible: Request) {
  const malformedProbe = malformedProbeOf(operation);
  return {
    ...rule(operation, { name: "proxy-type", code: 4, claim: "The proxy type is one of the four." }),
    probes: [
      probe("unknown", "a proxy type that does not exist", () => impossible),
      probe("case", "a proxy type in lower case", () => ({ ...impossible, proxyType: "ipv4" })),
      malformedProbe("missing", "no proxy type", () => omit(impossible, "proxyType")),
      malformedProbe("null", "null for a proxy type", () => ({ ...impossible, proxyType: null })),
      malformedProbe("number", "a number for a proxy type", () => ({ ...impossible, proxyType: 4 })),
      malformedProbe("list", "a list of proxy types", () => ({ ...impossible, proxyType: ["IPv4"] })),
      malformedProbe("empty-object", "an empty object", () => ({})),
      malformedProbe("not-an-object", "a list in place of an object", () => []),
      malformedProbe("null-body", "null in place of an object", () => null),
    ],
  };
}

/** The proxy type in the query is one of the four. */
export function proxyTypeInQueryRule(operation: string) {
  return {
    ...rule(operation, { name: "proxy-type", code: 4, claim: "The proxy type is one of the four." }),
    probes: [
      probe("unknown", "a proxy type that does not exist", () => ({ proxyType: impossibleProxyType })),
      probe("case", "a proxy type in lower case", () => ({ proxyType: "ipv4" })),
      malformedProbeOf(operation)("empty", "an empty proxy type", () => ({ proxyType: "" })),
    ],
  };
}

/** The orders belong to the account, and have the proxy type. */
export function orderIdsRule(operation: string) {
  const malformedProbe = malformedProbeOf(operation);
  return {
    ...rule(operation, {
      name: "order-ids",
      code: 29,
      claim: "Every order id names an order of the account.",
    }),
    probes: [
      probe("unknown", "an order id that does not exist", (valid) => ({
        ...valid,
        orderIds: [impossibleOrderId],
      })),
      probe("order-number", "an order number in place of an order id", (valid) => ({
        ...valid,
        orderIds: ["NUMBER-000000"],
      })),
      malformedProbe("missing", "no order ids", (valid) => omit(valid, "orderIds")),
      malformedProbe("empty", "an empty list of order ids", (valid) => ({ ...valid, orderIds: [] })),
      malformedProbe("string", "one string in place of a list", (valid) => ({
        ...valid,
        orderIds: impossibleOrderId,
      })),
      malformedProbe("number", "a number in the list", (valid) => ({ ...valid, orderIds: [0] })),
      malformedProbe("empty-id", "an empty string in the list", (valid) => ({ ...valid, orderIds: [""] })),
      needingOrders(
        malformedProbe("good-string", "a good order id outside a list", (valid) => ({
          ...valid,
          orderIds: (valid.orderIds as string[])[0],
        })),
      ),
      needingOrders(
        malformedProbe("good-number", "a good order id as a number", (valid) => ({
          ...valid,
          orderIds: (valid.orderIds as string[]).map(Number),
        })),
      ),
      needingOrders({
        ...probe("one-bad", "one bad order id beside a good one", (valid) => ({
          ...valid,
          orderIds: [...(valid.orderIds as string[]), impossibleOrderId],
        })),
        dependsOn: `${operation}/all-or-nothing`,
      }),
      needingOrders({
        ...probe("other-type", "an order of another proxy type", (valid, other) => ({
          ...valid,
          orderIds: other.orderIds,
        })),
        needsOtherType: true,
        dependsOn: `${operation}/orders-of-type`,
      }),
    ],
  };
}

/** The IP addresses belong to the account, and have the proxy type. */
export function ipAddressIdsRule(operation: string) {
  const malformedProbe = malformedProbeOf(operation);
  return {
    ...rule(operation, {
      name: "ip-addresses",
      code: 24,
      claim: "Every IP address id names an IP address of the account.",
    }),
    probes: [
      probe("unknown", "an IP address id that does not exist", (valid) => ({
        ...valid,
        ipAddressIds: [impossibleIpAddressId],
      })),
      malformedProbe("missing", "no IP address ids", (valid) => omit(valid, "ipAddressIds")),
      malformedProbe("empty", "an empty list of IP address ids", (valid) => ({ ...valid, ipAddressIds: [] })),
      malformedProbe("string", "one string in place of a list", (valid) => ({
        ...valid,
        ipAddressIds: impossibleIpAddressId,
      })),
      malformedProbe("number", "a number in the list", (valid) => ({ ...valid, ipAddressIds: [0] })),
      malformedProbe("empty-id", "an empty string in the list", (valid) => ({
        ...valid,
        ipAddressIds: [""],
      })),
      needingOrders({
        ...probe("one-bad", "one bad IP address id beside a good one", (valid) => ({
          ...valid,
          ipAddressIds: [...(valid.ipAddressIds as string[]), impossibleIpAddressId],
        })),
        dependsOn: `${operation}/all-or-nothing`,
      }),
      needingOrders({
        ...probe("other-type", "an IP address of another proxy type", (valid, other) => ({
          ...valid,
          ipAddressIds: other.ipAddressIds,
        })),
        needsOtherType: true,
        dependsOn: `${operation}/ip-addresses-of-type`,
      }),
    ],
  };
}

/** The rental period is sold. */
export function rentalPeriodRule(operation: string) {
  const malformedProbe = malformedProbeOf(operation);
  return {
    ...rule(operation, {
      name: "rental-period",
      code: 11,
      claim: "The rental period is sold for the proxy type.",
    }),
    probes: [
      probe("not-sold", "a rental period that is not sold", (valid) => ({
        ...valid,
        rentPeriodDays: 99_999,
      })),
      probe("zero", "a rental period of 0 days", (valid) => ({ ...valid, rentPeriodDays: 0 })),
      probe("negative", "a negative rental period", (valid) => ({ ...valid, rentPeriodDays: -30 })),
      probe("fraction", "a fraction of a day", (valid) => ({ ...valid, rentPeriodDays: 30.5 })),
      malformedProbe("missing", "no rental period", (valid) => omit(valid, "rentPeriodDays")),
      malformedProbe("string", "a rental period as a string", (valid) => ({
        ...valid,
        rentPeriodDays: "30",
      })),
    ].map(needingOrders),
  };
}

/** The switch is a boolean. */
export function autoExtendRule(operation: string) {
  const malformedProbe = malformedProbeOf(operation);
  return {
    ...rule(operation, {
      name: "auto-extend",
      code: 35,
      claim: "`autoExtend` is a boolean.",
      evidence: { grade: "assumed", source: "no public page; the code of an unknown error is used" },
    }),
    probes: [
      malformedProbe("missing", "no autoExtend", (valid) => omit(valid, "autoExtend")),
      malformedProbe("string", "autoExtend as a string", (valid) => ({ ...valid, autoExtend: "false" })),
      malformedProbe("number", "autoExtend as a number", (valid) => ({ ...valid, autoExtend: 0 })),
      malformedProbe("null", "null for autoExtend", (valid) => ({ ...valid, autoExtend: null })),
    ].map(needingOrders),
  };
}
