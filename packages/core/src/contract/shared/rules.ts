import { errorCodeStatement, requireErrorCode } from "../errors.js";
import type { Evidence, Statement } from "../evidence.js";
import type { Probe, Request } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import {
  reservedIpAddressId,
  reservedOrderId,
  reservedProxyType,
  unknownApiKey,
  unknownApiKeyCode,
} from "../reserved-values.js";

// The parts of specifications that several operations share: statements, examples, and rules with their probes.

/** Statements about an operation, by the last part of their IDs. */
export function claims(
  operation: string,
  { grade, source }: Evidence,
  texts: Readonly<Record<string, string>>,
): Statement[] {
  return Object.entries(texts).map(([name, claim]) => ({ id: `${operation}/${name}`, claim, grade, source }));
}

/** Statements that nothing public supports. */
export function assumptions(operation: string, texts: Readonly<Record<string, string>>): Statement[] {
  return claims(operation, { grade: "assumed", source: "no public page" }, texts);
}

/** The claim about HTTP status and media type. */
export const statusClaim = {
  status:
    "Success and failure both come with HTTP 200 and JSON. Only `success` in the body says which one it is.",
};

/** The assumption behind all probes with malformed fields. */
export const malformedFieldsClaim = {
  "malformed-fields": "A field that is missing or has the wrong JSON type breaks the rule about that field.",
};

/** The kind of things that the IDs in a request name. */
export type IdKind = (typeof idKinds)[keyof typeof idKinds];

/** Whole orders, or single IP addresses. */
export const idKinds = {
  order: {
    field: "orderIds",
    noun: "order",
    plural: "orders",
    reservedId: reservedOrderId,
    otherTypeStatement: "orders-of-type",
  },
  ipAddress: {
    field: "ipAddressIds",
    noun: "IP address",
    plural: "IP addresses",
    reservedId: reservedIpAddressId,
    otherTypeStatement: "ip-addresses-of-type",
  },
} as const;

/** The assumption about IDs of another proxy type. */
export function otherTypeClaim({ noun, otherTypeStatement }: IdKind): Record<string, string> {
  const claim = `An ${noun} of a proxy type other than that of the call is refused like one that does not exist.`;
  return { [otherTypeStatement]: claim };
}

/** The claim of the rule about the IDs. */
function idsClaim({ noun }: IdKind): string {
  return `Every ${noun} ID names an ${noun} of the account. One of another proxy type, or one that has ended, does not count (assumed).`;
}

export interface ExampleOrder {
  readonly orderId: string;
  readonly ipAddressId: string;
}

export function exampleOfEachType<Made>(
  make: (type: ProxyType, order: ExampleOrder) => Made,
): Record<ProxyType, Made> {
  return {
    IPv4: make("IPv4", { orderId: "11111", ipAddressId: "1111111111111111111" }),
    IPv6: make("IPv6", { orderId: "33333", ipAddressId: "22222222222222222" }),
    MOBILE: make("MOBILE", { orderId: "44444", ipAddressId: "4444444444444444444" }),
    ISP: make("ISP", { orderId: "55555", ipAddressId: "5555555555555555555" }),
  };
}

/** One failure for each error code of the rules, and one for an unknown error. The reference shows `documented`. */
export function failuresOf<Failure>(
  rules: readonly { readonly code: number }[],
  documented: number,
  failureOf: (error: { code: number; message: string }) => Failure,
) {
  const codes = new Set([...rules.map(({ code }) => code), unknownErrorCode]);
  const made = (code: number) => failureOf({ code, message: requireErrorCode(code).message.text });
  const failures = [...codes].sort((a, b) => a - b).map((code) => ({ code, failure: made(code) }));
  return { failure: made(documented), failures };
}

/** The provider's code for an error that it cannot name (observed). */
const unknownErrorCode = 35;

