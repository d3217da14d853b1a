import { operations, proxyTypes, requireErrorCode, specOf } from "@auto-extend/core";
import { z } from "zod/v3";
import type { ServedOperation } from "../types.js";
import type { Fault } from "./fault.js";

/** A fault with a name, and with options if there is something to choose. */
export interface Preset {
  readonly name: string;
  /** The effect, as a sentence. */
  readonly description: string;
  readonly options: readonly PresetOption[];
  /** The operations whose answers it can change (default: all). */
  readonly operations?: readonly ServedOperation["id"][];
  /** The fault for options that are complete and valid. */
  fault(options: OptionValues): Fault;
}

/** One option of a preset. */
export interface PresetOption {
  readonly name: string;
  readonly description: string;
  /** The default. Its type is the type of the option. */
  readonly fallback: string | number | boolean;
  /** All possible values (default: any of the type). */
  readonly choices?: readonly (string | number)[];
  /** The minimum and maximum of a whole number. */
  readonly range?: readonly [number, number];
}

/** The name of a preset. */
export type PresetName = (typeof table)[number]["name"];

/** A preset and the options chosen for it. */
export type PresetChoice = {
  [P in (typeof table)[number] as P["name"]]: {
    preset: P["name"];
    options?: OptionsOf<P["options"]>;
  };
}[PresetName];

/** An empty object type would take any options. */
type OptionsOf<Options extends readonly PresetOption[]> = Options extends readonly []
  ? Record<string, never>
  : { [O in Options[number] as O["name"]]?: ValueOf<O> };

type OptionValues = Readonly<Record<string, string | number | boolean>>;

type ValueOf<Option extends PresetOption> = Option extends { choices: readonly (infer Choice)[] }
  ? Choice
  : Option["fallback"] extends boolean
    ? boolean
    : Option["fallback"] extends number
      ? number
      : string;

const maxMs = 600_000;

const at = option("at", "when it happens, relative to the answer", "before", {
  choices: ["before", "middle", "after"],
});

