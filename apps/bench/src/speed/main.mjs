// Measures the mock and the CLI: npm run bench [-- --help]
// Figures are of one machine at one time; compare the ratios, which are taken in turn within one run. The exit code is 1
// if a median is not within what was wanted.

import { readOptions } from "../harness/options.mjs";
import { endChildrenOnSignals } from "../harness/programs.mjs";
import { concludeRun, createReport } from "../harness/report.mjs";

/** All that can be measured, by the names of its options. */
const parts = {
  mock: { help: "measure the mock, compared with a bare handler", load: () => import("./throughput.mjs") },
  start: { help: "measure how long programs take to start", load: () => import("./start-up.mjs") },
  world: { help: "measure a world of 100,000 IP addresses", load: () => import("./large-world.mjs") },
  client: { help: "measure the client, compared with fetch by hand", load: () => import("./client.mjs") },
  page: {
    help: "measure the dashboard in Chromium, which must be installed",
    load: () => import("./page.mjs"),
  },
  nginx: {
    help: "measure a mock behind nginx, which must be installed",
    load: () => import("./behind-nginx.mjs"),
  },
  compare: {
    help: "measure other people's servers beside the mock; installs them from the registry, outside of the lock file",
    load: () => import("../others/servers.mjs"),
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
const { loads: known } = await import("./servers.mjs");
const loads = readLoads(/** @type {string[] | undefined} */ (values.operation));
const report = createReport(console.log);
const chosen = Object.entries(parts).filter(([name]) => values[name]);
const usual = Object.entries(parts).filter(([name]) => usualParts.includes(name));
for (const [, { load }] of chosen.length > 0 ? chosen : usual) {
  const { measure } = await load();
  await measure(report, { rounds, seconds, loads });
}

concludeRun(
  report,
  { json, write: values.write },
  {
    settings: { rounds, seconds, operations: loads.map(({ name }) => name) },
    problems: [],
  },
);

/** @param {readonly string[] | undefined} names */
function readLoads(names) {
  const all = known.map(({ name }) => name);
  const unknown = names?.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    console.error(`Unknown operation "${unknown}" (expected ${all.join(", ")}).`);
    process.exit(2);
  }
  return known.filter(({ name }) => names?.includes(name) ?? true);
}
