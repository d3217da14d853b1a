// What our client shows of each of the mock's faults: the tests hold it to this, and docs/faults.md is made of it.

/**
 * @typedef {object} FaultOutcome
 * @property {string} ends `success`, or the name of the error
 * @property {number} attempts
 * @property {"none" | "unknown" | "reported-applied" | null} effect what the error says was done; `null` for a success
 * @property {boolean} applied whether it was done
 * @property {string} time how long that takes by the client's default settings, for people
 * @property {Record<string, number>} [options] what it is ordered with in the tests
 * @property {[number, number]} took how long it takes in the tests, in milliseconds: at least and at most
 * @property {Pick<FaultOutcome, "ends" | "attempts" | "effect" | "applied">} once the same where the fault strikes once
 */

const atOnce = "at once";
const pauses = "two pauses, of up to 0.5 s and 1 s";
const slack = 1_500;
/** How long an attempt may take in the tests, in milliseconds. */
export const timeout = 400;

const mended = { ends: "success", attempts: 2, effect: null, applied: true };

/** @type {Record<string, FaultOutcome>} */
export const faultOutcomes = {
  error: refusal(),
  "insufficient-funds": refusal(),
  "wrong-key": refusal(),
  "order-refused": refusal(),
  "unknown-error": refusal(),
  "unlisted-error": refusal(),
  "drift-orderids": success(),
  "drift-fields": success(),
  "drift-missing": success(),
  "drift-types": contract("reported-applied"),
  "drift-quantity": contract("reported-applied"),
  "drift-type": contract("reported-applied"),
  "empty-object": contract("unknown"),
  slow: timedOut("the answer comes within 30 s: as late as it comes, else three times 30 s"),
  latency: {
    ...success("as late as the answer comes", [20, slack]),
    options: { p50: 40, p95: 80, p99: 120 },
  },
  "rate-limited": repeated("HttpError", "none", false, "two pauses, as long as `Retry-After` says", [
    1_900,
    2_000 + slack,
  ]),
  "rate-limited-date": repeated("HttpError", "none", false, "two pauses, until the date in `Retry-After`", [
    1_000,
    4_000 + slack,
  ]),
  "server-error": repeated("HttpError", "unknown", false),
  "gateway-502": repeated("HttpError", "unknown", false),
  "unavailable-503": repeated("HttpError", "unknown", false, "two pauses, as long as `Retry-After` says", [
    1_900,
    2_000 + slack,
  ]),
  "gateway-504": repeated("HttpError", "unknown", false),
  "refused-503": repeated("ApiError", "none", false),
  redirect: final("HttpError", "unknown", false),
  "html-200": final("ContractError", "unknown", false),
  "wrong-type": success(),
  "not-json": final("ContractError", "unknown", true),
  empty: final("ContractError", "unknown", true),
  gzip: success(),
  "gzip-broken": repeated("NetworkError", "unknown", true),
  reset: repeated("NetworkError", "unknown", true),
  closed: repeated("NetworkError", "unknown", true),
  truncated: final("ContractError", "unknown", true),
  drip: success("as long as the drops take", [150, slack]),
  hang: timedOut("three times 30 s, the time of an attempt"),
  "lost-answer": repeated("NetworkError", "unknown", true),
  "lost-request": repeated("NetworkError", "unknown", false),
  limit: success(),
  "limit-at-once": success(),
};

function success(time = atOnce, took = /** @type {[number, number]} */ ([0, slack])) {
  const same = { ends: "success", attempts: 1, effect: null, applied: true };
  return { ...same, time, took, once: same };
}

function refusal() {
  return final("ApiError", /** @type {const} */ ("none"), false);
}

/** @param {FaultOutcome["effect"]} effect */
function contract(effect) {
  return final("ContractError", effect, true);
}

/**
 * What the client does not repeat.
 *
 * @param {string} ends
 * @param {FaultOutcome["effect"]} effect
 * @param {boolean} applied
 * @returns {FaultOutcome}
 */
function final(ends, effect, applied) {
  const same = { ends, attempts: 1, effect, applied };
  return { ...same, time: atOnce, took: [0, slack], once: same };
}

/**
 * What the client repeats, in vain where the fault stays.
 *
 * @param {string} ends
 * @param {FaultOutcome["effect"]} effect
 * @param {boolean} applied
 * @param {string} [time]
 * @param {[number, number]} [took]
 * @returns {FaultOutcome}
 */
function repeated(ends, effect, applied, time = pauses, took = [0, slack]) {
  return { ends, attempts: 3, effect, applied, time, took, once: mended };
}

/** @param {string} time @returns {FaultOutcome} */
function timedOut(time) {
  return repeated("TimeoutError", "unknown", true, time, [3 * timeout - 50, 3 * timeout + slack]);
}
