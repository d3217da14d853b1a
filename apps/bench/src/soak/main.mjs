// Drives the mock for a long time with everything it can be asked, and watches its memory: npm run soak [-- --help]
import { readOptions } from "../harness/options.mjs";
import { endChildrenOnSignals } from "../harness/programs.mjs";
import { concludeRun } from "../harness/report.mjs";
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
concludeRun(json, { settings: numbers, problems: problemsOf(result), ...figuresOf(result) });

/** @param {Awaited<ReturnType<typeof soak>>} result */
function problemsOf({ tally, memory, exit, unmetFaults }) {
  // A minute is enough to meet every fault.
  const isLongEnough = minutes >= 1;
  return [
    ...(tally.unexpected > 0 ? ["unexpected answers"] : []),
    ...(memory.isFlat ? [] : ["memory that grows"]),
    ...(exit === 0 ? [] : [`the mock ended with ${exit}`]),
    ...(isLongEnough && unmetFaults.length > 0 ? [`faults never met: ${unmetFaults.join(", ")}`] : []),
  ];
}

/** @param {Awaited<ReturnType<typeof soak>>} result */
function figuresOf({ seconds, tally, memory, slowestHealthMs, exit, unmetFaults }) {
  const { answers, unexpected, retained } = tally;
  return {
    kinds: Object.fromEntries([...tally.kinds].sort()),
    unmetFaults,
    ...{ seconds, answers, answersPerSecond: answers / seconds, slowestHealthMs, memory, exit, unexpected },
    examples: retained,
  };
}
