// Every way in which a request can fail, and how many do.
import { fillPath, setAutoExtend } from "@auto-extend/core";
import { createMockFetch } from "@auto-extend/mock-server";
import { waysToFail } from "../harness/faults.mjs";
import { apiKey } from "./orders.mjs";

const share = 0.05;

/** The ways of each preset. Limits have rules of their own, below. */
const shared = [...waysToFail]
  .filter(([preset]) => !preset.startsWith("limit"))
  .map(([preset, ways]) => ({
    preset,
    // A complete success that was not applied would be a lie that nothing in the answer reveals.
    ways: ways.filter(({ at, applied }) => at !== "after" || applied !== false),
  }));

/** Limits need requests that come together, so they apply to a few in a row. */
export const limits = [
  { preset: "limit", options: { "per-second": 1, seconds: 0 }, match: { proxyType: "ISP" }, times: 4 },
  {
    preset: "limit-concurrent",
    options: { concurrent: 1, seconds: 0, ms: 50 },
    match: { proxyType: "IPv6" },
    times: 4,
  },
];

/**
 * The faults to queue. Together they strike about one request in twenty, each for the first time within the first requests.
 *
 * @param {{ seed: number, first: number, everyOption: boolean }} options `first`: how many
 * requests those are; `everyOption`: whether each preset comes with every option rather than with one
 */
export async function faultSpecs({ seed, first, everyOption }) {
  const specs = shared
    .flatMap(({ preset, ways }) => {
      const chosen = everyOption ? ways : [ways[seed % ways.length]];
      return chosen.map((options) => ({ preset, options }));
    })
    // Drift needs an answer with the fields that it changes, so it gets the seeds that strike most often, and strikes more often
    // with them: which answers have these fields depends on how the requests follow each other.
    .sort((one, other) => Number(isDrift(other)) - Number(isDrift(one)));
  const each = 1 - (1 - share) ** (1 / specs.length);
  const seeds = await strikingSeeds({ from: seed * 10_000, count: specs.length, share: each, first });
  const drawn = specs.map((spec, index) => ({
    ...spec,
    share: isDrift(spec) ? 3 * each : each,
    seed: seeds[index],
  }));
  return [...limits, ...drawn];
}

/** @param {{ preset: string }} spec */
function isDrift({ preset }) {
  return preset.startsWith("drift");
}

/**
 * Finds seeds with which a fault strikes within the first requests: that depends on nothing but the seed, the API key and
 * the number of the request.
 *
 * @param {{ from: number, count: number, share: number, first: number }} options
 */
async function strikingSeeds({ from, count, share, first }) {
  const fetch = createMockFetch();
  for (let seed = from; seed < from + count * 5; seed += 1) {
    fetch.faults.add({ preset: "empty-object", share, seed });
  }
  const url = `http://localhost${fillPath(setAutoExtend.path, { apiKey })}`;
  // A fault is not used up by a request that is refused before it, such as one of another content type.
  const request = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
  for (let sent = 0; sent < first; sent += 1) await fetch(url, request);
  const striking = fetch.faults
    .list()
    .filter(({ injected }) => injected > 0)
    .sort((one, other) => other.injected - one.injected);
  if (striking.length < count) throw new Error(`Too few faults strike within ${first} requests.`);
  return striking.slice(0, count).map(({ seed }) => seed);
}