interface RuleParts<Name extends string> {
  readonly name: Name;
  readonly code: number;
  readonly claim: string;
  /** The answer if the rule is broken (default: the error). */
  readonly answer?: string;
  /** How sure the rule is (default: as sure as its error code). */
  readonly evidence?: Evidence;
}

export function rule<const Name extends string>(
  operation: string,
  { name, code, claim, answer = `error ${code}`, evidence }: RuleParts<Name>,
  probes: readonly Probe[],
) {
  const { grade, source } = evidence ?? errorCodeStatement(requireErrorCode(code));
  const full = `${claim} Otherwise the answer is ${answer}.`;
  return { id: `${operation}/rule/${name}`, name, code, requires: claim, claim: full, grade, source, probes };
}

/** A request that breaks a rule, whether or not the orders in it exist. */
export function probe(id: string, title: string, request: Probe["request"]): Probe {
  return { id, title, needsOrders: false, request };
}

/** Makes probes whose answer is a guess: nothing public says how a malformed request is answered. */
export function malformedProbeOf(operation: string): typeof probe {
  const dependsOn = `${operation}/malformed-fields`;
  return (id, title, request) => ({ ...probe(id, title, request), dependsOn });
}

/** A probe that proves something only with orders that exist. */
export function needingOrders(made: Probe): Probe {
  return { ...made, needsOrders: true };
}

function having(field: string, value: unknown): Probe["request"] {
  return (valid) => ({ ...valid, [field]: value });
}

function lacking(field: string): Probe["request"] {
  return (valid) => Object.fromEntries(Object.entries(valid).filter(([name]) => name !== field));
}

/** A request that would succeed with another API key: what it names must stay out of reach. */
export function goodIdsProbe(): Probe {
  return needingOrders(probe("good-orders", "good IDs with an unknown API key", (valid) => valid));
}

/** The API key is known. Every operation tries this first. */
export function apiKeyRule(operation: string, impossible: Request, more: readonly Probe[] = []) {
  const claim = "The API key belongs to an account.";
  const answer = `error ${unknownApiKeyCode}, without a balance`;
  const probes = [probe("unknown", "an unknown API key", () => impossible), ...more];
  return rule(
    operation,
    { name: "api-key", code: unknownApiKeyCode, claim, answer },
    probes.map((each) => ({ ...each, apiKey: unknownApiKey })),
  );
}

const proxyTypeParts = {
  name: "proxy-type",
  code: 4,
  claim: "The proxy type is IPv4, IPv6, MOBILE or ISP.",
} as const;

export function proxyTypeRule(operation: string, impossible: Request) {
  const malformed = malformedProbeOf(operation);
  const typed = (proxyType: unknown) => () => having("proxyType", proxyType)(impossible, {});
  return rule(operation, proxyTypeParts, [
    probe("unknown", "a proxy type that does not exist", () => impossible),
    probe("case", "a proxy type in lower case", typed("ipv4")),
    needingOrders(
      probe("good-orders-in-lower-case", "good IDs with the proxy type in lower case", (valid) => {
        return having("proxyType", String(valid.proxyType).toLowerCase())(valid, {});
      }),
    ),
    needingOrders(
      malformed("good-orders-without-type", "good IDs without a proxy type", lacking("proxyType")),
    ),
    malformed("missing", "a missing proxy type", () => lacking("proxyType")(impossible, {})),
    malformed("null", "null as the proxy type", typed(null)),
    malformed("number", "a number as the proxy type", typed(4)),
    malformed("list", "a list of proxy types", typed(["IPv4"])),
    malformed("empty-object", "an empty object as the body", () => ({})),
    malformed("not-an-object", "a list as the body", () => []),
    malformed("null-body", "null as the body", () => null),
  ]);
}

export function proxyTypeInQueryRule(operation: string, more: readonly Probe[] = []) {
  return rule(operation, proxyTypeParts, [
    probe("unknown", "a proxy type that does not exist", () => ({ proxyType: reservedProxyType })),
    probe("case", "a proxy type in lower case", () => ({ proxyType: "ipv4" })),
    malformedProbeOf(operation)("empty", "an empty proxy type", () => ({ proxyType: "" })),
    ...more,
  ]);
}

