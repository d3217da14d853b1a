import { issuesOf } from "@auto-extend/core";
import { z } from "zod/v3";
import type { SavedEngine } from "../engine/engine.js";
import { type AccountState, readWorld, WorldError, worldSchema } from "../engine/state/world.js";
import { jsonErrorPosition } from "../lib/json-error-position.js";
import { schemaMessages } from "../lib/schema-messages.js";
import { StateFileError } from "./errors.js";
import type { SavedKeys } from "./key-hashes.js";
import { completed } from "./shared-orders.js";
import { stateFormat } from "./state-text.js";

/** What a state file has in it. */
export interface SavedState {
  readonly engine: SavedEngine;
  readonly keys: SavedKeys;
}

/** The moments, and spans, that the mock's clock can have. */
const moment = z
  .number()
  .min(Date.UTC(-9999, 0))
  .max(Date.UTC(9999, 11, 31));

const stateSchema = z
  .object({
    format: z.literal(stateFormat.format),
    version: z.literal(stateFormat.version),
    clock: z.object({ ahead: moment, frozenAt: moment.nullable() }).strict(),
    settledAt: moment,
    renewals: worldSchema.shape.renewals.unwrap(),
    keys: z.object({ salt: z.string().min(1), accounts: z.record(z.string().min(1)) }).strict(),
    copies: z.array(z.string().min(1)),
    // What else an account has is told by the schema of worlds.
    accounts: z.array(z.object({ like: z.string().optional() }).passthrough()),
  })
  .strict();

/** How many problems are told: a file that is broken throughout has more of them than anyone reads. */
const mostProblems = 10;

/**
 * Reads the text of a state file, and checks it whole.
 *
 * @param path how the file is called where something is wrong with it.
 * @throws StateFileError that says what is wrong, where, and what to do.
 */
export function readState(text: string, path: string): SavedState {
  const value = parsed(text.replace(/^\uFEFF/, ""), path);
  refuseOthers(value, path);
  const state = stateSchema.safeParse(value, { errorMap: schemaMessages });
  if (!state.success) throw withProblems(path, issuesOf(state.error));
  try {
    const { keys, settledAt, clock, renewals, copies } = state.data;
    const accounts = readAccounts(state.data);
    return { engine: { clock, settledAt, renewals, accounts, copies }, keys };
  } catch (error) {
    throw error instanceof WorldError ? withProblems(path, error.issues) : error;
  }
}

const anew = "To start anew, move it away or delete it.";

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const what = `is not valid JSON: ${jsonErrorPosition(text)}.`;
    throw refusal(path, what, `Mend it, or put a copy in its place. ${anew}`);
  }
}

/** Refuses files that are in order, but are not for this mock to read. */
function refuseOthers(value: unknown, path: string): void {
  const { format, version, accounts } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (format === undefined && Array.isArray(accounts)) {
    throw refusal(path, "is a world file.", "Give it as the world, and another file for the state.");
  }
  if (format === stateFormat.format && typeof version === "number" && version !== stateFormat.version) {
    throw refusal(
      path,
      `is of version ${version}, and this mock reads version ${stateFormat.version}.`,
      `Use the version of the mock that wrote it. ${anew}`,
    );
  }
}

function readAccounts({ renewals, accounts, settledAt }: z.output<typeof stateSchema>): AccountState[] {
  // A world has at least one account; of a state all may have been removed.
  if (accounts.length === 0) return [];
  const world = readWorld({ version: 1, renewals, accounts: accounts.map(({ like: _, ...rest }) => rest) });
  const withKeys = new Set(world.keys.values());
  const issues = world.ids.flatMap((id, index) =>
    withKeys.has(id)
      ? [{ path: `accounts[${index}].apiKey`, message: "must not be here: a state has no API keys" }]
      : [],
  );
  if (issues.length > 0) throw new WorldError(issues);
  return completed(
    world.accounts(settledAt),
    accounts.map(({ like }) => like),
  );
}

function withProblems(path: string, issues: WorldError["issues"]): StateFileError {
  const lines = issues
    .slice(0, mostProblems)
    .map(({ path, message }) => `  ${path || "(the whole)"}: ${message}`);
  if (issues.length > mostProblems) lines.push(`  and ${issues.length - mostProblems} more`);
  const what = issues.length === 1 ? "has a problem" : `has ${issues.length} problems`;
  return refusal(path, `${what}:\n${lines.join("\n")}\n`, `Mend it, or put a copy in its place. ${anew}`);
}

function refusal(path: string, what: string, todo: string): StateFileError {
  const space = what.endsWith("\n") ? "" : " ";
  return new StateFileError(`The state file ${path} ${what}${space}It was left as it is. ${todo}`);
}
