// Drives the mock for a long time with all that it can be asked, and minds its memory:
// npm run soak -- --minutes 10 [--seed 1] [--connections 50]
import { parseArgs } from "node:util";
import { report } from "./report.mjs";
import { soak } from "./soak.mjs";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    connections: { type: "string", default: "50" },
  },
});
const [minutes, seed, connections] = [
  figure("minutes", 0.01, 24 * 60),
  Math.floor(figure("seed", 0, 1_000_000)),
  Math.floor(figure("connections", 1, 500)),
];

// Ends like any other program, so that the mock ends with it.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));

console.log(`Soaking for ${minutes} minutes over ${connections} connections, seed ${seed}.`);
const result = await soak({
  seconds: minutes * 60,
  connections,
  seed,
  onSecond: process.stdout.isTTY ? (line) => process.stdout.write(`\r${line}   `) : everyMinute(),
});
const { text, isWell } = report(result, { isLong: minutes >= 1 });
console.log(`\n${text}`);
process.exitCode = isWell ? 0 : 1;

function figure(name, least, most) {
  const value = Number(values[name]);
  if (value >= least && value <= most) return value;
  console.error(`--${name} must be a number from ${least} to ${most}.`);
  process.exit(2);
}

/** Where nobody looks on, a line a minute is enough. */
function everyMinute() {
  let seconds = 0;
  return (line) => {
    seconds += 1;
    if (seconds % 60 === 0) console.log(line);
  };
}
