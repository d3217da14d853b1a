import { type Example, operations, requireErrorCode, specOf } from "@auto-extend/core";
import type { Envelope, ServedOperation } from "../types.js";
import type { Fault } from "./fault.js";
import { alteredEnvelope, type DriftName, serverPage, tooManyRequests } from "./spoil.js";

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
  readonly default: string | number | boolean;
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
type OptionsOf<Options extends Choosable> = keyof Options extends never
  ? Record<string, never>
  : { -readonly [Name in keyof Options]?: ValueOf<Options[Name]> };

type Choosable = Readonly<Record<string, Omit<PresetOption, "name">>>;

type OptionValues = Readonly<Record<string, string | number | boolean>>;

type ValueOf<Option extends Choosable[string]> = Option extends { choices: readonly (infer Choice)[] }
  ? Choice
  : Option["default"];

const retryAfter = whole(1, [0, 86_400], "the value of Retry-After");
const places = ["before", "middle", "after"] as const;

/** Every preset: help, docs, the control API and tests all read this table. */
const table = [
  preset("error", "The provider refuses, with any error code.", {
    options: {
      code: whole(35, [-999_999, 999_999], "the error code"),
      message: text("", "the message (default: the message of the error code)"),
    },
    fault: ({ code, message }) => ({ answer: { code, message: message || undefined } }),
  }),
  refusal("insufficient-funds", 16, "The balance does not cover the price."),
  refusal("wrong-key", 2, "The API key is refused, and the answer has no balance."),
  refusal("order-refused", 25, "The provider refuses an order and gives no reason."),
  refusal("unknown-error", 35, "The provider does not say what went wrong."),
  preset("unlisted-error", "An error code that is in no public list.", {
    fault: () => ({ answer: { code: 9_999, message: "Something new" } }),
  }),
  drift(
    "orderids",
    "The answer lists `orderIds` in place of `ipAddressIds`, as a newer documentation page shows.",
  ),
  preset("drift-fields", "The answer has new, unknown fields.", {
    fault: () => ({ answer: { merge: { requestId: "8f14e45f", notices: [] } } }),
  }),
  preset("drift-missing", "The answer lacks its list of IDs and its balance.", {
    fault: () => ({ answer: { drop: ["ipAddressIds", "balance", "currency"] } }),
  }),
  drift("number-strings", "The answer has numbers as strings."),
  drift("quantity", "The answer has a count of IP addresses, but its list is empty."),
  drift("proxy-type", "The answer is about another proxy type than the request."),
  driftOfError("error-text", "The error of a refusal is a string."),
  driftOfError("error-code", "The error code of a refusal is a string."),
  driftOfError("error-null", "The error of a refusal is null, as in a success."),
  preset("empty-object", "The answer is an empty JSON object.", {
    fault: () => ({ answer: { body: {} } }),
  }),
  preset("slow", "The answer is late.", {
    options: { ms: milliseconds(1_000, "how late"), jitter: milliseconds(0, "how much more or less") },
    fault: (delay) => ({ delay }),
  }),
  preset("latency", "Answers take as long as on a busy server: most come soon, some very late.", {
    options: {
      p50: milliseconds(80, "the median"),
      p95: milliseconds(400, "the 95th percentile"),
      p99: milliseconds(1_500, "the 99th percentile"),
    },
    fault: (delay) => ({ delay }),
  }),
  preset("rate-limited", "429, with `Retry-After` in seconds.", {
    options: { seconds: retryAfter },
    fault: ({ seconds }) => ({ http: tooManyRequests(seconds) }),
  }),
  preset("rate-limited-date", "429, with `Retry-After` as a date by the mock's clock.", {
    options: { seconds: retryAfter },
    fault: ({ seconds }) => ({ http: { ...tooManyRequests(seconds), retryAfterDate: true } }),
  }),
  gateway("server-error", "500, with the page of a web server.", serverPage(500, "Internal Server Error")),
  gateway("gateway-502", "502, with the HTML of a gateway.", serverPage(502, "Bad Gateway")),
  preset("unavailable-503", "503 for maintenance, with `Retry-After` in seconds.", {
    options: { seconds: retryAfter, applied: applied(false) },
    fault: ({ seconds, applied }) => ({
      http: { ...serverPage(503, "Service Unavailable"), retryAfter: seconds },
      applied,
    }),
  }),
  gateway("gateway-504", "504, with the HTML of a gateway.", serverPage(504, "Gateway Time-out")),
  preset("refused-503", "A refusal of the provider (error 35) with HTTP 503.", {
    fault: () => ({ answer: { code: 35 }, http: { status: 503 } }),
  }),
  preset("redirect", "A redirect to another host, which would receive the API key.", {
    options: {
      status: choice(307, [301, 302, 303, 307, 308], "the status"),
      to: text("https://login.example/", "the target"),
    },
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
    options: { at: place("before", places), applied: applied(true) },
    fault: ({ at, applied }) => ({ cut: { how: "reset", at }, applied }),
  }),
  preset("closed", "The connection is closed (FIN) before, in the middle of or after the answer.", {
    options: { at: place("middle", places), applied: applied(true) },
    fault: ({ at, applied }) => ({ cut: { how: "close", at }, applied }),
  }),
  preset("truncated", "Half of the answer, as if it were the whole.", {
    fault: () => ({ cut: { how: "truncate" } }),
  }),
  preset("drip", "The answer arrives a few bytes at a time.", {
    options: {
      bytes: whole(16, [1, 65_536], "how many bytes at a time"),
      ms: milliseconds(20, "the time between them"),
    },
    fault: ({ bytes, ms: everyMs }) => ({ cut: { how: "drip", bytes, everyMs } }),
  }),
  preset("hang", "The answer never completes; the connection stays open.", {
    options: { at: place("before", ["before", "middle"]), applied: applied(true) },
    fault: ({ at, applied }) => ({ cut: { how: "hang", at }, applied }),
  }),
  preset("lost-answer", "The request is carried out, and its answer is lost.", {
    fault: () => ({ lose: "answer" }),
  }),
  preset("lost-request", "The request is lost on its way: nothing is carried out, and no answer comes.", {
    fault: () => ({ lose: "request" }),
  }),
  preset("limit", "Requests beyond the limit per second get 429. Each account is counted separately.", {
    options: { "per-second": whole(1, [1, 100_000], "maximum requests per second"), seconds: retryAfter },
    fault: ({ "per-second": perSecond, seconds }) => ({ limit: { perSecond, retryAfter: seconds } }),
  }),
  preset(
    "limit-concurrent",
    "Concurrent requests beyond the limit get 429. Each account is counted separately.",
    {
      options: {
        concurrent: whole(1, [1, 100_000], "maximum concurrent requests"),
        seconds: retryAfter,
        ms: milliseconds(200, "delay of each request, so that requests overlap"),
      },
      fault: ({ concurrent, seconds, ms }) => ({
        limit: { concurrent, retryAfter: seconds },
        // Without a delay no two requests would be concurrent.
        delay: { ms },
      }),
    },
  ),
] as const;

