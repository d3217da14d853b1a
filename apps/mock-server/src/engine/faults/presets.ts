import { operations, requireErrorCode } from "@auto-extend/core";
import type { ServedOperation } from "../route.js";
import type { Fault } from "./fault.js";

/** A fault with a name, and with options where there is something to choose. */
export interface Preset {
  readonly name: string;
  /** What happens, for people. */
  readonly description: string;
  readonly options: readonly PresetOption[];
  /** The operations whose answers have what it changes; any where left out. */
  readonly operations?: readonly ServedOperation["id"][];
  /** The fault for options that are complete and fit. */
  readonly fault: (options: Options) => Fault;
}

/** Something to choose of a preset. */
export interface PresetOption {
  readonly name: string;
  readonly description: string;
  /** What it is where nobody chooses. Its type is the type of the option. */
  readonly fallback: string | number | boolean;
  /** All that can be chosen; anything of its type where left out. */
  readonly choices?: readonly (string | number)[];
  /** The least and most of a number that can be any in between; whole numbers only. */
  readonly range?: readonly [number, number];
}

/** Options of a preset, by name. */
export type Options = Readonly<Record<string, string | number | boolean>>;

const longest = 600_000;

const applied = (fallback: boolean): PresetOption => ({
  name: "applied",
  description: "whether the request is carried out",
  fallback,
});
const ms = (fallback: number, description: string, name = "ms"): PresetOption => ({
  name,
  description: `${description}, in milliseconds`,
  fallback,
  range: [0, longest],
});
const seconds = (fallback: number): PresetOption => ({
  name: "seconds",
  description: "what Retry-After asks for",
  fallback,
  range: [0, 86_400],
});
const seed: PresetOption = {
  name: "seed",
  description: "what it is drawn by, for each API key apart, so that it comes again",
  fallback: 1,
  range: [0, 999_999_999],
};
const at: PresetOption = {
  name: "at",
  description: "when",
  fallback: "before",
  choices: ["before", "middle", "after"],
};

