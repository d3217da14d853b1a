// The errors that our client reports for each of the mock's faults, by its default settings: the tests hold it to this, each figure
// included, and docs/faults.md is made of it.

/**
 * The least and the most of a time, in milliseconds.
 *
 * @typedef {readonly [number, number]} Span
 */

/**
 * @typedef {object} FaultOutcome
 * @property {string} preset
 * @property {Readonly<Record<string, string | number | boolean>>} options those that are chosen
 * @property {number} [calls] how many concurrent calls it takes; the rest is about the one that the fault is injected into
 * @property {string} ends `success`, or the name of the error
 * @property {"none" | "unknown" | "reported-applied" | null} effect what the error says was done; `null` for a success
 * @property {boolean} applied whether it was done
 * @property {readonly Span[]} attempts how long each attempt takes, as far as the fault or the client makes it so
 * @property {readonly { readonly by: "chance" | "Retry-After", readonly span: Span }[]} pauses those between attempts
 * @property {{ readonly ends: string, readonly attempts: number }} once the end of a call that meets the fault once
 */

/** @typedef {FaultOutcome["options"]} Options */

/** @type {Span} */
const atOnce = [0, 0];
/** An attempt that is given up. @type {Span} */
const givenUp = [30_000, 30_000];
/** The last attempt gets what is left of 90 s. @type {Span} */
const restGivenUp = [28_500, 30_000];

const byChance = [
  { by: /** @type {const} */ ("chance"), span: /** @type {Span} */ ([0, 500]) },
  { by: /** @type {const} */ ("chance"), span: /** @type {Span} */ ([0, 1_000]) },
];

/** @type {readonly FaultOutcome[]} */
export const faultOutcomes = [
  refusal("error"),
  refusal("insufficient-funds"),
  refusal("wrong-key"),
  refusal("order-refused"),
  refusal("unknown-error"),
  refusal("unlisted-error"),
  success("drift-orderids"),
  success("drift-fields"),
  success("drift-missing"),
  contract("drift-types", "reported-applied"),
  contract("drift-quantity", "reported-applied"),
  contract("drift-type", "reported-applied"),
  ...["drift-error-text", "drift-error-code", "drift-error-null"].map((preset) =>
    final(preset, { ends: "ContractError", effect: "unknown", applied: false }),
  ),
  contract("empty-object", "unknown"),
  success("slow", {}, [1_000, 1_000]),
  timedOut("slow", { ms: 40_000 }),
  success("latency", {}, [40, 2_250]),
  repeated("rate-limited", {
    ends: "HttpError",
    effect: "none",
    applied: false,
    pauses: asked([1_000, 1_000]),
  }),
  final("rate-limited", { ends: "HttpError", effect: "none", applied: false, options: { seconds: 31 } }),
  repeated("rate-limited-date", {
    ends: "HttpError",
    effect: "none",
    applied: false,
    // A date has no parts of a second.
    pauses: asked([1_000, 2_000]),
  }),
  ...gateway("server-error"),
  ...gateway("gateway-502"),
  ...gateway("unavailable-503", asked([1_000, 1_000])),
  ...gateway("gateway-504"),
  repeated("refused-503", { ends: "ApiError", effect: "unknown", applied: false }),
  ...[307, 301, 302, 303, 308].map((status) =>
    final("redirect", {
      ends: "HttpError",
      effect: "unknown",
      applied: false,
      options: status === 307 ? {} : { status },
    }),
  ),
  final("html-200", { ends: "ContractError", effect: "unknown", applied: false }),
  contract("html-200", "unknown", { applied: true }),
  success("wrong-type"),
  contract("not-json", "unknown"),
  contract("empty", "unknown"),
  success("gzip"),
  brokenOff("gzip-broken"),
  brokenOff("reset"),
  brokenOff("reset", { at: "middle" }),
  success("reset", { at: "after" }),
  brokenOff("reset", { applied: false }),
  brokenOff("closed"),
  brokenOff("closed", { at: "before" }),
  success("closed", { at: "after" }),
  brokenOff("closed", { applied: false }),
  contract("truncated", "unknown"),
  // The documented answer has 148 bytes: that is 10 drops, with 20 ms between them.
  success("drip", {}, [180, 180]),
  timedOut("hang"),
  timedOut("hang", { at: "middle" }),
  timedOut("hang", { applied: false }),
  brokenOff("lost-answer"),
  { ...brokenOff("lost-request"), applied: false },
  {
    ...limited("limit", { seconds: 2 }),
    attempts: [atOnce, atOnce],
    pauses: [{ by: "Retry-After", span: [2_000, 2_000] }],
  },
  {
    ...limited("limit-at-once"),
    attempts: [atOnce, [200, 200]],
    pauses: [{ by: "Retry-After", span: [1_000, 1_000] }],
  },
];

