// What each preset promises, seen from the other end of a socket.
import { gunzipSync } from "node:zlib";
import { jsonOf, sameList, success, told } from "./verdicts.mjs";

/**
 * @typedef {object} PromisedFault
 * @property {readonly Record<string, string | number | boolean>[]} options to choose from
 * @property {(options: Record<string, any>) => boolean} applied whether the request is carried out
 * @property {(answer: import("./connection.mjs").Answer, asked: Asked) => string} verdict
 * @property {(options: Record<string, any>) => import("./connection.mjs").Patience} [patience]
 * @property {boolean} [mayPass] whether the plain answer may come as well
 * @property {boolean} [ends] whether the connection ends after a whole answer
 */

/**
 * @typedef {object} Asked
 * @property {Record<string, unknown>} request
 * @property {readonly string[]} ipAddressIds what a success lists
 * @property {Record<string, any>} options
 */

const yes = () => true;
const no = () => false;
const asAsked = ({ applied }) => applied;
const eitherWay = [{ applied: true }, { applied: false }];

/** By the preset's name. Every preset is here: a soak compares this with the mock's own list. */
export const promisedFaults = {
  error: refused(({ code = 35 }) => code, [{}, { code: 10 }, { code: 24 }]),
  "insufficient-funds": refused(() => 16),
  "wrong-key": refused(() => 2),
  "order-refused": refused(() => 25),
  "unknown-error": refused(() => 35),
  "unlisted-error": refused(() => 9_999),
  "drift-orderids": drift(
    ({ orderIds, ipAddressIds }, { request }) => !ipAddressIds && sameList(orderIds, request.orderIds),
  ),
  "drift-fields": drift(
    ({ requestId, quantity }, asked) => requestId && quantity === asked.ipAddressIds.length,
  ),
  "drift-missing": drift((answer) => !("balance" in answer) && !("ipAddressIds" in answer)),
  "drift-types": drift(({ quantity, balance }) => quantity === "1" && balance === "5.00"),
  "drift-quantity": drift(({ quantity, ipAddressIds }) => quantity === 1 && ipAddressIds.length === 0),
  "drift-type": drift(({ proxyType }) => proxyType === "SOCKS5"),
  "drift-error-text": driftingRefusal((error) => typeof error === "string"),
  "drift-error-code": driftingRefusal((error) => error.code === "35"),
  "drift-error-null": driftingRefusal((error) => error === null),
  "empty-object": {
    options: [{}],
    applied: yes,
    verdict: (answer) => holds(answer, 200, String(answer.body) === "{}"),
  },
  slow: plain([{ ms: 2 }, { ms: 10, jitter: 10 }]),
  latency: plain([{ p50: 1, p95: 5, p99: 20 }]),
  "rate-limited": page(429, { options: [{ seconds: 2 }], applied: no, also: hasRetryAfter }),
  "rate-limited-date": page(429, { options: [{ seconds: 2 }], applied: no, also: hasRetryAfter }),
  "server-error": page(500),
  "gateway-502": page(502),
  "unavailable-503": page(503, { also: hasRetryAfter }),
  "gateway-504": page(504),
  "refused-503": {
    options: [{}],
    applied: no,
    verdict: (answer) => holds(answer, 503, jsonOf(answer)?.error?.code === 35),
  },
  redirect: {
    options: [{}, { status: 301 }],
    applied: no,
    verdict: (answer, { options: { status = 307 } }) =>
      holds(answer, status, answer.headers.location === "https://login.example/" && answer.body.length === 0),
  },
  "html-200": page(200),
  "wrong-type": {
    options: [{}],
    applied: yes,
    verdict: (answer, asked) =>
      holds(answer, 200, answer.headers["content-type"].startsWith("text/plain")) ||
      asJson(answer, answer.body, asked),
  },
  "not-json": {
    options: [{}],
    applied: yes,
    verdict: (answer) => holds(answer, 200, answer.body.length > 0 && jsonOf(answer) === undefined),
  },
  empty: { options: [{}], applied: yes, verdict: (answer) => holds(answer, 200, answer.body.length === 0) },
  gzip: { options: [{}], applied: yes, verdict: unpacked },
  "gzip-broken": {
    options: [{}],
    applied: yes,
    verdict: (answer, asked) =>
      holds(answer, 200, answer.headers["content-encoding"] === "gzip") || asJson(answer, answer.body, asked),
  },
  reset: cut("reset", ["before", "middle", "after"]),
  closed: cut("closed", ["before", "middle", "after"]),
  truncated: {
    options: [{}],
    applied: yes,
    verdict: (answer) => holds(answer, 200, answer.body.length > 0 && jsonOf(answer) === undefined),
  },
  drip: plain([{ bytes: 64, ms: 1 }]),
  hang: { ...cut("silent", ["before", "middle"]), patience: silence },
  "lost-answer": lost(yes),
  "lost-request": lost(no),
  limit: limited([{ "per-second": 1 }, { "per-second": 100_000 }]),
  "limit-at-once": limited([{ "at-once": 1, ms: 5 }]),
};