/** Every preset: help, docs, the control API and tests all read this table. */
const table = [
  preset("error", "The provider refuses, with any error code.", {
    options: [
      option("code", "the error code", 35, { range: [-999_999, 999_999] }),
      option("message", "the message (default: the message of the error code)", ""),
    ],
    fault: ({ code, message }) => ({ answer: { code, ...(message === "" ? {} : { message }) } }),
  }),
  refusal("insufficient-funds", 16, "The balance does not cover the price."),
  refusal("wrong-key", 2, "The API key is refused, and the answer has no balance."),
  refusal("order-refused", 25, "The provider refuses an order and gives no reason."),
  refusal("unknown-error", 35, "The provider does not say what went wrong."),
  preset("unlisted-error", "An error code that is in no public list.", {
    fault: () => ({ answer: { code: 9_999, message: "Something new" } }),
  }),
  preset(
    "drift-orderids",
    "The answer lists `orderIds` in place of `ipAddressIds`, as a newer documentation page shows.",
    {
      operations: operationsWith(["ipAddressIds"], "orderIds"),
      fault: () => ({ answer: { copy: { orderIds: "orderIds" }, drop: ["ipAddressIds"] } }),
    },
  ),
  preset("drift-fields", "The answer has new, unknown fields.", {
    fault: () => ({ answer: { merge: { requestId: "8f14e45f", notices: [] } } }),
  }),
  preset("drift-missing", "The answer lacks its list of IDs and its balance.", {
    operations: operationsWith(["ipAddressIds", "balance", "currency"]),
    fault: () => ({ answer: { drop: ["ipAddressIds", "balance", "currency"] } }),
  }),
  preset("drift-types", "The answer has numbers as strings.", {
    operations: operationsWith(numberFields()),
    fault: () => ({ answer: { asText: numberFields() } }),
  }),
  preset("drift-quantity", "The answer has a count of IP addresses, but its list is empty.", {
    operations: operationsWith(["quantity"]),
    fault: () => ({ answer: { empty: ["ipAddressIds"] } }),
  }),
  preset("drift-type", "The answer is about another proxy type than the request.", {
    operations: operationsWith(["proxyType"]),
    fault: () => ({ answer: { next: { proxyType: [...proxyTypes] } } }),
  }),
  driftingRefusal("drift-error-text", "text", "The error of a refusal is a string."),
  driftingRefusal("drift-error-code", "code-as-text", "The error code of a refusal is a string."),
  driftingRefusal("drift-error-null", "null", "The error of a refusal is null, as in a success."),
  preset("empty-object", "The answer is an empty JSON object.", {
    fault: () => ({ answer: { body: {} } }),
  }),
  preset("slow", "The answer is late.", {
    options: [ms(1_000, "how late"), msAs("jitter", 0, "how much more or less")],
    fault: ({ ms: delayMs, jitter }) => ({ delay: { ms: delayMs, jitter } }),
  }),
  preset("latency", "Answers take as long as on a busy server: most come soon, some very late.", {
    options: [
      msAs("p50", 80, "the median"),
      msAs("p95", 400, "the 95th percentile"),
      msAs("p99", 1_500, "the 99th percentile"),
    ],
    fault: ({ p50, p95, p99 }) => ({ delay: { p50, p95, p99 } }),
  }),
  preset("rate-limited", "429, with `Retry-After` in seconds.", {
    options: [seconds()],
    fault: ({ seconds: wait }) => ({ http: tooManyRequests(wait) }),
  }),
  preset("rate-limited-date", "429, with `Retry-After` as a date by the mock's clock.", {
    options: [seconds()],
    fault: ({ seconds: wait }) => ({ http: { ...tooManyRequests(wait), retryAfterDate: true } }),
  }),
  gateway("server-error", "500, with the page of a web server.", serverPage(500, "Internal Server Error")),
  gateway("gateway-502", "502, with the HTML of a gateway.", serverPage(502, "Bad Gateway")),
  preset("unavailable-503", "503 for maintenance, with `Retry-After` in seconds.", {
    options: [seconds(), applied(false)],
    fault: ({ seconds: wait, applied: isDone }) => ({
      http: { ...serverPage(503, "Service Unavailable"), retryAfter: wait },
      applied: isDone,
    }),
  }),
  gateway("gateway-504", "504, with the HTML of a gateway.", serverPage(504, "Gateway Time-out")),
  preset("refused-503", "A refusal of the provider (error 35) with HTTP 503.", {
    fault: () => ({ answer: { code: 35 }, http: { status: 503 } }),
  }),
  preset("redirect", "A redirect to another host, which would receive the API key.", {
    options: [
      option("status", "the status", 307, { choices: [301, 302, 303, 307, 308] }),
      option("to", "the target", "https://login.example/"),
    ],
    fault: ({ status, to }) => ({ http: { status, headers: { location: to }, body: "" } }),
  }),
  gateway("html-200", "200, with the HTML of a login page.", serverPage(200, "Log in")),
  preset("wrong-type", "The right answer, labelled as text/plain.", {
    fault: () => ({ http: { headers: { "content-type": "text/plain; charset=utf-8" } } }),
  }),
  preset("not-json", "200 and application/json, with a body that is not JSON.", {
    fault: () => ({ http: { body: "{'success': True}" } }),
  }),
  preset("empty", "200 with an empty body.", { fault: () => ({ http: { body: "" } }) }),
  preset("gzip", "The right answer, compressed although nobody asked.", {
    fault: () => ({ http: { gzip: "whole" } }),
  }),
  preset("gzip-broken", "An answer that claims to be compressed, and is not.", {
    fault: () => ({ http: { gzip: "broken" } }),
  }),
  preset("reset", "The connection is reset (RST) before, in the middle of or after the answer.", {
    options: [at, applied(true)],
    fault: ({ at: when, applied: isDone }) => ({ cut: { how: "reset", at: when }, applied: isDone }),
  }),
  preset("closed", "The connection is closed (FIN) before, in the middle of or after the answer.", {
    options: [{ ...at, fallback: "middle" }, applied(true)],
    fault: ({ at: when, applied: isDone }) => ({ cut: { how: "close", at: when }, applied: isDone }),
  }),
  preset("truncated", "Half of the answer, as if it were the whole.", {
    fault: () => ({ cut: { how: "truncate" } }),
  }),
  preset("drip", "The answer arrives a few bytes at a time.", {
    options: [
      option("bytes", "how many bytes at a time", 16, { range: [1, 65_536] }),
      ms(20, "the time between them"),
    ],
    fault: ({ bytes, ms: everyMs }) => ({ cut: { how: "drip", bytes, everyMs } }),
  }),
  preset("hang", "The answer never completes; the connection stays open.", {
    options: [
      option("at", "when it happens, relative to the answer", "before", { choices: ["before", "middle"] }),
      applied(true),
    ],
    fault: ({ at: when, applied: isDone }) => ({ cut: { how: "hang", at: when }, applied: isDone }),
  }),
  preset("lost-answer", "The request is carried out, and its answer is lost.", {
    fault: () => ({ lose: "answer" }),
  }),
  preset("lost-request", "The request is lost on its way: nothing is carried out, and no answer comes.", {
    fault: () => ({ lose: "request" }),
  }),
  preset("limit", "Requests beyond the limit per second get 429. Each account is counted separately.", {
    options: [option("per-second", "the limit", 1, { range: [1, 100_000] }), seconds()],
    fault: ({ "per-second": perSecond, seconds: retryAfter }) => ({ limit: { perSecond, retryAfter } }),
  }),
  preset(
    "limit-at-once",
    "Concurrent requests beyond the limit get 429. Each account is counted separately.",
    {
      options: [
        option("at-once", "the limit", 1, { range: [1, 100_000] }),
        seconds(),
        ms(200, "how long each of them takes"),
      ],
      fault: ({ "at-once": atOnce, seconds: retryAfter, ms: delayMs }) => ({
        limit: { atOnce, retryAfter },
        // Without a delay no two requests would be concurrent.
        delay: { ms: delayMs },
      }),
    },
  ),
] as const;

