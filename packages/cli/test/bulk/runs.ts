import type { z } from "zod/v3";
import { manyDryRun, switchedMany } from "../../src/results/switch-many.js";
import { runJson, type Surroundings } from "../support/cli.js";
import { addsUp } from "./provider.js";

/** What every run of one kind is about. */
export const offIPv4 = ["off", "--type", "IPv4", "--days", "30"];

/** Runs the program with `--json`, and holds its result to the documented shape and to adding up. */
export async function runMany(argv: readonly string[], surroundings: Surroundings = {}) {
  const output = await runJson(argv, surroundings);
  if (output.result === null) throw new Error(`It stopped: ${JSON.stringify(output.error)}`);
  const result: z.infer<typeof switchedMany> = switchedMany.parse(output.result);
  for (const account of [result.account, ...result.groups]) {
    if (!addsUp(account)) throw new Error(`It does not add up: ${JSON.stringify(account)}`);
  }
  return { ...output, result };
}

/** Runs the program with `--json --dry-run`, and holds its result to the documented shape. */
export async function dryRunMany(argv: readonly string[], surroundings: Surroundings = {}) {
  const output = await runJson([...argv, "--dry-run"], surroundings);
  return { ...output, result: manyDryRun.parse(output.result) };
}

/** What a run that makes no sense is refused with. */
export async function refusalOf(argv: readonly string[], surroundings: Surroundings = {}) {
  const { exitCode, error } = await runJson(argv, surroundings);
  if (exitCode !== 2) throw new Error(`It was not refused as wrong usage: ${exitCode}`);
  return `${error?.message} ${error?.whatToDo}`;
}
