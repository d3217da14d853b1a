// The errors that our client reports for each of the mock's faults, by its default settings: the tests hold it to this, each figure
// included, and docs/faults.md is made of it.

/**
 * The least and the most of a time, in milliseconds.
 *
 * @typedef {readonly [number, number]} Span
 */

/**
 * @typedef {object} Outcome
 * @property {number} [calls] how many concurrent calls it takes; the rest is about the one that the fault is injected into
 * @property {string} ends `success`, or the name of the error
 * @property {"none" | "unknown" | "reported-applied" | null} effect what the error says was done; `null` for a success
 * @property {boolean} applied whether it was done
 * @property {readonly Span[]} attempts how long each attempt takes, as far as the fault or the client makes it so
 * @property {readonly { readonly by: "chance" | "Retry-After", readonly span: Span }[]} pauses those between attempts
 * @property {{ readonly ends: string, readonly attempts: number }} once the end of a call that meets the fault once
 */

/** @typedef {Outcome & { preset: string, options: Readonly<Record<string, string | number | boolean>> }} FaultOutcome */

/** @type {Span} */
const atOnce = [0, 0];
/** @type {Outcome["pauses"]} */
const byChance = [
  { by: "chance", span: [0, 500] },
  { by: "chance", span: [0, 1_000] },
];

/** Attempts that are given up; the last one gets what is left of 90 s. @type {Pick<Outcome, "attempts" | "pauses">} */
const inVain = {
  attempts: [
    [30_000, 30_000],
    [30_000, 30_000],
    [28_500, 30_000],
  ],
  pauses: byChance,
};

/** Pauses that `Retry-After` asks for. @type {(...spans: Span[]) => Outcome["pauses"]} */
const asked = (...spans) => spans.map((span) => ({ by: "Retry-After", span }));

/** @type {Span} */
const aSecond = [1_000, 1_000];
/** A date has no parts of a second. @type {Span} */
const untilADate = [1_000, 2_000];

/** A limit of one lets one of two calls at once through; the rest is about the other. */
const besideAnother = { calls: 2, once: { ends: "success", attempts: 1 } };

/**
 * Each outcome of the faults that have it, written as in the header. A call without pauses is not repeated; one with pauses is, and
 * fails as long as the fault stays.
 *
 * @type {readonly [faults: readonly string[], ends: string, effect: Outcome["effect"], applied: boolean, more?: Partial<Outcome>][]}
 */
const table = [
  [
    ["error", "insufficient-funds", "wrong-key", "order-refused", "unknown-error", "unlisted-error"],
    "ApiError",
    "none",
    false,
  ],
  [["drift-orderids", "drift-fields", "drift-missing", "wrong-type", "gzip"], "success", null, true],
  [["reset; at=after", "closed; at=after"], "success", null, true],
  [["drift-number-strings", "drift-quantity", "drift-proxy-type"], "ContractError", "reported-applied", true],
  [["drift-error-text", "drift-error-code", "drift-error-null"], "ContractError", "unknown", false],
  [["html-200"], "ContractError", "unknown", false],
  [["html-200; applied=true"], "ContractError", "unknown", true],
  [["empty-object", "not-json", "empty", "truncated"], "ContractError", "unknown", true],
  [["slow"], "success", null, true, { attempts: [aSecond] }],
  [["latency"], "success", null, true, { attempts: [[40, 2_250]] }],
  // The documented answer has 148 bytes: that is 10 drops, with 20 ms between them.
  [["drip"], "success", null, true, { attempts: [[180, 180]] }],
  [["slow; ms=40000", "hang", "hang; at=middle"], "TimeoutError", "unknown", true, inVain],
  [["hang; applied=false"], "TimeoutError", "unknown", false, inVain],
  [["rate-limited"], "HttpError", "none", false, { pauses: asked(aSecond, aSecond) }],
  [["rate-limited; seconds=31"], "HttpError", "none", false],
  [["rate-limited-date"], "HttpError", "none", false, { pauses: asked(untilADate, untilADate) }],
  [["server-error", "gateway-502", "gateway-504"], "HttpError", "unknown", false, { pauses: byChance }],
  [
    ["server-error; applied=true", "gateway-502; applied=true", "gateway-504; applied=true"],
    "HttpError",
    "unknown",
    true,
    { pauses: byChance },
  ],
  [["unavailable-503"], "HttpError", "unknown", false, { pauses: asked(aSecond, aSecond) }],
  [["unavailable-503; applied=true"], "HttpError", "unknown", true, { pauses: asked(aSecond, aSecond) }],
  [["refused-503"], "ApiError", "unknown", false, { pauses: byChance }],
  [
    ["redirect", ...[301, 302, 303, 308].map((status) => `redirect; status=${status}`)],
    "HttpError",
    "unknown",
    false,
  ],
  [
    ["gzip-broken", "reset", "reset; at=middle", "closed", "closed; at=before", "lost-answer"],
    "NetworkError",
    "unknown",
    true,
    { pauses: byChance },
  ],
  [
    ["reset; applied=false", "closed; applied=false", "lost-request"],
    "NetworkError",
    "unknown",
    false,
    { pauses: byChance },
  ],
  [
    ["limit; seconds=2"],
    "success",
    null,
    true,
    { ...besideAnother, attempts: [atOnce, atOnce], pauses: asked([2_000, 2_000]) },
  ],
  [
    ["limit-concurrent"],
    "success",
    null,
    true,
    { ...besideAnother, attempts: [atOnce, [200, 200]], pauses: asked(aSecond) },
  ],
];

/** @type {readonly (Outcome & { faults: readonly string[] })[]} */
export const outcomes = table.map(([faults, ends, effect, applied, more = {}]) => ({
  ...{ faults, ends, effect, applied, pauses: [] },
  attempts: more.pauses ? [atOnce, atOnce, atOnce] : [atOnce],
  once: more.pauses ? { ends: "success", attempts: 2 } : { ends, attempts: 1 },
  ...more,
}));

/** @type {readonly FaultOutcome[]} */
export const faultOutcomes = outcomes.flatMap(({ faults, ...outcome }) =>
  faults.map((fault) => {
    const [preset = "", ...options] = fault.split("; ");
    return { ...outcome, preset, options: Object.fromEntries(options.map(optionOf)) };
  }),
);

/**
 * @param {string} text such as `at=middle`
 * @returns {[name: string, value: string | number | boolean]}
 */
function optionOf(text) {
  const [name = "", value = ""] = text.split("=");
  return [name, /^(?:\d+|true|false)$/.test(value) ? JSON.parse(value) : value];
}
