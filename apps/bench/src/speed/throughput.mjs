import { load } from "../harness/load.mjs";
import { median, quantile, usageOf } from "../harness/measures.mjs";

const connections = 50;
/** By then the code that answers has been compiled. A count, so that a slow machine measures the same thing. */
const enoughToWarmUp = 20_000;

/**
 * Compares the servers under load. Each round starts every server afresh, in turn and in alternating order, so that what
 * else the machine does meanwhile, and luck in compilation, show as spread rather than as a difference.
 *
 * @param {{ requests: readonly import("./servers.mjs").BenchRequest[], servers: readonly import("./servers.mjs").BenchServer[],
 *   rounds: number, seconds: number, warmUpRequests?: number }} options
 * @returns {Promise<Record<string, Round>[]>} for each round what was measured, by the name of the server
 */
export async function compareUnderLoad({
  requests,
  servers,
  rounds,
  seconds,
  warmUpRequests = enoughToWarmUp,
}) {
  const options = { requests, seconds, warmUpRequests };
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    /** @type {Record<string, Round>} */
    const measured = {};
    for (const server of round % 2 === 0 ? servers : servers.toReversed())
      measured[server.name] = await measure(server, options);
    results.push(measured);
  }
  return results;
}

/** @typedef {Awaited<ReturnType<typeof measure>>} Round */

/**
 * @param {import("./servers.mjs").BenchServer} server
 * @param {{ requests: readonly import("./servers.mjs").BenchRequest[], seconds: number, warmUpRequests: number }} options
 */
async function measure({ start }, { requests, seconds, warmUpRequests }) {
  const server = await start();
  const idle = await usageOf(server.pid);
  const options = { requests, connections };
  await load(server, { ...options, count: warmUpRequests });
  const { latenciesMs, ...figures } = await load(server, { ...options, seconds });
  const after = await usageOf(server.pid);
  await server.stop();
  return {
    ...figures,
    p50Ms: median(latenciesMs),
    p99Ms: quantile(latenciesMs, 0.99),
    idleMb: idle.rssMb,
    loadedMb: after.rssMb,
  };
}

/**
 * Prints a row for each figure and server, with ratios to the first server.
 *
 * @param {import("../harness/report.mjs").Report} report
 * @param {string} name of the load
 * @param {readonly Record<string, Round>[]} results
 * @param {readonly import("./servers.mjs").BenchServer[]} servers
 */
export function reportLoad({ row }, name, results, servers) {
  /** @type {[keyof Round, string, number][]} */
  const figures = [
    ["cpuMicros", "us of processor time a request", 1],
    ["requestsPerSecond", "requests/s", 0],
    ["coreShare", "share of a core in use", 2],
    ["p50Ms", "ms to the answer, p50", 2],
    ["p99Ms", "ms to the answer, p99", 2],
    ["idleMb", "MB of memory, idle", 0],
    ["loadedMb", "MB of memory, after the load", 0],
  ];
  const [first, ...rest] = servers.map((server) => server.name);
  for (const [key, title, digits] of figures) {
    const figuresOf = (/** @type {string} */ server) =>
      results.map((round) => round[server]?.[key] ?? Number.NaN);
    for (const { name: server } of servers)
      row(`${name}: ${title}, ${server}`, figuresOf(server), { digits });
    if (first === undefined || !["cpuMicros", "requestsPerSecond", "p99Ms"].includes(key)) continue;
    const base = figuresOf(first);
    for (const server of rest) {
      const ratios = figuresOf(server).map((figure, round) => figure / (base[round] ?? Number.NaN));
      row(`${name}: ${title}, ${server}/${first}`, ratios, { digits: 2 });
    }
  }
}
