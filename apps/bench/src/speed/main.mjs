// Measures the mock and the CLI: npm run bench [-- --help]
// Figures are of one machine at one time; compare the ratios, which are taken in turn within one run. The exit code is 1
// if a median is not within what was wanted.

import { readOptions } from "../harness/options.mjs";
import { endChildrenOnSignals } from "../harness/programs.mjs";
import { createReport, writeResult } from "../harness/report.mjs";

/** @type {Record<string, { help: string, measure: () => Promise<void> }>} what can be measured, by the names of its options */
const parts = {
  mock: { help: "measure the mock, compared with a bare handler", measure: measureMock },
  start: { help: "measure how long programs take to start, and what takes that time", measure: measureStart },
  world: { help: "measure a world of 100,000 IP addresses", measure: measureWorld },
  client: { help: "measure the client, compared with fetch by hand", measure: measureCalls },
  page: { help: "measure the dashboard in Chromium, which must be installed", measure: measureDashboard },
  nginx: { help: "measure a mock behind nginx, which must be installed", measure: measureNginx },
  compare: {
    help: "measure other people's servers beside the mock; installs them from the registry, outside of the lock file",
    measure: measureServers,
  },
};
/** Those need nothing else to be installed. */
const usualParts = ["mock", "start", "world", "client"];

const { numbers, values, json } = readOptions({
  name: "bench",
  purpose: `Measures the mock, the client and the CLI. Without a choice it measures ${usualParts.join(", ")}.`,
  numbers: {
    rounds: { default: 5, min: 1, max: 1_000, help: "how often to measure each thing" },
    seconds: {
      default: 0.5,
      min: 0.1,
      max: 600,
      fraction: true,
      help: "seconds of load in each round; with --page 20 times as many",
    },
  },
  others: {
    operation: {
      type: "string",
      multiple: true,
      value: "NAME",
      help: "with --mock: measure only this operation; may be repeated",
    },
    ...Object.fromEntries(Object.entries(parts).map(([name, { help }]) => [name, { type: "boolean", help }])),
    write: { type: "boolean", help: "write the tables into docs/bench.md" },
  },
});
const { rounds, seconds } = numbers;
endChildrenOnSignals();

// What measures is loaded by now, so that a mistyped option is reported at once.
const { loads, plainLoad, usualLoad } = await import("./servers.mjs");
const { requests } = usualLoad;
const chosenLoads = readLoads(/** @type {string[] | undefined} */ (values.operation));
const report = createReport(console.log);
const chosen = Object.keys(parts).filter((name) => values[name]);
for (const name of chosen.length > 0 ? chosen : usualParts) await parts[name]?.measure();

const missed = report.conclude();
writeResult(json, {
  settings: { rounds, seconds, operations: chosenLoads.map(({ name }) => name) },
  problems: missed.map((name) => `Missed: ${name}`),
  rows: report.rows,
});
if (values.write) report.writePage();
process.exitCode = missed.length > 0 ? 1 : 0;

async function measureMock() {
  const { measureLoads } = await import("./throughput.mjs");
  await measureLoads(report, { loads: chosenLoads, rounds, seconds });
}

async function measureStart() {
  const { measureStartUp } = await import("./start-up.mjs");
  await measureStartUp(report, { rounds });
  const { measureModules } = await import("./modules.mjs");
  await measureModules(report, { rounds });
}

async function measureWorld() {
  const { measureLargeWorld } = await import("./large-world.mjs");
  await measureLargeWorld(report, { orders: 20_000, addresses: 100_000, rounds });
}

async function measureCalls() {
  const { measureClient } = await import("./client.mjs");
  await measureClient(report, { rounds, calls: 4_000 * seconds });
}

async function measureDashboard() {
  const { measurePage } = await import("./page.mjs");
  await measurePage(report, { requests, rounds, seconds: 20 * seconds });
}

async function measureNginx() {
  const { measureBehindNginx } = await import("./behind-nginx.mjs");
  await measureBehindNginx(report, { requests, rounds, seconds });
}

async function measureServers() {
  const { measureOthers } = await import("./throughput.mjs");
  await measureOthers(report, { load: plainLoad, rounds, seconds });
}

/** @param {readonly string[] | undefined} names */
function readLoads(names) {
  const all = [plainLoad, ...loads];
  const known = all.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`Unknown operation "${unknown}" (expected ${known.join(", ")}).`);
    process.exit(2);
  }
  return all.filter(({ name }) => names?.includes(name) ?? true);
}
