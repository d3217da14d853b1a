// Every way in which a request can fail, and how many do.
import { createMockFetch } from "@auto-extend/mock-server";
import { pathOf } from "../soak/request.mjs";
import { apiKey } from "./world.mjs";

/** The share of the requests that fail, in one way or another. */
const share = 0.05;

const eitherWay = [{ applied: false }, { applied: true }];
const atAnyTime = [
  ...["before", "middle"].flatMap((at) => eitherWay.map((each) => ({ at, ...each }))),
  // A success that came whole and was not carried out would be a lie, which no answer gives away.
  { at: "after", applied: true },
];

/** By the preset's name: the options to choose from, none of which takes long. */
const options = {
  error: [{}, { code: 10 }, { code: 11 }, { code: 24 }],
  "insufficient-funds": [{}],
  "wrong-key": [{}],
  "order-refused": [{}],
  "unknown-error": [{}],
  "unlisted-error": [{}],
  "drift-orderids": [{}],
  "drift-fields": [{}],
  "drift-missing": [{}],
  "drift-types": [{}],
  "drift-quantity": [{}],
  "drift-type": [{}],
  "drift-error-text": [{}],
  "drift-error-code": [{}],
  "drift-error-null": [{}],
  "empty-object": [{}],
  slow: [{ ms: 20, jitter: 20 }],
  latency: [{ p50: 1, p95: 5, p99: 20 }],
  "rate-limited": [{ seconds: 0 }],
  "rate-limited-date": [{ seconds: 1 }],
  "server-error": eitherWay,
  "gateway-502": eitherWay,
  "unavailable-503": eitherWay.map((each) => ({ seconds: 0, ...each })),
  "gateway-504": eitherWay,
  "refused-503": [{}],
  redirect: [{}, { status: 301 }],
  "html-200": eitherWay,
  "wrong-type": [{}],
  "not-json": [{}],
  empty: [{}],
  gzip: [{}],
  "gzip-broken": [{}],
  reset: atAnyTime,
  closed: atAnyTime,
  truncated: [{}],
  drip: [{ bytes: 256, ms: 1 }],
  hang: atAnyTime.filter(({ at }) => at !== "after"),
  "lost-answer": [{}],
  "lost-request": [{}],
};

/** Limits strike requests that come together, so they are for a few in a row. */
export const limits = [
  { preset: "limit", options: { "per-second": 1, seconds: 0 }, match: { proxyType: "ISP" }, times: 4 },
  {
    preset: "limit-at-once",
    options: { "at-once": 1, seconds: 0, ms: 50 },
    match: { proxyType: "IPv6" },
    times: 4,
  },
];

/**
 * The faults to order. All together strike one request in twenty, each of them for the first time within the first
 * requests, and the limits some in a row.
 *
 * @param {{ seed: number, first: number, every: boolean }} plan how many requests are the first; whether every option is
 * to come, or one of each preset
 */
export async function faultOrders({ seed, first, every }) {
  const shared = Object.entries(options).flatMap(([preset, choices]) => {
    const chosen = every ? choices : [choices[seed % choices.length]];
    return chosen.map((each) => ({ preset, options: each }));
  });
  const each = 1 - (1 - share) ** (1 / shared.length);
  const seeds = await strikingSeeds({ from: seed * 10_000, count: shared.length, share: each, first });
  return [...limits, ...shared.map((order, index) => ({ ...order, share: each, seed: seeds[index] }))];
}

/** The names of the presets that are ordered. */
export const presetNames = [...limits.map(({ preset }) => preset), ...Object.keys(options)].sort();

/** Seeds by which a fault strikes within the first requests: what is drawn depends on seed, API key and their number alone. */
async function strikingSeeds({ from, count, share, first }) {
  const fetch = createMockFetch();
  for (let seed = from; seed < from + count * 5; seed += 1) {
    fetch.faults.add({ preset: "empty-object", share, seed });
  }
  for (let sent = 0; sent < first; sent += 1) {
    await fetch(`http://localhost${pathOf(apiKey)}`, { method: "POST", body: "{}" });
  }
  const striking = fetch.faults.list().filter(({ struck }) => struck > 0);
  if (striking.length < count) throw new Error(`Too few faults strike within ${first} requests.`);
  return striking.slice(0, count).map(({ seed }) => seed);
}
