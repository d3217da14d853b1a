// Drives the mock for a long time with everything it can be asked, and watches its memory: npm run soak [-- --help]
import { readOptions } from "../harness/options.mjs";
import { endChildrenOnSignals } from "../harness/programs.mjs";
import { concludeRun, createReport } from "../harness/report.mjs";
import { soak } from "./soak.mjs";

const { numbers, json } = readOptions({
  name: "soak",
  purpose:
    "Drives the mock at full speed with everything it can be asked, judges every answer, and watches its memory.",
  numbers: {
    minutes: {
      default: 1,
      min: 0.01,
      max: 24 * 60,
      fraction: true,
      help: "how long; only from 1 on must every fault be met",
    },
    seed: { default: 1, min: 0, max: 1_000_000, help: "seed of the requests" },
    connections: { default: 50, min: 1, max: 500, help: "connections at once" },
  },
});
const { minutes, seed, connections } = numbers;
endChildrenOnSignals();

console.log(`Soaking for ${minutes} minutes over ${connections} connections, seed ${seed}.`);
const result = await soak({ seconds: minutes * 60, connections, seed, onMinute: console.log });
const { unmetFaults } = result;
concludeRun(reportOf(result), { json }, { settings: numbers, problems: problemsOf(result), unmetFaults });

/** @param {Awaited<ReturnType<typeof soak>>} result */
function problemsOf({ tally, memory, exit, unmetFaults }) {
  return [
    ...tally.retained.map(({ kind, problem, request }) => `${kind}: ${problem}\n    ${request}`),
    ...(tally.unexpected > 0 ? [`${tally.unexpected} unexpected answers`] : []),
    ...(memory.isFlat ? [] : ["memory that grows"]),
    ...(exit === 0 ? [] : [`the mock ended with ${exit}`]),
    // A minute is enough to meet every fault.
    ...(minutes >= 1 && unmetFaults.length > 0 ? [`faults never met: ${unmetFaults.join(", ")}`] : []),
  ];
}

/** @param {Awaited<ReturnType<typeof soak>>} result */
function reportOf({ seconds, tally, memory, slowestHealthMs }) {
  const report = createReport(console.log);
  const row = report.table("soak", ["figure"]);
  row("seconds", [seconds]);
  row("answers", [tally.answers]);
  row("answers per second", [tally.answers / seconds]);
  row("unexpected answers", [tally.unexpected]);
  row("ms for the slowest health check", [slowestHealthMs]);
  row("MB of memory after the warm-up", [memory.first]);
  row("MB of memory at the end", [memory.last]);
  row("MB of memory at most", [memory.most]);
  const kind = report.table("kind of answer", ["answers"]);
  for (const [name, count] of [...tally.kinds].sort()) kind(name, [count]);
  return report;
}
