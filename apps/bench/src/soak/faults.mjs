// What each preset promises, seen from the other end of a socket.
import { gunzipSync } from "node:zlib";
import { describe, jsonOf, refusal, success } from "./verdicts.mjs";

/** @typedef {import("../harness/connection.mjs").Answer} Answer */
/** @typedef {Record<string, any>} Options */
/**
 * @typedef {{ request: import("./world.mjs").SwitchRequest, ipAddressIds: readonly string[], options: Options }} Expected
 */

/**
 * @typedef {object} PromisedFault
 * @property {readonly Options[]} options to choose from
 * @property {(options: Options) => boolean} isApplied whether the request takes effect
 * @property {(answer: Answer, expected: Expected) => string} verdict
 * @property {(options: Options) => import("../harness/connection.mjs").Timeouts} [timeouts]
 * @property {boolean} [mayPass] whether the plain answer may come as well
 * @property {boolean} [ends] whether the connection ends after a complete answer
 */

const yes = () => true;
const no = () => false;
const asAsked = (/** @type {Options} */ { applied }) => applied;
const eitherWay = [{ applied: true }, { applied: false }];

/**
 * By the preset's name. Every preset is here: a soak compares this with the mock's own list.
 *
 * @type {Record<string, PromisedFault>}
 */
export const promisedFaults = {
  error: refused(({ code = 35 }) => code, [{}, { code: 10 }, { code: 11 }, { code: 24 }]),
  "insufficient-funds": refused(() => 16),
  "wrong-key": refused(() => 2),
  "order-refused": refused(() => 25),
  "unknown-error": refused(() => 35),
  "unlisted-error": refused(() => 9_999),
  "drift-orderids": altered(true),
  "drift-fields": altered(true),
  "drift-missing": altered(true),
  "drift-types": altered(true),
  "drift-quantity": altered(true),
  "drift-type": altered(true),
  "drift-error-text": altered(false),
  "drift-error-code": altered(false),
  "drift-error-null": altered(false),
  "empty-object": altered(true),
  slow: plain([{ ms: 2 }, { ms: 10, jitter: 10 }]),
  latency: plain([{ p50: 1, p95: 5, p99: 20 }]),
  "rate-limited": page(429, { options: [{ seconds: 2 }], isApplied: no, also: hasRetryAfter }),
  "rate-limited-date": page(429, { options: [{ seconds: 2 }], isApplied: no, also: hasRetryAfter }),
  "server-error": page(500),
  "gateway-502": page(502),
  "unavailable-503": page(503, { also: hasRetryAfter }),
  "gateway-504": page(504),
  "refused-503": {
    options: [{}],
    isApplied: no,
    verdict: (answer) => holds(answer, 503, jsonOf(answer)?.error?.code === 35),
  },
  redirect: {
    options: [{}, { status: 301 }],
    isApplied: no,
    verdict: (answer, { options: { status = 307 } }) =>
      holds(answer, status, answer.headers.location === "https://login.example/" && answer.body.length === 0),
  },
  "html-200": page(200),
  "wrong-type": mislabelled((headers) => headers["content-type"]?.startsWith("text/plain")),
  "not-json": unreadable(),
  empty: { options: [{}], isApplied: yes, verdict: (answer) => holds(answer, 200, answer.body.length === 0) },
  gzip: { options: [{}], isApplied: yes, verdict: unpacked },
  "gzip-broken": mislabelled((headers) => headers["content-encoding"] === "gzip"),
  reset: cut("reset", ["before", "middle", "after"]),
  closed: cut("closed", ["before", "middle", "after"]),
  truncated: unreadable(),
  drip: plain([{ bytes: 64, ms: 1 }]),
  hang: { ...cut("timeout", ["before", "middle"]), timeouts: silence },
  "lost-answer": lost(yes),
  "lost-request": lost(no),
  limit: limited([{ "per-second": 1 }]),
  "limit-at-once": limited([{ "at-once": 1, ms: 5 }]),
};

/**
 * Short, since it is spent waiting.
 *
 * @param {Options} options
 */
function silence({ at }) {
  return at === "before" ? { firstMs: 150 } : { nextMs: 150 };
}

/**
 * @param {(options: Options) => number} code
 * @returns {PromisedFault}
 */
function refused(code, options = /** @type {Options[]} */ ([{}])) {
  return {
    options,
    isApplied: no,
    verdict(answer, expected) {
      const { success: isSuccess, error, balance } = jsonOf(answer) ?? {};
      const due = code(expected.options);
      return holds(
        answer,
        200,
        isSuccess === false && error.code === due && (due === 2) === (balance === null),
      );
    },
  };
}

