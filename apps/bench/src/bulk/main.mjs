// Switches many orders with the CLI as people would, against a mock that fails, with kills in between, or measures the
// memory that many orders take: npm run bulk [-- --help]
import { readOptions } from "../harness/options.mjs";
import { endChildrenOnSignals } from "../harness/programs.mjs";
import { concludeRun, createReport } from "../harness/report.mjs";
import { measureMemory } from "./memory.mjs";
import { fewestForEveryFault, proveBulk } from "./prove.mjs";

/** The most megabytes of memory above those with a few orders; with checks, the list itself takes most of it. */
const most = { run: 150, resume: 300, client: 150 };
const shown = /** @type {const} */ ([
  ["seconds", "seconds"],
  ["kills", "kills"],
  ["resumes", "resumes"],
  ["calls", "calls that switch"],
  ["least", "calls that would switch them without a fault"],
  ["requests", "requests in all"],
  ["injected", "faults met"],
  ["peak", "MB of memory, CLI, at most"],
]);

const { numbers, values, json } = readOptions({
  name: "bulk",
  purpose:
    "Switches many orders with the CLI, against a mock that fails in every way, with kills in between; then compares the\nmock's state with what was wanted.",
  numbers: {
    orders: {
      default: 5_000,
      min: fewestForEveryFault,
      max: 100_000,
      help: "how many orders to switch; with fewer, too few requests are sent for every fault to strike",
    },
    rounds: { default: 5, min: 1, max: 1_000, help: "how often to do so, each time with the next seed" },
    seed: { default: 1, min: 0, max: 1_000_000, help: "seed of the orders, faults and kills" },
    "chunk-size": { default: 100, min: 1, max: 10_000, help: "order IDs in each call" },
    concurrency: { default: 4, min: 1, max: 100, help: "calls at once" },
  },
  others: {
    checks: {
      type: "boolean",
      help: "with preview and read-back; faults then strike only the requests that switch, and there is one kill",
    },
    memory: {
      type: "boolean",
      help: "measure the memory of 100,000 and a million orders instead, against a server that never fails",
    },
    write: {
      type: "boolean",
      help: "write the table into docs/bench.md, where one of as many orders stands",
    },
  },
});
endChildrenOnSignals();

const report = createReport(console.log);
concludeRun(report, { json, write: values.write }, await (values.memory ? checkMemory() : checkSwitching()));

async function checkMemory() {
  const hasChecks = values.checks === true;
  const problems = [];
  const row = report.table("orders", ["run", "resume", "method of the client"]);
  for (const orders of [100_000, 1_000_000]) {
    const megabytes = await measureMemory(orders, { hasChecks });
    const name = `${orders.toLocaleString("en-US")}, ${hasChecks ? "with both" : "no preview, no read-back"}`;
    row(name, [megabytes.run], [megabytes.resume], [megabytes.client]);
    for (const [name, limit] of hasChecks ? [] : Object.entries(most)) {
      if (megabytes[/** @type {keyof typeof most} */ (name)] <= limit) continue;
      problems.push(`With ${orders} orders, the memory of ${name} exceeds ${limit} MB.`);
    }
  }
  return { settings: { hasChecks }, problems };
}

async function checkSwitching() {
  const { "chunk-size": chunkSize, rounds, ...others } = numbers;
  const settings = { ...others, chunkSize, hasChecks: values.checks === true };
  const runs = [];
  for (let round = 0; round < rounds; round += 1)
    runs.push(await proveBulk({ ...settings, seed: settings.seed + round }));
  const row = report.table(
    `${settings.orders.toLocaleString("en-US")} orders, ${settings.hasChecks ? "with" : "without"} preview and read-back`,
  );
  for (const [key, name] of shown)
    row(
      name,
      runs.map((run) => run[key]),
    );
  return { settings: { rounds, ...settings }, problems: runs.flatMap(({ problems }) => problems), runs };
}
