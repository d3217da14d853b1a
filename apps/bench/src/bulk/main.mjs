// Switches many orders with the CLI as people would, against a mock that fails, with kills in between:
// npm run bulk -- --orders 100000 [--seed 1] [--chunk-size 100] [--concurrency 4] [--json]
// Or measures the memory that a million orders take, against a server that never fails:
// npm run bulk -- --memory
import { readOptions } from "../harness/options.mjs";
import { endChildrenOnSignals } from "../harness/programs.mjs";
import { textRow } from "../harness/report.mjs";
import { measureMemory } from "./memory.mjs";
import { proveBulk } from "./prove.mjs";

const million = 1_000_000;
/** How much more memory a million orders may take than a few. */
const mostMegabytes = 150;

const { numbers, values } = readOptions(
  {
    // With fewer, too few requests are sent for every fault to strike.
    orders: { default: 5_000, min: 3_000, max: 100_000 },
    seed: { default: 1, min: 0, max: 1_000_000 },
    "chunk-size": { default: 100, min: 1, max: 10_000 },
    concurrency: { default: 4, min: 1, max: 100 },
  },
  { json: { type: "boolean" }, memory: { type: "boolean" } },
);
endChildrenOnSignals();

process.exitCode = (await (values.memory ? checkMemory() : checkSwitching())) ? 0 : 1;

async function checkMemory() {
  const peaks = Object.entries(await measureMemory(million));
  for (const [name, megabytes] of peaks) console.log(textRow(name, `${megabytes.toFixed(0)} MB`));
  console.log(textRow("at most", `${mostMegabytes} MB`));
  return peaks.every(([, megabytes]) => megabytes <= mostMegabytes);
}

async function checkSwitching() {
  const { "chunk-size": chunkSize, ...others } = numbers;
  const result = await proveBulk({ ...others, chunkSize, print: values.json ? () => {} : console.log });
  console.log(values.json ? JSON.stringify(result) : `\n${report(result)}`);
  return result.problems.length === 0;
}

/** @param {Awaited<ReturnType<typeof proveBulk>>} result */
function report({ problems, given, bad, least, most, calls, requests, struck, ways, presets, ...rest }) {
  const timesLeast = (/** @type {number} */ figure) => `${(figure / least).toFixed(2)} times the least`;
  const share = `${((100 * struck) / requests).toFixed(1)} % of the requests`;
  return [
    textRow("order IDs", `${given}, ${bad} of them bad`),
    textRow("chunks", `${rest.chunkSize} IDs each, ${rest.concurrency} at once`),
    textRow("least possible calls", `${least}: one per chunk`),
    textRow("most calls with halving", `${most}: and 2 * ceil(log2 ${rest.chunkSize}) per bad ID`),
    textRow("calls of the run and its resumes", `${calls}, ${timesLeast(calls)}`),
    textRow("requests, retries included", `${requests}, ${timesLeast(requests)}`),
    textRow("faults", `${struck} in ${ways} ways of ${presets} presets, ${share}`),
    textRow("kills, resumes", `${rest.kills}, ${rest.resumes}`),
    textRow("time of the CLI", `${rest.seconds.toFixed(1)} s`),
    textRow("peak memory of the CLI", Number.isNaN(rest.peak) ? "unknown" : `${rest.peak.toFixed(0)} MB`),
    "",
    ...(problems.length === 0
      ? ["The state is as wanted, and the reports agree."]
      : ["Not as expected:", ...problems.map((problem) => `  ${problem}`)]),
  ].join("\n");
}