/** Every preset: the one table that documents, help, the control API and tests read. */
export const presets: readonly Preset[] = [
  preset("error", "The provider refuses, with any error code.", {
    options: [
      { name: "code", description: "the error code", fallback: 35, range: [-999_999, 999_999] },
      { name: "message", description: "the message; the catalogue's where empty", fallback: "" },
    ],
    fault: ({ code, message }) => ({
      answer: { code: Number(code), ...(message === "" ? {} : { message: String(message) }) },
    }),
  }),
  refusal("insufficient-funds", 16, "The balance does not cover the price."),
  refusal("wrong-key", 2, "The API key is refused, and the answer has no balance."),
  refusal("order-refused", 25, "The provider refuses an order without saying why."),
  refusal("unknown-error", 35, "The provider can't say what went wrong."),
  preset("unlisted-error", "An error code that is in no public list.", {
    fault: () => ({ answer: { code: 9_999, message: "Something new" } }),
  }),
  preset("drift-orderids", "The answer lists `orderIds` in place of `ipAddressIds`, as a newer page shows.", {
    operations: operationsWith({ sent: "orderIds", answered: ["ipAddressIds"] }),
    fault: () => ({ answer: { copy: { orderIds: "orderIds" }, drop: ["ipAddressIds"] } }),
  }),
  preset("drift-fields", "The answer has fields that nobody knows yet.", {
    fault: () => ({ answer: { merge: { requestId: "8f14e45f", warnings: [] } } }),
  }),
  preset("drift-missing", "The answer has lost its list of ids and its balance.", {
    operations: operationsWith({ answered: ["ipAddressIds", "balance", "currency"] }),
    fault: () => ({ answer: { drop: ["ipAddressIds", "balance", "currency"] } }),
  }),
  preset("drift-types", "The answer has numbers as strings.", {
    operations: operationsWith({ answered: ["quantity", "balance"] }),
    fault: () => ({ answer: { merge: { quantity: "1", balance: "5.00" } } }),
  }),
  preset("drift-quantity", "The answer counts one IP address, and lists none.", {
    operations: operationsWith({ answered: ["quantity"] }),
    fault: () => ({ answer: { merge: { quantity: 1, ipAddressIds: [] } } }),
  }),
  preset("drift-type", "The answer is about another proxy type than the request.", {
    operations: operationsWith({ answered: ["proxyType"] }),
    fault: () => ({ answer: { merge: { proxyType: "SOCKS5" } } }),
  }),
  driftingRefusal(
    "drift-error-text",
    "The provider refuses (35), and its error is a text.",
    ({ message }) => message,
  ),
  driftingRefusal(
    "drift-error-code",
    "The provider refuses (35), and its error code is a string.",
    (error) => ({
      ...error,
      code: String(error.code),
    }),
  ),
  driftingRefusal(
    "drift-error-null",
    "The provider refuses (35), and its error is null, as that of a success.",
    () => null,
  ),
  preset("empty-object", "The answer is an empty JSON object.", {
    fault: () => ({ answer: { body: {} } }),
  }),
  preset("slow", "The answer takes its time.", {
    options: [ms(1_000, "how long"), ms(0, "how much more or less", "jitter"), seed],
    fault: ({ ms: time, jitter, seed: drawnBy }) => ({
      delay: { ms: Number(time), jitter: Number(jitter), seed: Number(drawnBy) },
    }),
  }),
  preset("latency", "Answers take as long as those of a busy server: most a little, some very long.", {
    options: [
      ms(80, "what half of them stay within", "p50"),
      ms(400, "what 95 of 100 stay within", "p95"),
      ms(1_500, "what 99 of 100 stay within", "p99"),
      seed,
    ],
    fault: ({ p50, p95, p99, seed: drawnBy }) => ({
      delay: { p50: Number(p50), p95: Number(p95), p99: Number(p99), seed: Number(drawnBy) },
    }),
  }),
  preset("rate-limited", "429, with `Retry-After` in seconds.", {
    options: [seconds(1)],
    fault: ({ seconds: wait }) => ({ http: tooMany(Number(wait)) }),
  }),
  preset("rate-limited-date", "429, with `Retry-After` as a date by the mock's clock.", {
    options: [seconds(1)],
    fault: ({ seconds: wait }) => ({ http: { ...tooMany(Number(wait)), retryAfterDate: true } }),
  }),
  gateway(500, "Internal Server Error", "server-error", "500, with the page of a web server."),
  gateway(502, "Bad Gateway", "gateway-502", "502, with the HTML of a gateway."),
  preset("unavailable-503", "503 for maintenance, with `Retry-After` in seconds.", {
    options: [seconds(1), applied(false)],
    fault: ({ seconds: wait, applied: done }) => ({
      http: { ...serverPage(503, "Service Unavailable"), retryAfter: Number(wait) },
      applied: Boolean(done),
    }),
  }),
  gateway(504, "Gateway Time-out", "gateway-504", "504, with the HTML of a gateway."),
  preset("refused-503", "A refusal of the provider's (error 35) under 503.", {
    fault: () => ({ answer: { code: 35 }, http: { status: 503 } }),
  }),
  preset("redirect", "A redirect to another host, which would take the API key along.", {
    options: [
      { name: "status", description: "the status", fallback: 307, choices: [301, 302, 303, 307, 308] },
      { name: "to", description: "where it leads", fallback: "https://login.example/" },
    ],
    fault: ({ status, to }) => ({
      http: { status: Number(status), headers: { location: String(to) }, body: "" },
    }),
  }),
  preset("html-200", "200, with the HTML of a login page.", {
    options: [applied(false)],
    fault: ({ applied: done }) => ({ http: serverPage(200, "Log in"), applied: Boolean(done) }),
  }),
  preset("wrong-type", "The right answer, called text/plain.", {
    fault: () => ({ http: { headers: { "content-type": "text/plain; charset=utf-8" } } }),
  }),
  preset("not-json", "200 and application/json, with a body that is no JSON.", {
    fault: () => ({ http: { body: "{'success': True}" } }),
  }),
  preset("empty", "200 with an empty body.", { fault: () => ({ http: { body: "" } }) }),
  preset("gzip", "The right answer, compressed although nobody asked.", {
    fault: () => ({ http: { gzip: "whole" } }),
  }),
  preset("gzip-broken", "An answer that says it is compressed, and is not.", {
    fault: () => ({ http: { gzip: "broken" } }),
  }),
  preset("reset", "The connection is reset (RST) before, in the middle of or after the answer.", {
    options: [at, applied(true)],
    fault: ({ at: when, applied: done }) => ({
      cut: { how: "reset", at: moment(when) },
      applied: Boolean(done),
    }),
  }),
  preset("closed", "The connection is closed (FIN) before, in the middle of or after the answer.", {
    options: [{ ...at, fallback: "middle" }, applied(true)],
    fault: ({ at: when, applied: done }) => ({
      cut: { how: "close", at: moment(when) },
      applied: Boolean(done),
    }),
  }),
  preset("truncated", "Half of the answer, as if it were the whole.", {
    fault: () => ({ cut: { how: "truncate" } }),
  }),
  preset("drip", "The answer comes a few bytes at a time.", {
    options: [
      { name: "bytes", description: "how many at a time", fallback: 16, range: [1, 65_536] },
      ms(20, "how long from drop to drop"),
    ],
    fault: ({ bytes, ms: time }) => ({ cut: { how: "drip", bytes: Number(bytes), everyMs: Number(time) } }),
  }),
  preset("hang", "No answer, and the connection stays open.", {
    options: [
      {
        ...at,
        choices: ["before", "middle"],
      },
      applied(true),
    ],
    fault: ({ at: when, applied: done }) => ({
      cut: { how: "hang", at: moment(when) },
      applied: Boolean(done),
    }),
  }),
  preset("lost-answer", "The request is carried out, and its answer is lost.", {
    fault: () => ({ lose: "applied" }),
  }),
  preset("lost-request", "The request is lost on its way: nothing is carried out, and no answer comes.", {
    fault: () => ({ lose: "not-applied" }),
  }),
  preset("limit", "More requests in a second than a limit get 429; those of one account count together.", {
    options: [{ name: "per-second", description: "the limit", fallback: 1, range: [1, 100_000] }, seconds(1)],
    fault: (options) => ({
      limit: { perSecond: Number(options["per-second"]), retryAfter: Number(options.seconds) },
    }),
  }),
  preset(
    "limit-at-once",
    "More requests under way than a limit get 429; those of one account count together.",
    {
      options: [
        { name: "at-once", description: "the limit", fallback: 1, range: [1, 100_000] },
        seconds(1),
        ms(200, "how long each of them is under way"),
      ],
      fault: (options) => ({
        limit: { atOnce: Number(options["at-once"]), retryAfter: Number(options.seconds) },
        // Without it they would be through as soon as they come, and none would meet another.
        delay: { ms: Number(options.ms) },
      }),
    },
  ),
];