export function orderIdsRule(operation: string) {
  const malformed = malformedProbeOf(operation);
  return rule(operation, { name: "order-ids", code: 29, claim: idsClaim(idKinds.order) }, [
    ...idProbes(operation, idKinds.order),
    probe("order-number", "an order number in place of an order ID", having("orderIds", ["NUMBER-000000"])),
    needingOrders(
      malformed("good-string", "a good order ID outside a list", (valid) => {
        return having("orderIds", (valid.orderIds as string[])[0])(valid, {});
      }),
    ),
    needingOrders(
      malformed("good-number", "a good order ID as a number", (valid) => {
        return having("orderIds", (valid.orderIds as string[]).map(Number))(valid, {});
      }),
    ),
  ]);
}

export function ipAddressIdsRule(operation: string) {
  const parts = { name: "ip-addresses", code: 24, claim: idsClaim(idKinds.ipAddress) } as const;
  return rule(operation, parts, idProbes(operation, idKinds.ipAddress));
}

function idProbes(operation: string, { field, noun, reservedId, otherTypeStatement }: IdKind): Probe[] {
  const malformed = malformedProbeOf(operation);
  const oneBad = probe("one-bad", `one bad ${noun} ID among good ones`, (valid) => ({
    ...valid,
    [field]: [...(valid[field] as string[]), reservedId],
  }));
  const otherType = probe("other-type", `an ${noun} of another proxy type`, (valid, other) => ({
    ...valid,
    [field]: other[field],
  }));
  return [
    probe("unknown", `an ${noun} ID that does not exist`, having(field, [reservedId])),
    malformed("missing", `a missing list of ${noun} IDs`, lacking(field)),
    malformed("empty", `an empty list of ${noun} IDs`, having(field, [])),
    malformed("string", `a string in place of a list of ${noun} IDs`, having(field, reservedId)),
    malformed("number", `a number in the list of ${noun} IDs`, having(field, [0])),
    malformed("empty-id", `an empty string in the list of ${noun} IDs`, having(field, [""])),
    needingOrders({ ...oneBad, dependsOn: `${operation}/all-or-nothing` }),
    needingOrders({ ...otherType, needsOtherType: true, dependsOn: `${operation}/${otherTypeStatement}` }),
  ];
}

export function rentalPeriodRule(operation: string) {
  const malformed = malformedProbeOf(operation);
  const days = (value: unknown) => having("rentPeriodDays", value);
  const claim = "The rental period is sold for the proxy type.";
  const probes = [
    probe("not-sold", "a rental period that is not sold", days(99_999)),
    probe("zero", "a rental period of 0 days", days(0)),
    probe("negative", "a negative rental period", days(-30)),
    probe("fraction", "a rental period of 30.5 days", days(30.5)),
    malformed("missing", "a missing rental period", lacking("rentPeriodDays")),
    malformed("string", "a rental period as a string", days("30")),
  ];
  return rule(operation, { name: "rental-period", code: 11, claim }, probes.map(needingOrders));
}

export function autoExtendRule(operation: string) {
  const malformed = malformedProbeOf(operation);
  const source = "no public page; the code of an unknown error is used";
  const probes = [
    malformed("missing", "a missing autoExtend", lacking("autoExtend")),
    malformed("string", "autoExtend as a string", having("autoExtend", "false")),
    malformed("number", "autoExtend as a number", having("autoExtend", 0)),
    malformed("null", "null as autoExtend", having("autoExtend", null)),
  ];
  const parts = { name: "auto-extend", code: 35, claim: "`autoExtend` is a boolean." } as const;
  const evidence: Evidence = { grade: "assumed", source };
  return rule(operation, { ...parts, evidence }, probes.map(needingOrders));
}
