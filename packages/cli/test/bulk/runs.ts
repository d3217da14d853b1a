import { type SwitchResult, switchResult } from "../../src/switching/types.js";
import { runJson, type Surroundings } from "../support/cli.js";

export { offIPv4 } from "../support/cli.js";

import { addsUp } from "./provider.js";

/** Runs the program with `--json`, and holds its result to the documented shape and to adding up. */
export async function runMany(argv: readonly string[], surroundings: Surroundings = {}) {
  const output = await runJson(argv, surroundings);
  if (output.result === null) throw new Error(`It stopped: ${JSON.stringify(output.error)}`);
  const result = switchResult.parse(output.result);
  if (result.dryRun) throw new Error("It was a dry run");
  if (!addsUp(result.summary)) throw new Error(`It does not add up: ${JSON.stringify(result.summary)}`);
  for (const group of result.groups) {
    const given = { ...group, given: group.orders, duplicates: 0, notSent: 0 };
    if (!addsUp(given)) throw new Error(`It does not add up: ${JSON.stringify(group)}`);
  }
  return { ...output, result };
}

/** Runs the program with `--json --dry-run`, and holds its result to the documented shape. */
export async function dryRunMany(argv: readonly string[], surroundings: Surroundings = {}) {
  const output = await runJson([...argv, "--dry-run"], surroundings);
  if (output.result === null) throw new Error(output.error?.message);
  const result: SwitchResult = switchResult.parse(output.result);
  if (!result.dryRun) throw new Error("It was no dry run");
  return { ...output, result };
}

/** The refusal of a run that makes no sense. */
export async function refusalOf(argv: readonly string[], surroundings: Surroundings = {}) {
  const { exitCode, error } = await runJson(argv, surroundings);
  if (exitCode !== 2) throw new Error(`It was not refused as wrong usage: ${exitCode}`);
  return `${error?.message} ${error?.whatToDo}`;
}
