// Drives the mock for a long time with everything it can be asked, and watches its memory: npm run soak [-- --help]
import { readOptions } from "../harness/options.mjs";
import { endChildrenOnSignals } from "../harness/programs.mjs";
import { textRow, writeResult } from "../harness/report.mjs";
import { soak } from "./soak.mjs";
import { faultTriggers } from "./worker.mjs";

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
const result = await soak({
  ...{ seconds: minutes * 60, connections, seed },
  onSecond: process.stdout.isTTY ? (line) => process.stdout.write(`\r${line}   `) : everyMinute(),
});
// A minute is enough to meet every fault.
const problems = problemsOf(result, { needsEveryFault: minutes >= 1 });
writeResult(json, { settings: numbers, problems, ...plainFigures(result) });
console.log(`\n${[...figuresOf(result), "", verdictOf(problems)].join("\n")}`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Without a terminal, a line a minute is enough. */
function everyMinute() {
  let seconds = 0;
  return (/** @type {string} */ line) => {
    seconds += 1;
    if (seconds % 60 === 0) console.log(line);
  };
}

/**
 * @param {Awaited<ReturnType<typeof soak>>} result
 * @param {{ needsEveryFault: boolean }} options
 */
function problemsOf({ tally, memory, exit, unmetFaults }, { needsEveryFault }) {
  return [
    ...(tally.unexpected > 0 ? ["unexpected answers"] : []),
    ...(memory.isFlat ? [] : ["memory that grows"]),
    ...(exit === 0 ? [] : [`the mock ended with ${exit}`]),
    ...(needsEveryFault && unmetFaults.length > 0 ? [`faults never met: ${unmetFaults.join(", ")}`] : []),
  ];
}

/** @param {readonly string[]} problems */
function verdictOf(problems) {
  return problems.length === 0 ? "Everything is as expected." : `Not as expected: ${problems.join("; ")}.`;
}

/**
 * The same figures as in the report, for JSON.
 *
 * @param {Awaited<ReturnType<typeof soak>>} result
 */
function plainFigures({ seconds, tally, memory, slowestHealthMs, exit, unmetFaults }) {
  const { answers, unexpected, retained } = tally;
  return {
    ...{ seconds, answers, answersPerSecond: answers / seconds, unexpected, slowestHealthMs, exit, memory },
    kinds: Object.fromEntries(tally.kinds),
    faults: Object.fromEntries(tally.faults),
    unmetFaults,
    examples: retained,
  };
}

/** @param {Awaited<ReturnType<typeof soak>>} result */
function figuresOf({ seconds, tally, memory, slowestHealthMs, exit }) {
  const megabytes = (/** @type {number} */ figure) =>
    Number.isNaN(figure) ? "-" : `${figure.toFixed(1)} MB`;
  const answerCounts = [...tally.kinds].filter(([kind]) => !kind.startsWith("fault: "));
  const faults = [...tally.faults].map(
    ([preset, counts]) => /** @type {const} */ ([preset, faultTriggers.map((trigger) => counts[trigger])]),
  );
  const growth = `${memory.slope >= 0 ? "+" : ""}${memory.slope.toFixed(2)} MB`;
  return [
    ...table("answers", answerCounts),
    ...table(`faults, by ${faultTriggers.join(", ")}`, faults),
    textRow("time", `${seconds.toFixed(1)} s`),
    textRow("answers and events", tally.answers),
    textRow("a second", (tally.answers / seconds).toFixed(0)),
    textRow(
      "faults",
      faults.flatMap(([, counts]) => counts).reduce((sum, count) => sum + count, 0),
    ),
    textRow("slowest answer about health", `${slowestHealthMs.toFixed(0)} ms`),
    textRow("memory after the warm-up", megabytes(memory.first)),
    textRow("memory at the end", megabytes(memory.last)),
    textRow("memory at most", megabytes(memory.most)),
    textRow("memory growth a minute", memory.isLongEnough ? growth : "too short to judge"),
    textRow("exit code of the mock", exit),
    textRow("unexpected answers", tally.unexpected),
    ...tally.retained.map(
      ({ kind, problem, request }) => `  ${kind}: ${problem}\n    request: ${JSON.stringify(request)}`,
    ),
  ];
}

/**
 * @param {string} title
 * @param {readonly (readonly [name: string, figures: number | readonly number[]])[]} rows
 */
function table(title, rows) {
  const sorted = [...rows].sort(([a], [b]) => a.localeCompare(b));
  return [title, ...sorted.map(([name, figures]) => textRow(`  ${name}`, ...[figures].flat())), ""];
}