/** The same as JSON has it: for whoever asks what there is. */
export const listedPresets = presets.map(({ fault: _, ...listed }) => listed);

function preset(
  name: string,
  description: string,
  { options = [], ...rest }: Pick<Preset, "operations" | "fault"> & Partial<Pick<Preset, "options">>,
): Preset {
  return { name, description, options, ...rest };
}

/** The operations whose request has a field, where one is named, and whose success has one of several. */
function operationsWith({
  sent,
  answered,
}: {
  readonly sent?: string;
  readonly answered: readonly string[];
}) {
  return operations
    .filter(
      ({ request, emits }) =>
        (sent === undefined || sent in request.shape) &&
        answered.some((field) => field in emits.success.shape),
    )
    .map(({ id }) => id);
}

function refusal(name: string, code: number, description: string): Preset {
  return preset(name, `${description} Error ${code}.`, {
    fault: () => ({ answer: { code: requireErrorCode(code).code } }),
  });
}

/** A refusal whose error is not what the contract says. */
function driftingRefusal(
  name: string,
  description: string,
  drifted: (error: { readonly code: number; readonly message: string }) => unknown,
): Preset {
  const { code, message } = requireErrorCode(35);
  return preset(name, description, {
    fault: () => ({
      answer: { code, of: "failure", merge: { error: drifted({ code, message: message.text }) } },
    }),
  });
}

function gateway(status: number, title: string, name: string, description: string): Preset {
  return preset(name, description, {
    options: [applied(false)],
    fault: ({ applied: done }) => ({ http: serverPage(status, title), applied: Boolean(done) }),
  });
}

function moment(when: unknown): "before" | "middle" | "after" {
  return when === "middle" || when === "after" ? when : "before";
}

type Page = Pick<NonNullable<Fault["http"]>, "headers" | "body"> & { readonly status: number };

/** What web servers and gateways send in place of an answer. */
export function serverPage(status: number, title: string): Page {
  const heading = status === 200 ? title : `${status} ${title}`;
  return {
    status,
    headers: { "content-type": "text/html" },
    body: `<html>\r\n<head><title>${heading}</title></head>\r\n<body>\r\n<center><h1>${heading}</h1></center>\r\n<hr>\r\n</body>\r\n</html>\r\n`,
  };
}

/** What they send to whoever asks too often. */
export function tooMany(retryAfter: number): Page & { readonly retryAfter: number } {
  return { ...serverPage(429, "Too Many Requests"), retryAfter };
}
