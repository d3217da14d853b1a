import { operations } from "@auto-extend/core";
import { load } from "../harness/load.mjs";
import { median, quantile, ratios, usageOf } from "../harness/measures.mjs";
import { measureEngine } from "./engine.mjs";
import { prepareServers } from "./servers.mjs";
import { timeToReady } from "./start-up.mjs";

/** @import { Report } from "../harness/report.mjs" */
/** @import { BenchLoad, BenchRequest, BenchServer } from "./servers.mjs" */

const connections = 50;
/** By then the code that answers has been compiled. A count, so that a slow machine measures the same thing. */
const enoughToWarmUp = 20_000;
/** The slowest of other people's servers answer some hundred requests a second. */
const othersWarmUp = 3_000;

/**
 * Compares the mock with a bare handler, and its engine with the JSON of the same bodies.
 *
 * @param {Report} report
 * @param {{ loads: readonly BenchLoad[], rounds: number, seconds: number, warmUpRequests?: number }} options
 */
export async function measureLoads(report, { loads, rounds, seconds, warmUpRequests = enoughToWarmUp }) {
  const columns = ["speed by processor time, of bare", "requests per second, of bare", "p99, of bare"];
  const inEngine = ["µs in the engine", "of its JSON"];
  const row = report.table("operation", [...columns, "MB after the load, bare", "mock", ...inEngine]);
  const measured = [];
  for (const { name, requests } of loads) {
    const { bare, mock } = await prepareServers({ name, requests });
    const of = await compareUnderLoad({ requests, servers: [bare, mock], rounds, seconds, warmUpRequests });
    const speed = ratios(of("bare", "cpuMicros"), of("mock", "cpuMicros"));
    const p99 = ratios(of("mock", "p99Ms"), of("bare", "p99Ms"));
    const mb = of("mock", "loadedMb");
    const { engine, json } = measureEngine({ requests, rounds, count: 20_000 * seconds });
    const rate = ratios(of("mock", "requestsPerSecond"), of("bare", "requestsPerSecond"));
    row(`\`${name}\``, speed, rate, p99, of("bare", "loadedMb"), mb, engine, ratios(engine, json));
    measured.push({ name, speed, p99, mb, engine });
  }
  const usual = measured.find(({ name }) => name === "setAutoExtend");
  // The limits are for all operations.
  if (!usual || measured.length < operations.length) return;
  const most = (/** @type {number[][]} */ all) => all.toSorted((a, b) => median(b) - median(a))[0] ?? [];
  const slowest = most(measured.map(({ speed }) => speed.map((each) => -each))).map((each) => -each);
  report.wanted("a switch: speed by processor time, of bare", { atLeast: 0.8 }, usual.speed);
  report.wanted("the same, as the next step", { atLeast: 0.85 }, usual.speed);
  report.wanted("the slowest operation: the same", { atLeast: 0.65 }, slowest);
  report.wanted(
    "p99, of bare, at the worst operation",
    { atMost: 1.3 },
    most(measured.map(({ p99 }) => p99)),
  );
  report.wanted(
    "MB after the load, at the worst operation",
    { atMost: 95 },
    most(measured.map(({ mb }) => mb)),
  );
  report.wanted("µs in the engine, a switch", { atMost: 2.3 }, usual.engine);
}

/**
 * Compares other people's servers with the mock.
 *
 * @param {Report} report
 * @param {{ load: BenchLoad, rounds: number, seconds: number }} options
 */
export async function measureOthers(report, { load: { name, requests }, rounds, seconds }) {
  const { installOthers, otherServers } = await import("../others/servers.mjs");
  const { bare, mock, answers } = await prepareServers({ name, requests });
  const servers = [bare, mock, ...(await otherServers(await installOthers(), answers))];
  // Other servers need not know which order it is about.
  const lenient = requests.map((request) => ({ ...request, expect: '"success"' }));
  const options = { rounds, seconds, warmUpRequests: othersWarmUp };
  const of = await compareUnderLoad({ requests: lenient, servers, ...options });
  const row = report.table("server", [
    "µs of processor time per request",
    "speed by processor time, of bare",
    "requests per second, of bare",
    ...["p50 in ms", "p99 in ms", "MB idle", "MB after the load", "ms to the first answer"],
  ]);
  for (const server of servers) {
    /** @type {number[]} */
    const ready = [];
    for (let round = 0; round < rounds; round += 1)
      ready.push(await timeToReady(server, /** @type {BenchRequest} */ (lenient[0])));
    const own = (/** @type {keyof Round} */ key) => of(server.name, key);
    const speed = ratios(of("bare", "cpuMicros"), own("cpuMicros"));
    const rate = ratios(own("requestsPerSecond"), of("bare", "requestsPerSecond"));
    row(
      server.name,
      ...[own("cpuMicros"), speed, rate, own("p50Ms"), own("p99Ms"), own("idleMb"), own("loadedMb"), ready],
    );
  }
}

/**
 * Compares servers under load. Each round starts every server afresh, in turn and in alternating order, so that what else the
 * machine does meanwhile, and luck in compilation, show as spread rather than as a difference.
 *
 * @param {{ requests: readonly BenchRequest[], servers: readonly BenchServer[], rounds: number, seconds: number, warmUpRequests: number }} options
 * @returns {Promise<(server: string, key: keyof Round) => number[]>} gives what was measured of a server in each round
 */
async function compareUnderLoad({ servers, rounds, ...options }) {
  /** @type {Record<string, Round[]>} */
  const results = Object.fromEntries(servers.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const server of round % 2 === 0 ? servers : servers.toReversed())
      results[server.name]?.push(await measure(server, options));
  return (server, key) => (results[server] ?? []).map((round) => round[key]);
}

/** @typedef {Awaited<ReturnType<typeof measure>>} Round */

/**
 * @param {BenchServer} server
 * @param {{ requests: readonly BenchRequest[], seconds: number, warmUpRequests: number }} options
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
