import { catalogued, formatIssues, issuesOf } from "@auto-extend/core";
import { type Fault, FaultError, faultSchema } from "./fault.js";

/** A fault with a name, and with options where there is something to choose. */
export interface Preset {
  readonly name: string;
  /** What happens, for people. */
  readonly description: string;
  readonly options: readonly PresetOption[];
  /** The fault for options that are complete and fit. */
  readonly fault: (options: Options) => Fault;
}

/** Something to choose of a preset. */
export interface PresetOption {
  readonly name: string;
  readonly description: string;
  /** What it is where nobody chooses. Its type is the type of the option. */
  readonly fallback: string | number | boolean;
  /** All that can be chosen of a text; any text where left out. */
  readonly choices?: readonly string[];
  /** The least and most of a number; whole numbers only. */
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
    fault: () => ({ answer: { copy: { orderIds: "orderIds" }, drop: ["ipAddressIds"] } }),
  }),
  preset("drift-fields", "The answer has fields that nobody knows yet.", {
    fault: () => ({ answer: { merge: { requestId: "8f14e45f", warnings: [] } } }),
  }),
  preset("drift-missing", "The answer has lost its list of ids and its balance.", {
    fault: () => ({ answer: { drop: ["ipAddressIds", "balance", "currency"] } }),
  }),
  preset("drift-types", "The answer has numbers as strings.", {
    fault: () => ({ answer: { merge: { quantity: "1", balance: "5.00" } } }),
  }),
  preset("drift-quantity", "The answer counts one IP address, and lists none.", {
    fault: () => ({ answer: { merge: { quantity: 1, ipAddressIds: [] } } }),
  }),
  preset("drift-type", "The answer is about another proxy type than the request.", {
    fault: () => ({ answer: { merge: { proxyType: "SOCKS5" } } }),
  }),
  preset("empty-object", "The answer is an empty JSON object.", {
    fault: () => ({ answer: { body: {} } }),
  }),
  preset("slow", "The answer takes its time.", {
    options: [ms(1_000, "how long"), ms(0, "how much more or less", "jitter")],
    fault: ({ ms: time, jitter }) => ({ delay: { ms: Number(time), jitter: Number(jitter) } }),
  }),
  preset("latency", "Answers take as long as those of a busy server: most a little, some very long.", {
    options: [
      ms(80, "what half of them stay within", "p50"),
      ms(400, "what 95 of 100 stay within", "p95"),
      ms(1_500, "what 99 of 100 stay within", "p99"),
    ],
    fault: ({ p50, p95, p99 }) => ({ delay: { p50: Number(p50), p95: Number(p95), p99: Number(p99) } }),
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
      http: { ...page(503, "Service Unavailable"), retryAfter: Number(wait) },
      applied: Boolean(done),
    }),
  }),
  gateway(504, "Gateway Time-out", "gateway-504", "504, with the HTML of a gateway."),
  preset("refused-503", "A refusal of the provider's (error 35) under 503.", {
    fault: () => ({ answer: { code: 35 }, http: { status: 503 } }),
  }),
  preset("redirect", "A redirect to another host, which would take the API key along.", {
    options: [
      { name: "status", description: "the status", fallback: 307, range: [301, 308] },
      { name: "to", description: "where it leads", fallback: "https://login.example/" },
    ],
    fault: ({ status, to }) => ({
      http: { status: Number(status), headers: { location: String(to) }, body: "" },
    }),
  }),
  preset("html-200", "200, with the HTML of a login page.", {
    options: [applied(false)],
    fault: ({ applied: done }) => ({ http: page(200, "Log in"), applied: Boolean(done) }),
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
    options: [
      { name: "per-second", description: "the limit", fallback: 1, range: [1, 100_000] },
      { ...seconds(1) },
    ],
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
        { ...seconds(1) },
      ],
      fault: (options) => ({
        limit: { atOnce: Number(options["at-once"]), retryAfter: Number(options.seconds) },
      }),
    },
  ),
];

/**
 * The fault that a preset's name and options mean.
 *
 * @param given the options that somebody chose, as text or as values.
 * @throws FaultError where there is no such preset or option, or an option does not fit.
 */
export function presetFault(name: string, given: Readonly<Record<string, unknown>> = {}): Fault {
  const found = presets.find((each) => each.name === name);
  if (!found)
    throw new FaultError(
      `There is no fault "${cut(name)}". There are: ${presets.map((each) => each.name).join(", ")}.`,
    );
  const known = found.options.map((option) => option.name);
  const stranger = Object.keys(given).find((option) => !known.includes(option));
  if (stranger !== undefined) {
    const choice = known.length > 0 ? `It has: ${known.join(", ")}.` : "It has none.";
    throw new FaultError(`The fault "${name}" has no option "${cut(stranger)}". ${choice}`);
  }
  const fault = faultSchema.safeParse(
    found.fault(
      Object.fromEntries(
        found.options.map((option) => [option.name, chosen(name, option, given[option.name])]),
      ),
    ),
  );
  if (fault.success) return fault.data;
  throw new FaultError(`The fault "${name}" can't be had so: ${formatIssues(issuesOf(fault.error))}.`);
}

function chosen(preset: string, option: PresetOption, value: unknown): string | number | boolean {
  const { fallback, choices, range = [0, 0] } = option;
  if (value === undefined) return fallback;
  const refuse = (wanted: string) => {
    throw new FaultError(`The option "${option.name}" of the fault "${preset}" must be ${wanted}.`);
  };
  const text = String(value);
  if (typeof fallback === "boolean") return text === "true" || (text !== "false" && refuse("true or false"));
  if (typeof fallback === "number") {
    const [least, most] = range;
    const fits = /^-?\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most;
    return fits ? Number(text) : refuse(`a whole number from ${least} to ${most}`);
  }
  if (typeof value !== "string") return refuse("a text");
  if (choices && !choices.includes(text)) return refuse(`one of ${choices.join(", ")}`);
  return text;
}

function preset(
  name: string,
  description: string,
  { options = [], fault }: { options?: readonly PresetOption[]; fault: Preset["fault"] },
): Preset {
  return { name, description, options, fault };
}

function refusal(name: string, code: number, description: string): Preset {
  return preset(name, `${description} Error ${code}.`, {
    fault: () => ({ answer: { code: catalogued(code).code } }),
  });
}

function gateway(status: number, title: string, name: string, description: string): Preset {
  return preset(name, description, {
    options: [applied(false)],
    fault: ({ applied: done }) => ({ http: page(status, title), applied: Boolean(done) }),
  });
}

/** What web servers and gateways send in place of an answer. */
function page(status: number, title: string): NonNullable<Fault["http"]> {
  const heading = status === 200 ? title : `${status} ${title}`;
  return {
    status,
    headers: { "content-type": "text/html" },
    body: `<html>\r\n<head><title>${heading}</title></head>\r\n<body>\r\n<center><h1>${heading}</h1></center>\r\n<hr>\r\n</body>\r\n</html>\r\n`,
  };
}

function tooMany(retryAfter: number): NonNullable<Fault["http"]> {
  return { ...page(429, "Too Many Requests"), retryAfter };
}

function moment(when: unknown): "before" | "middle" | "after" {
  return when === "middle" || when === "after" ? when : "before";
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
