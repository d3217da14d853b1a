// How long programs take to start: the mock beside a bare handler, and commands of the CLI beside Node itself.
import { execa } from "execa";
import { ratios, repeat } from "../harness/measures.mjs";
import { cliProgram, startMock } from "../harness/programs.mjs";
import { measureModules } from "./modules.mjs";
import { firstRequest, prepareServers, usualLoad } from "./servers.mjs";

/**
 * @param {import("../harness/report.mjs").Report} report
 * @param {{ rounds: number }} options
 */
export async function measure(report, { rounds }) {
  const { bare, mock } = await prepareServers(usualLoad);
  const server = await startMock();
  const env = { AUTO_EXTEND_BASE_URL: server.url.href, AUTO_EXTEND_API_KEY: "bench-key" };
  const ready = (/** @type {import("./servers.mjs").BenchServer} */ each) => timeToReady(each, firstRequest);
  /** @type {Record<string, () => Promise<number>>} */
  const starts = {
    "ms to the first answer, bare": () => ready(bare),
    "ms to the first answer, mock": () => ready(mock),
    "ms, `node -e 0`": () => timeToRun(["-e", "0"]),
    "ms, `auto-extend --help`": () => timeToRun([cliProgram, "--help"]),
    "ms, `auto-extend errors`": () => timeToRun([cliProgram, "errors"]),
    "ms, `auto-extend balance`": () => timeToRun([cliProgram, "balance"], env),
  };
  const names = Object.keys(starts);
  // Twice as often as the rest, since it is quick.
  const times = await repeat(2 * rounds, async () => {
    const took = [];
    for (const start of Object.values(starts)) took.push(await start());
    return took;
  });
  await server.stop();
  const timesOf = (/** @type {number} */ place) => times.map((took) => took[place] ?? Number.NaN);
  const row = report.table("start");
  for (const [place, name] of names.entries()) row(name, timesOf(place));
  const readiness = ratios(timesOf(1), timesOf(0));
  row("to the first answer, mock/bare", readiness);
  for (const place of [3, 4, 5])
    row(`${names[place]?.slice(4)}, as a multiple of \`node -e 0\``, ratios(timesOf(place), timesOf(2)));
  report.wanted("to the first answer, mock/bare", { atMost: 2 }, readiness);
  await measureModules(report, { rounds });
}

/**
 * The time from the start of a server to its first answer, in milliseconds.
 *
 * @param {import("./servers.mjs").BenchServer} server
 * @param {import("./servers.mjs").BenchRequest} request
 */
export async function timeToReady({ name, start }, { method, path, headers, body, expect }) {
  const begin = performance.now();
  const server = await start();
  const answer = await fetch(new URL(path, server.url), { method, headers, ...(body ? { body } : {}) });
  const isExpected = (await answer.text()).includes(expect);
  const took = performance.now() - begin;
  await server.stop();
  if (!isExpected) throw new Error(`The first answer of ${name} was wrong.`);
  return took;
}

/**
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 */
async function timeToRun(args, env = {}) {
  const begin = performance.now();
  await execa(process.execPath, args, { env });
  return performance.now() - begin;
}
