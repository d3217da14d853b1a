import { load } from "../harness/load.mjs";
import { median, quantile, usageOf } from "../harness/measures.mjs";

const connections = 50;
/** By then the code that answers has been compiled. A count, so that a slow machine measures the same thing. */
const enoughToWarmUp = 20_000;

/**
 * Compares the servers under load. Each round starts every server afresh, in turn and in alternating order, so that what
 * else the machine does meanwhile, and luck in compilation, show as spread rather than as a difference.
 *
 * @param {{ requests: readonly import("./servers.mjs").BenchRequest[], servers: { bare: import("./servers.mjs").BenchServer,
 *   mock: import("./servers.mjs").BenchServer }, rounds: number, seconds: number, warmUpRequests?: number }} options
 */
export async function compareUnderLoad({
  requests,
  servers,
  rounds,
  seconds,
  warmUpRequests = enoughToWarmUp,
}) {
  const options = { requests, seconds, warmUpRequests };
  /** @type {{ bare: Round, mock: Round }[]} */
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    const bareFirst = round % 2 === 0 ? await measure(servers.bare, options) : undefined;
    const mock = await measure(servers.mock, options);
    results.push({ bare: bareFirst ?? (await measure(servers.bare, options)), mock });
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
 * @param {ReturnType<typeof import("../harness/report.mjs").createReport>} report
 * @param {string} name of the load
 * @param {{ bare: Round, mock: Round }[]} results
 */
export function reportLoad({ row }, name, results) {
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
  for (const [key, title, digits] of figures) {
    for (const server of /** @type {const} */ (["bare", "mock"])) {
      row(
        `${name}: ${title}, ${server}`,
        results.map((round) => round[server][key]),
        { digits },
      );
    }
    if (key !== "cpuMicros" && key !== "requestsPerSecond") continue;
    row(
      `${name}: ${title}, mock/bare`,
      results.map(({ bare, mock }) => mock[key] / bare[key]),
      { digits: 2 },
    );
  }
}
