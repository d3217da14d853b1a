// Switches many orders with the CLI as people would, against a mock that fails, with kills in between, or measures the
// memory that a million orders take: npm run bulk [-- --help]
import { readOptions } from "../harness/options.mjs";
import { endChildrenOnSignals } from "../harness/programs.mjs";
import { textRow, writeResult } from "../harness/report.mjs";
import { measureMemory } from "./memory.mjs";
import { fewestForEveryFault, proveBulk } from "./prove.mjs";

const million = 1_000_000;
/** How much more memory a million orders may take than a few. */
const mostMegabytes = 150;

const { numbers, values, json } = readOptions({
  name: "bulk",
  purpose:
    "Switches many orders with the CLI, against a mock that fails in every way, with kills in between; then compares the\nmock's state with what was wanted.",
  numbers: {
    orders: {
      default: 5_000,
      min: 500,
      max: 100_000,
      help: `how many orders to switch; only from ${fewestForEveryFault} on must every fault strike`,
    },
    seed: { default: 1, min: 0, max: 1_000_000, help: "seed of the orders, faults and kills" },
    "chunk-size": { default: 100, min: 1, max: 10_000, help: "order IDs in each call" },
    concurrency: { default: 4, min: 1, max: 100, help: "calls at once" },
  },
  others: {
    checks: {
      type: "boolean",
      help: "with preview and read-back; faults then strike only the requests that switch",
    },
    memory: {
      type: "boolean",
      help: "measure the memory of a million orders instead, against a server that never fails",
    },
  },
});
endChildrenOnSignals();

process.exitCode = (await (values.memory ? checkMemory() : checkSwitching())) ? 0 : 1;

async function checkMemory() {
  const megabytes = await measureMemory(million);
  const peaks = Object.entries(megabytes);
  for (const [name, peak] of peaks) console.log(textRow(name, `${peak.toFixed(0)} MB`));
  console.log(textRow("at most", `${mostMegabytes} MB`));
  const problems = peaks
    .filter(([, peak]) => !(peak <= mostMegabytes))
    .map(([name]) => `The memory of ${name} exceeds ${mostMegabytes} MB.`);
  writeResult(json, { settings: { orders: million }, problems, megabytes });
  return problems.length === 0;
}

async function checkSwitching() {
  const { "chunk-size": chunkSize, ...others } = numbers;
  const settings = { ...others, chunkSize, hasChecks: values.checks === true };
  const result = await proveBulk({ ...settings, print: console.log });
  console.log(`\n${report(result)}`);
  writeResult(json, { settings, ...result });
  return result.problems.length === 0;
}

/** @param {Awaited<ReturnType<typeof proveBulk>>} result */
function report({ problems, given, bad, least, most, calls, requests, injected, ways, presets, ...rest }) {
  const timesLeast = (/** @type {number} */ figure) => `${(figure / least).toFixed(2)} times the least`;
  const share = `${((100 * injected) / requests).toFixed(1)} % of the requests`;
  return [
    textRow("order IDs", `${given}, ${bad} of them bad`),
    textRow("chunks", `${rest.chunkSize} IDs each, ${rest.concurrency} at once`),
    textRow("least possible calls", `${least}: one per chunk`),
    textRow("most calls with halving", `${most}: and 2 * ceil(log2 ${rest.chunkSize}) per bad ID`),
    textRow("calls of the run and its resumes", `${calls}, ${timesLeast(calls)}`),
    textRow("requests, retries included", `${requests}, ${timesLeast(requests)}`),
    textRow("faults", `${injected} in ${ways} ways of ${presets} presets, ${share}`),
    textRow("kills, resumes", `${rest.kills}, ${rest.resumes}`),
    textRow("time of the CLI", `${rest.seconds.toFixed(1)} s`),
    textRow("peak memory of the CLI", Number.isNaN(rest.peak) ? "unknown" : `${rest.peak.toFixed(0)} MB`),
    "",
    ...(problems.length === 0
      ? ["The state is as wanted, and the reports agree."]
      : ["Not as expected:", ...problems.map((problem) => `  ${problem}`)]),
  ].join("\n");
}