export const presets: readonly Preset[] = table;

/** The same as JSON. */
export const listedPresets = presets.map(({ fault: _, ...listed }) => listed);

interface Definition<Options extends readonly PresetOption[]> {
  readonly options?: Options;
  readonly operations?: readonly ServedOperation["id"][];
  fault(options: { readonly [O in Options[number] as O["name"]]: ValueOf<O> }): Fault;
}

/** A preset whose name and options are literal types, so that editors can complete them. */
function preset<const Name extends string, const Options extends readonly PresetOption[] = readonly []>(
  name: Name,
  description: string,
  { options, operations: applicable, fault }: Definition<Options>,
) {
  return {
    name,
    description,
    options: (options ?? []) as Options,
    ...(applicable ? { operations: applicable } : {}),
    // `presetFault` passes a valid value for each option.
    fault: fault as Preset["fault"],
  };
}

function option<
  const Name extends string,
  Fallback extends PresetOption["fallback"],
  const More extends Pick<PresetOption, "choices" | "range"> = Record<never, never>,
>(name: Name, description: string, fallback: Fallback, more?: More) {
  return { name, description, fallback, ...(more as More) };
}

function applied(fallback: boolean) {
  return option("applied", "whether the request is carried out", fallback);
}

function ms(fallback: number, description: string) {
  return msAs("ms", fallback, description);
}

/** Milliseconds under another name. */
function msAs<const Name extends string>(name: Name, fallback: number, description: string) {
  const range = [0, maxMs] as const;
  return option(name, `${description}, in milliseconds`, fallback, { range });
}

function seconds() {
  return option("seconds", "the value of Retry-After", 1 as number, { range: [0, 86_400] });
}

/** The fields with numbers, or with lists of numbers, in any answer. */
function numberFields(): string[] {
  const fields = operations.flatMap((operation) => fieldsOf(specOf(operation).emits.success));
  const isNumber = (schema: z.ZodTypeAny): boolean =>
    schema instanceof z.ZodNumber || (itemOf(schema) !== schema && isNumber(itemOf(schema)));
  return [...new Set(fields.flatMap(([name, schema]) => (isNumber(schema) ? [name] : [])))];
}

/** The operations whose success has one of these fields, however deep, and whose request has the other, if one is named. */
function operationsWith(answered: readonly string[], sent?: string) {
  return operations
    .filter(
      (operation) =>
        (sent === undefined || sent in operation.request.shape) &&
        fieldsOf(specOf(operation).emits.success).some(([field]) => answered.includes(field)),
    )
    .map(({ id }) => id);
}

/** The fields of a schema, including those of nested objects and lists, each with its schema. */
function fieldsOf(schema: z.ZodTypeAny): [field: string, schema: z.ZodTypeAny][] {
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries<z.ZodTypeAny>(schema.shape);
    return fields.flatMap(([name, field]) => [[name, field], ...fieldsOf(field)]);
  }
  return itemOf(schema) === schema ? [] : fieldsOf(itemOf(schema));
}

/** The schema of the items of a list, or within a wrapper. */
function itemOf(schema: z.ZodTypeAny): z.ZodTypeAny {
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return schema.unwrap();
  return schema instanceof z.ZodEffects ? schema.innerType() : schema;
}

function refusal<const Name extends string>(name: Name, code: number, description: string) {
  return preset(name, `${description} Error ${code}.`, {
    fault: () => ({ answer: { code: requireErrorCode(code).code } }),
  });
}

/** A refusal whose error contradicts the contract: the request's own or, if it would succeed, error 35. */
function driftingRefusal<const Name extends string>(
  name: Name,
  errorAs: "text" | "code-as-text" | "null",
  description: string,
) {
  const { code } = requireErrorCode(35);
  return preset(name, `${description} A request that would succeed is refused (${code}).`, {
    fault: () => ({ answer: { code, keepRefusals: true, of: "failure", errorAs } }),
  });
}

function gateway<const Name extends string>(name: Name, description: string, page: Page) {
  return preset(name, description, {
    options: [applied(false)],
    fault: ({ applied: isDone }) => ({ http: page, applied: isDone }),
  });
}

interface Page {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** The page that a web server or gateway sends in place of an answer. */
function serverPage(status: number, title: string): Page {
  const heading = status === 200 ? title : `${status} ${title}`;
  return {
    status,
    headers: { "content-type": "text/html" },
    body: `<html>\r\n<head><title>${heading}</title></head>\r\n<body>\r\n<center><h1>${heading}</h1></center>\r\n<hr>\r\n</body>\r\n</html>\r\n`,
  };
}

export function tooManyRequests(retryAfter: number): Page & { readonly retryAfter: number } {
  return { ...serverPage(429, "Too Many Requests"), retryAfter };
}
