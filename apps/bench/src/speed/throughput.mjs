import { operations } from "@auto-extend/core";
import { load } from "../harness/load.mjs";
import { median, quantile, ratios, usageOf } from "../harness/measures.mjs";
import { measureEngine } from "./engine.mjs";
import { prepareServers } from "./servers.mjs";

/** @import { Report } from "../harness/report.mjs" */
/** @import { BenchLoad, BenchRequest, BenchServer } from "./servers.mjs" */

const connections = 50;
/** By then the code that answers has been compiled. A count, so that a slow machine measures the same thing. */
const enoughToWarmUp = 20_000;

/**
 * Compares the mock with a bare handler, and its engine with the JSON of the same bodies.
 *
 * @param {Report} report
 * @param {{ loads: readonly BenchLoad[], rounds: number, seconds: number, warmUpRequests?: number }} options
 */
export async function measure(report, { loads, rounds, seconds, warmUpRequests = enoughToWarmUp }) {
  const columns = ["speed by processor time, of bare", "requests per second, of bare", "p99, of bare"];
  const inEngine = ["µs in the engine", "of its JSON"];
  const row = report.table("operation", [...columns, "MB after the load, bare", "mock", ...inEngine]);
  /** @type {{ name: string, speed: number[], p99: number[], mb: number[], engine: number[] }[]} */
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
  const inOrder = (/** @type {"speed" | "p99" | "mb"} */ key) =>
    measured.map((each) => each[key]).toSorted((a, b) => median(a) - median(b));
  report.wanted("a switch: speed by processor time, of bare", { atLeast: 0.8 }, usual.speed);
  report.wanted("the same, as the next step", { atLeast: 0.85 }, usual.speed);
  report.wanted("the slowest operation: the same", { atLeast: 0.65 }, inOrder("speed")[0] ?? []);
  report.wanted("p99, of bare, at the worst operation", { atMost: 1.3 }, inOrder("p99").at(-1) ?? []);
  report.wanted("MB after the load, at the worst operation", { atMost: 95 }, inOrder("mb").at(-1) ?? []);
  report.wanted("µs in the engine, a switch", { atMost: 2.3 }, usual.engine);
}

/**
 * Compares servers under load. Each round starts every server afresh, in turn and in alternating order, so that what else the
 * machine does meanwhile, and luck in compilation, show as spread rather than as a difference.
 *
 * @param {{ requests: readonly BenchRequest[], servers: readonly BenchServer[], rounds: number, seconds: number, warmUpRequests: number }} options
 * @returns {Promise<(server: string, key: keyof Round) => number[]>} gives what was measured of a server in each round
 */
export async function compareUnderLoad({ servers, rounds, ...options }) {
  /** @type {Record<string, Round[]>} */
  const results = Object.fromEntries(servers.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const server of round % 2 === 0 ? servers : servers.toReversed())
      results[server.name]?.push(await measureServer(server, options));
  return (server, key) => (results[server] ?? []).map((round) => round[key]);
}

/** @typedef {Awaited<ReturnType<typeof measureServer>>} Round */

/**
 * @param {BenchServer} server
 * @param {{ requests: readonly BenchRequest[], seconds: number, warmUpRequests: number }} options
 */
async function measureServer({ start }, { requests, seconds, warmUpRequests }) {
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
