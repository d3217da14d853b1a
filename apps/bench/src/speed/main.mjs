// Measures the mock and the CLI: npm run bench [-- --help]
// Figures are of one machine at one time; compare the ratios, which are taken in turn within one run. The exit code is 1
// if a median exceeds its bound.

import { repeat } from "../harness/measures.mjs";
import { readOptions } from "../harness/options.mjs";
import { endChildrenOnSignals } from "../harness/programs.mjs";
import { createReport, writeResult } from "../harness/report.mjs";

const { numbers, values, json } = readOptions({
  name: "bench",
  purpose:
    "Compares the mock with a bare handler, and measures start-up times and a large world against their limits.",
  numbers: {
    rounds: { default: 5, min: 1, max: 1_000, help: "how often to measure each server" },
    seconds: {
      default: 2,
      min: 0.1,
      max: 600,
      fraction: true,
      help: "seconds of load in each round; with --page six times as many",
    },
  },
  others: {
    operation: {
      type: "string",
      multiple: true,
      value: "NAME",
      help: "the operation to measure, or all; may be repeated (default: setAutoExtend)",
    },
    compare: {
      type: "boolean",
      help: "measure only other people's servers beside the mock; installs them from the registry, outside of the lock file",
    },
    client: { type: "boolean", help: "measure only the client, compared with fetch by hand" },
    page: { type: "boolean", help: "measure only the dashboard in Chromium, which must be installed" },
    nginx: { type: "boolean", help: "measure only a mock behind nginx, which must be installed" },
  },
});
const { rounds, seconds } = numbers;
endChildrenOnSignals();

/** By then the code that answers has been compiled. The page needs more time than the rest to even out. */
const pageOptions = { warmUpRequests: 20_000, times: 5 };
/** The slowest of them answer some hundred requests a second. */
const compareOptions = { warmUpRequests: 3_000 };

// What measures is loaded by now, so that a mistyped option is reported at once.
const { firstRequest, loads, prepareServers, usualLoad } = await import("./servers.mjs");
const { requests: usual } = usualLoad;
const chosen = chosenLoads(/** @type {string[]} */ (values.operation ?? [usualLoad.name]));
const report = createReport(console.log);
if (values.client) await measureClient();
else if (values.compare) await measureOthers();
else if (values.nginx) await measureBehindNginx();
else if (values.page) await measureDashboard();
else await measureAll();

const missed = report.missed();
writeResult(json, {
  settings: { rounds, seconds, operations: chosen.map(({ name }) => name) },
  problems: missed.map((name) => `Over the bound: ${name}`),
  rows: report.rows,
});
if (missed.length > 0) {
  console.error(`Over the bound: ${missed.join("; ")}.`);
  process.exitCode = 1;
}

async function measureClient() {
  const { compareClient, reportClient } = await import("./client.mjs");
  for (const inFlight of [1, 50])
    reportClient(report, inFlight, await compareClient({ rounds, calls: 2_000 * seconds, inFlight }));
}

/** The requests that succeed: no other server knows which to refuse. */
async function measureOthers() {
  const [{ installOthers, otherServers }, { compareUnderLoad, reportLoad }, { timeToReady }] =
    await Promise.all([
      import("../others/servers.mjs"),
      import("./throughput.mjs"),
      import("./start-up.mjs"),
    ]);
  const successes = usual.filter(({ expect }) => expect.endsWith("true"));
  const { bare, mock, answers } = await prepareServers({ ...usualLoad, requests: successes });
  const requests = successes.map((request) => ({ ...request, expect: '"success"' }));
  const servers = [bare, mock, ...(await otherServers(await installOthers(), answers))];
  const results = await compareUnderLoad({ requests, servers, rounds, seconds, ...compareOptions });
  reportLoad(report, "success", results, servers);
  for (const server of servers) {
    const [request] = /** @type {[typeof firstRequest]} */ (requests);
    const times = await repeat(rounds, () => timeToReady(server, request));
    report.row(`ms to the first answer, ${server.name}`, times);
  }
}

async function measureBehindNginx() {
  const { compareBehindNginx, reportBehindNginx } = await import("./behind-nginx.mjs");
  reportBehindNginx(report, await compareBehindNginx({ requests: usual, rounds, seconds }));
}

async function measureDashboard() {
  const { measurePage, reportPage } = await import("./page.mjs");
  reportPage(report, await measurePage({ requests: usual, rounds, seconds: 6 * seconds, ...pageOptions }));
}

async function measureAll() {
  const [
    { compareUnderLoad, reportLoad },
    { measureEngine, reportEngine },
    { timeToReady },
    { commandStarts },
    { largeWorld },
  ] = await Promise.all([
    import("./throughput.mjs"),
    import("./engine.mjs"),
    import("./start-up.mjs"),
    import("./command-starts.mjs"),
    import("./large-world.mjs"),
  ]);
  for (const { name, requests } of chosen) {
    const { bare, mock } = await prepareServers({ name, requests });
    const servers = [bare, mock];
    reportLoad(report, name, await compareUnderLoad({ requests, servers, rounds, seconds }), servers);
    reportEngine(report, name, measureEngine({ requests, rounds, count: 20_000 * seconds }));
  }

  const { bare, mock } = await prepareServers(usualLoad);
  // Twice as often as the load, since it is quick.
  const ready = await repeat(2 * rounds, async () => ({
    bare: await timeToReady(bare, firstRequest),
    mock: await timeToReady(mock, firstRequest),
  }));
  report.table(ready, [
    ["ms to the first answer, bare", (times) => times.bare],
    ["ms to the first answer, mock", (times) => times.mock],
  ]);
  const starts = await commandStarts(2 * rounds);
  for (const command of new Set(starts.map((each) => each.command))) {
    const times = starts.filter((each) => each.command === command);
    report.table(times, [
      [`ms, auto-extend ${command}`, ({ took }) => took],
      [`ms, a process that imports its packages`, ({ imports }) => imports],
      [
        `auto-extend ${command} as a multiple of that`,
        ({ took, imports }) => took / imports,
        { digits: 2, bound: 1.6 },
      ],
    ]);
  }

  const { loading, year } = await largeWorld({ orders: 20_000, addresses: 100_000, rounds: 5 });
  report.row("ms to load 100,000 addresses and answer", loading, { bound: 2_000 });
  report.row("ms for a year over them by the clock", year, { bound: 2_000 });
}

/** @param {readonly string[]} names */
function chosenLoads(names) {
  const known = loads.map(({ name }) => name);
  const unknown = names.find((name) => name !== "all" && !known.includes(name));
  if (unknown !== undefined) {
    console.error(`Unknown operation "${unknown}" (expected all, ${known.join(", ")}).`);
    process.exit(2);
  }
  return loads.filter(({ name }) => names.includes(name) || names.includes("all"));
}