/**
 * @param {string} preset
 * @param {Options} [options]
 * @param {Span} [took]
 * @returns {FaultOutcome}
 */
function success(preset, options = {}, took = atOnce) {
  const once = { ends: "success", attempts: 1 };
  return {
    preset,
    options,
    ends: "success",
    effect: null,
    applied: true,
    attempts: [took],
    pauses: [],
    once,
  };
}

/**
 * A call that the client does not repeat.
 *
 * @param {string} preset
 * @param {Pick<FaultOutcome, "ends" | "effect" | "applied"> & { options?: Options }} outcome
 * @returns {FaultOutcome}
 */
function final(preset, { options = {}, ...outcome }) {
  const once = { ends: outcome.ends, attempts: 1 };
  return { preset, options, ...outcome, attempts: [atOnce], pauses: [], once };
}

/** @param {string} preset */
function refusal(preset) {
  return final(preset, { ends: "ApiError", effect: "none", applied: false });
}

/**
 * @param {string} preset
 * @param {FaultOutcome["effect"]} effect
 * @param {Options} [options]
 */
function contract(preset, effect, options = {}) {
  return final(preset, { ends: "ContractError", effect, applied: true, options });
}

/**
 * A call that the client repeats, without success as long as the fault stays.
 *
 * @param {string} preset
 * @param {Pick<FaultOutcome, "ends" | "effect" | "applied"> & Partial<Pick<FaultOutcome, "options" | "attempts" | "pauses">>} outcome
 * @returns {FaultOutcome}
 */
function repeated(
  preset,
  { options = {}, attempts = [atOnce, atOnce, atOnce], pauses = byChance, ...outcome },
) {
  return { preset, options, ...outcome, attempts, pauses, once: { ends: "success", attempts: 2 } };
}

/**
 * The answers of gateways, without and after the request was carried out.
 *
 * @param {string} preset
 * @param {FaultOutcome["pauses"]} [pauses]
 */
function gateway(preset, pauses = byChance) {
  const same = { ends: "HttpError", effect: /** @type {const} */ ("unknown"), pauses };
  return [
    repeated(preset, { ...same, applied: false }),
    repeated(preset, { ...same, applied: true, options: { applied: true } }),
  ];
}

/**
 * @param {string} preset
 * @param {Options} [options]
 */
function brokenOff(preset, options = {}) {
  return repeated(preset, {
    ends: "NetworkError",
    effect: "unknown",
    applied: options.applied !== false,
    options,
  });
}

/**
 * @param {string} preset
 * @param {Options} [options]
 */
function timedOut(preset, options = {}) {
  return repeated(preset, {
    ends: "TimeoutError",
    effect: "unknown",
    applied: options.applied !== false,
    options,
    attempts: [givenUp, givenUp, restGivenUp],
  });
}

/**
 * Of two calls at once, the one that a limit of one does not let through.
 *
 * @param {string} preset
 * @param {Options} [options]
 */
function limited(preset, options = {}) {
  return { ...success(preset, options), calls: 2 };
}

/** Both pauses as `Retry-After` asks for them. @param {Span} span @returns {FaultOutcome["pauses"]} */
function asked(span) {
  return [
    { by: "Retry-After", span },
    { by: "Retry-After", span },
  ];
}
