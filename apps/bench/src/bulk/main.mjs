// Switches many orders with the CLI as people would, against a mock that fails, with kills in between:
// npm run bulk -- --orders 100000 [--seed 1] [--chunk-size 100] [--concurrency 4] [--json]
import { parseArgs } from "node:util";
import { provesBulk } from "./prove.mjs";
import { report } from "./report.mjs";

const { values } = parseArgs({
  options: {
    orders: { type: "string", default: "5000" },
    seed: { type: "string", default: "1" },
    "chunk-size": { type: "string", default: "100" },
    concurrency: { type: "string", default: "4" },
    json: { type: "boolean", default: false },
  },
});
const options = {
  orders: figure("orders", 1_000, 100_000),
  seed: figure("seed", 0, 1_000_000),
  chunkSize: figure("chunk-size", 1, 10_000),
  concurrency: figure("concurrency", 1, 100),
};

// Ends like any other program, so that the mock and the CLI end with it.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));

const result = await provesBulk({ ...options, tell: values.json ? () => {} : console.log });
console.log(values.json ? JSON.stringify(result) : `\n${report(result)}`);
process.exitCode = result.problems.length === 0 ? 0 : 1;

function figure(name, least, most) {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  console.error(`--${name} must be a whole number from ${least} to ${most}.`);
  process.exit(2);
}