export const presets: readonly Preset[] = table.map(({ options, ...preset }) => {
  const listed = Object.entries<Choosable[string]>(options).map(([name, option]) => ({ name, ...option }));
  const defaults = Object.fromEntries(listed.map(({ name, default: fallback }) => [name, fallback]));
  return { ...preset, options: listed, ...operationsOf(preset.fault(defaults)) };
});

export const listedPresets = presets.map(({ fault: _, ...listed }) => listed);

/** The operations that a fault affects, unless it affects all: those whose example of a success it changes. */
function operationsOf({ answer, ...others }: Fault): Pick<Preset, "operations"> {
  if (!answer || answer.code !== undefined || Object.keys(others).length > 0) return {};
  const affected = operations.filter((operation) => {
    const [example] = Object.values<Example>(specOf(operation).examples.requests);
    if (!example) return true;
    const altered = alteredEnvelope(example.success as Envelope, example.request, [{ answer }]);
    return JSON.stringify(altered) !== JSON.stringify(example.success);
  });
  return affected.length === operations.length ? {} : { operations: affected.map(({ id }) => id) };
}

interface Definition<Options extends Choosable> {
  readonly options?: Options;
  fault(options: { readonly [Name in keyof Options]: ValueOf<Options[Name]> }): Fault;
}

/** A preset whose name and options are literal types, so that editors can complete them. */
// biome-ignore lint/complexity/noBannedTypes: a preset without options has none to choose.
function preset<const Name extends string, const Options extends Choosable = {}>(
  name: Name,
  description: string,
  { options, fault }: Definition<Options>,
) {
  // `presetFault` passes a valid value for each option.
  return { name, description, options: (options ?? {}) as Options, fault: fault as Preset["fault"] };
}

function text(fallback: string, description: string) {
  return { description, default: fallback };
}

function applied(fallback: boolean) {
  return { description: "whether the request is carried out", default: fallback };
}

function choice<const Value extends string | number>(
  fallback: Value,
  choices: readonly Value[],
  description: string,
) {
  return { description, default: fallback, choices };
}

function place<const Place extends string>(fallback: Place, choices: readonly Place[]) {
  return choice(fallback, choices, "when it happens, relative to the answer");
}

function whole(fallback: number, range: readonly [min: number, max: number], description: string) {
  return { description, default: fallback, range };
}

function milliseconds(fallback: number, description: string) {
  return whole(fallback, [0, 600_000], `${description}, in milliseconds`);
}

function refusal<const Name extends string>(name: Name, code: number, description: string) {
  return preset(name, `${description} Error ${code}.`, {
    fault: () => ({ answer: { code: requireErrorCode(code).code } }),
  });
}

function drift<const Name extends DriftName>(name: Name, description: string) {
  return preset(`drift-${name}`, description, { fault: () => ({ answer: { drift: name } }) });
}

/** A refusal whose error contradicts the contract: the request's own or, if it would succeed, error 35. */
function driftOfError<const Name extends DriftName>(name: Name, description: string) {
  const { code } = requireErrorCode(35);
  return preset(`drift-${name}`, `${description} A request that would succeed is refused (${code}).`, {
    fault: () => ({ answer: { code, of: "failure", drift: name } }),
  });
}

function gateway<const Name extends string>(
  name: Name,
  description: string,
  page: NonNullable<Fault["http"]>,
) {
  return preset(name, description, {
    options: { applied: applied(false) },
    fault: ({ applied }) => ({ http: page, applied }),
  });
}