/** Not long: it is spent waiting. */
function silence({ at }) {
  return at === "before" ? { first: 150 } : { more: 150 };
}

function refused(code, options = [{}]) {
  return {
    options,
    applied: no,
    verdict(answer, asked) {
      const { success: isSuccess, error, balance } = jsonOf(answer) ?? {};
      const wanted = code(asked.options);
      return holds(
        answer,
        200,
        isSuccess === false && error.code === wanted && (wanted === 2) === (balance === null),
      );
    },
  };
}

function drift(isDrifted) {
  return {
    options: [{}],
    applied: yes,
    verdict: (answer, asked) =>
      holds(answer, 200, jsonOf(answer)?.success === true && isDrifted(jsonOf(answer), asked)),
  };
}

function driftingRefusal(isDrifted) {
  return {
    options: [{}],
    applied: no,
    verdict(answer) {
      const { success: isSuccess, error } = jsonOf(answer) ?? {};
      return holds(answer, 200, isSuccess === false && isDrifted(error));
    },
  };
}

function plain(options) {
  return {
    options,
    applied: yes,
    verdict: (answer, asked) => success(answer, asked.request, asked.ipAddressIds),
  };
}

function page(status, { options = eitherWay, applied = asAsked, also = () => true } = {}) {
  return {
    options,
    applied,
    verdict: (answer) =>
      holds(
        answer,
        status,
        answer.headers["content-type"] === "text/html" && /<h1>/.test(String(answer.body)) && also(answer),
      ),
  };
}

function cut(end, moments) {
  return {
    options: moments.flatMap((at) => eitherWay.map((each) => ({ at, ...each }))),
    applied: asAsked,
    verdict(answer, { options: { at } }) {
      // A reset may overtake what was sent before it, and a close of a socket with bytes unread is one.
      const asCut = end === "silent" ? answer.end === "silent" : ["closed", "reset"].includes(answer.end);
      if (at === "after") return answer.end === "whole" || (end === "reset" && asCut) ? "" : told(answer);
      const came = answer.status !== 0;
      return asCut && (at === "before" ? !came : came || end === "reset") ? "" : told(answer);
    },
    ends: true,
  };
}

function lost(applied) {
  return {
    options: [{}],
    applied,
    verdict: (answer) => (answer.end === "closed" && answer.status === 0 ? "" : told(answer)),
  };
}

function limited(options) {
  return {
    options,
    // Told by the answer.
    applied: no,
    mayPass: true,
    verdict: (answer) => holds(answer, 429, answer.headers["retry-after"] === "1"),
  };
}

function unpacked(answer, asked) {
  const wrong = holds(answer, 200, answer.headers["content-encoding"] === "gzip");
  return wrong || asJson(answer, gunzipSync(answer.body), asked);
}

/** Whether a body is the success that would have come without the fault. */
function asJson({ headers, ...answer }, body, { request, ipAddressIds }) {
  const usual = { ...answer, body, headers: { ...headers, "content-type": "application/json" } };
  return success(usual, request, ipAddressIds);
}

function hasRetryAfter({ headers }) {
  return /^\d+$/.test(headers["retry-after"] ?? "") || !Number.isNaN(Date.parse(headers["retry-after"]));
}

function holds(answer, status, isSo) {
  return answer.end === "whole" && answer.status === status && isSo ? "" : told(answer);
}
