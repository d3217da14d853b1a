// How long programs take to start: the mock beside a bare handler, and commands of the CLI beside what they import.
import { ratios, repeat } from "../harness/measures.mjs";
import { commandStarts } from "./command-starts.mjs";
import { firstRequest, prepareServers, usualLoad } from "./servers.mjs";

/**
 * @param {import("../harness/report.mjs").Report} report
 * @param {{ rounds: number }} options
 */
export async function measureStartUp(report, { rounds }) {
  const { bare, mock } = await prepareServers(usualLoad);
  // Twice as often as the rest, since it is quick.
  const times = await repeat(2 * rounds, async () => ({
    bare: await timeToReady(bare, firstRequest),
    mock: await timeToReady(mock, firstRequest),
  }));
  const starts = await commandStarts(2 * rounds);
  const row = report.table("start");
  const ofBare = times.map((each) => each.bare);
  const ofMock = times.map((each) => each.mock);
  const readiness = ratios(ofMock, ofBare);
  row("ms to the first answer, bare", ofBare);
  row("ms to the first answer, mock", ofMock);
  row("to the first answer, mock/bare", readiness);
  report.wanted("to the first answer, mock/bare", { atMost: 2 }, readiness);
  for (const command of new Set(starts.map((each) => each.command))) {
    const found = starts.filter((each) => each.command === command);
    const took = found.map((each) => each.took);
    const imports = found.map((each) => each.imports);
    const name = `\`auto-extend ${command}\``;
    row(`ms, ${name}`, took);
    row(`ms, a process that imports the packages of ${name}`, imports);
    row(`${name}, as a multiple of that`, ratios(took, imports));
    report.wanted(`${name}, as a multiple of its imports`, { atMost: 1.6 }, ratios(took, imports));
  }
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