/**
 * JSON that is no answer of the contract, or not the one to this request. The mock's own tests know what each fault changes.
 *
 * @param {boolean} isCarriedOut whether the request takes effect; if not, the answer is a refusal
 * @returns {PromisedFault}
 */
function altered(isCarriedOut) {
  return {
    options: [{}],
    isApplied: () => isCarriedOut,
    verdict(answer, { request, ipAddressIds }) {
      const isPlain = isCarriedOut
        ? success(answer, request, ipAddressIds) === ""
        : refusal(answer, request, 35) === "";
      return holds(answer, 200, jsonOf(answer) !== undefined && !isPlain);
    },
  };
}

/**
 * @param {Options[]} options
 * @returns {PromisedFault}
 */
function plain(options) {
  return {
    options,
    isApplied: yes,
    verdict: (answer, expected) => success(answer, expected.request, expected.ipAddressIds),
  };
}

/**
 * @param {number} status
 * @param {{ options?: Options[], isApplied?: (options: Options) => boolean, also?: (answer: Answer) => boolean }} [more]
 * @returns {PromisedFault}
 */
function page(status, { options = eitherWay, isApplied = asAsked, also = () => true } = {}) {
  return {
    options,
    isApplied,
    verdict: (answer) =>
      holds(
        answer,
        status,
        answer.headers["content-type"] === "text/html" && /<h1>/.test(String(answer.body)) && also(answer),
      ),
  };
}

/**
 * @param {"reset" | "closed" | "timeout"} end
 * @param {string[]} moments
 * @returns {PromisedFault}
 */
function cut(end, moments) {
  return {
    options: moments.flatMap((at) => eitherWay.map((each) => ({ at, ...each }))),
    isApplied: asAsked,
    verdict: (answer, { options: { at } }) => (isCut(answer, end, at) ? "" : describe(answer)),
    ends: true,
  };
}

/**
 * @param {import("../harness/connection.mjs").Answer} answer
 * @param {"reset" | "closed" | "timeout"} end
 * @param {string} at
 */
function isCut(answer, end, at) {
  // A reset may overtake what was sent before it, and a close of a socket with bytes unread is one.
  const ends = end === "timeout" ? ["timeout"] : ["closed", "reset"];
  const asCut = ends.includes(answer.end);
  if (at === "after") return answer.end === "complete" || (end === "reset" && asCut);
  const came = answer.status !== 0;
  return asCut && (at === "before" ? !came : came || end === "reset");
}

/**
 * @param {() => boolean} isApplied
 * @returns {PromisedFault}
 */
function lost(isApplied) {
  return {
    options: [{}],
    isApplied,
    verdict: (answer) => (answer.end === "closed" && answer.status === 0 ? "" : describe(answer)),
  };
}

/**
 * @param {Options[]} options
 * @returns {PromisedFault}
 */
function limited(options) {
  return {
    options,
    // Known from the answer.
    isApplied: no,
    mayPass: true,
    verdict: (answer) => holds(answer, 429, answer.headers["retry-after"] === "1"),
  };
}

/** @returns {PromisedFault} */
function unreadable() {
  return {
    options: [{}],
    isApplied: yes,
    verdict: (answer) => holds(answer, 200, answer.body.length > 0 && jsonOf(answer) === undefined),
  };
}

/**
 * The usual answer, with a header that is wrong about it.
 *
 * @param {(headers: Answer["headers"]) => unknown} isWrong
 * @returns {PromisedFault}
 */
function mislabelled(isWrong) {
  return {
    options: [{}],
    isApplied: yes,
    verdict: (answer, expected) =>
      holds(answer, 200, isWrong(answer.headers)) || asJson(answer, answer.body, expected),
  };
}

/** @type {PromisedFault["verdict"]} */
function unpacked(answer, expected) {
  const wrong = holds(answer, 200, answer.headers["content-encoding"] === "gzip");
  return wrong || asJson(answer, gunzipSync(answer.body), expected);
}

/**
 * Judges whether a body is the success that would have come without the fault.
 *
 * @param {Answer} answer
 * @param {Buffer} body
 * @param {Expected} expected
 */
function asJson({ headers, ...answer }, body, { request, ipAddressIds }) {
  const usual = { ...answer, body, headers: { ...headers, "content-type": "application/json" } };
  return success(usual, request, ipAddressIds);
}

/** @param {Answer} answer */
function hasRetryAfter({ headers }) {
  return (
    /^\d+$/.test(headers["retry-after"] ?? "") || !Number.isNaN(Date.parse(headers["retry-after"] ?? ""))
  );
}

/**
 * @param {Answer} answer
 * @param {number} status
 * @param {unknown} isRight
 */
function holds(answer, status, isRight) {
  return answer.end === "complete" && answer.status === status && isRight ? "" : describe(answer);
}
