import { type Issue, issuesOf } from "@auto-extend/core";
import { z } from "zod/v3";
import { defaultAccountId } from "../engine/state/accounts.js";
import {
  type AccountState,
  problemsText,
  readWorld,
  stateFormat,
  WorldError,
  worldSchema,
} from "../engine/state/world.js";
import { worldText } from "../engine/state/world-text.js";
import type { SavedEngine } from "../engine/types.js";
import { fieldsOf } from "../lib/fits.js";
import { count, schemaMessages } from "../lib/schemas.js";
import { inPieces, jsonError } from "../lib/text.js";
import { StateFileError } from "./errors.js";

/** The writer of a state file, and the number of its writes. A mock that finds another revision has lost the file. */
export interface Revision {
  readonly writer: string;
  readonly revision: number;
}

export interface SavedState {
  readonly engine: SavedEngine;
  readonly revision: Revision;
}

const readVersion = 2;

/** The text of a state file, piece by piece. Making a large text in one go would block all requests. */
export function stateText({ accounts, version, ...rest }: SavedEngine, revision: Revision): Iterable<string> {
  // The revision comes early, so that it can be read without the rest: see `revisionIn`.
  const head = { format: stateFormat, version, ...revision, ...rest };
  return inPieces(worldText(head, shortened(accounts)));
}

/** The number of characters at the beginning of a state file that contain its revision. */
export const revisionLength = 300;

const written = new RegExp(
  `^\\{"format":"${stateFormat}","version":\\d+,"writer":"([\\w-]+)","revision":(\\d+),`,
);

/** The revision in the beginning of a state file; `null` if it is not as this mock writes it. */
export function revisionIn(beginning: string): Revision | null {
  const [, writer, revision] = written.exec(beginning) ?? [];
  return writer === undefined ? null : { writer, revision: Number(revision) };
}

/** Accounts for new API keys are mostly like the template account: with all their orders, a file could be too large to be read. */
function* shortened(accounts: readonly AccountState[]): Generator<AccountState & { like?: string }> {
  const template = accounts.find(({ id }) => id === defaultAccountId);
  for (const account of accounts) {
    if (!template || account === template || !haveSameOrders(account, template)) yield account;
    else {
      // What they have in common is the very same object.
      const orders = account.orders.filter((order, index) => order !== template.orders[index]);
      yield { ...account, like: template.id, orders };
    }
  }
}

function haveSameOrders({ orders }: AccountState, template: AccountState): boolean {
  return (
    orders.length === template.orders.length &&
    orders.every(({ orderId }, index) => orderId === template.orders[index]?.orderId)
  );
}

/** The accounts with all their orders again. `likes` has the account that each is like, except for the orders it has. */
function completed(
  accounts: readonly AccountState[],
  likes: readonly (string | undefined)[],
): AccountState[] {
  const whole = new Map(
    accounts.filter((_, index) => likes[index] === undefined).map((account) => [account.id, account]),
  );
  const issues: Issue[] = [];
  const complete = accounts.map((account, index) => {
    const like = likes[index];
    if (like === undefined) return account;
    const template = whole.get(like);
    const own = new Map(account.orders.map((order) => [order.orderId, order]));
    const orders = template?.orders.map((order) => own.get(order.orderId) ?? order) ?? [];
    const path = `accounts[${index}]`;
    if (!template)
      issues.push({ path: `${path}.like`, message: "must be an account that has all its orders" });
    else if (orders.filter(({ orderId }) => own.has(orderId)).length < own.size)
      issues.push({ path: `${path}.orders`, message: `must be orders that account "${like}" has, too` });
    return { ...account, orders };
  });
  if (issues.length > 0) throw new WorldError(issues);
  return complete;
}

/** The timestamps, and spans, that the mock's clock can have. */
const timestamp = z
  .number()
  .min(Date.UTC(-9999, 0))
  .max(Date.UTC(9999, 11, 31));
const id = z.string().min(1);
// The path of an issue would quote the name, which may be an API key.
const keyHashes = z.record(id).refine((hashes) => Object.keys(hashes).every(isHash), {
  message: "must have names of 12 hexadecimal digits, the hashes of API keys",
});

const stateSchema = z.strictObject({
  format: z.literal(stateFormat),
  version: z.literal(readVersion),
  writer: id,
  revision: count,
  clock: z.strictObject({ ahead: timestamp, frozenAt: timestamp.nullable() }),
  advancedTo: timestamp,
  renewals: worldSchema.shape.renewals.unwrap(),
  template: id.nullable().default(defaultAccountId),
  keyHashes,
  copies: z.array(id),
  // The schema of worlds checks the rest of an account.
  accounts: z.array(z.object({ like: z.string().optional() }).passthrough()),
});

function isHash(text: string): boolean {
  return /^[0-9a-f]{12}$/.test(text);
}

/** Reads and checks the text of a state file. It throws a StateFileError that says what is wrong, where, and what to do. */
export function readState(text: string, path: string): SavedState {
  const value = parsed(text.replace(/^\uFEFF/, ""), path);
  refuseOthers(value, path);
  const state = stateSchema.safeParse(value, { errorMap: schemaMessages(stateSchema) });
  if (!state.success) throw withProblems(path, issuesOf(state.error));
  try {
    const { format: _, writer, revision, ...engine } = state.data;
    return { engine: { ...engine, accounts: readAccounts(state.data) }, revision: { writer, revision } };
  } catch (error) {
    throw error instanceof WorldError ? withProblems(path, error.issues) : error;
  }
}

const startOver = "To start over, move it away or delete it.";

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const what = `is not valid JSON: ${jsonError(text).message}.`;
    throw refusal(path, what, `Fix it, or restore a backup. ${startOver}`);
  }
}

function refuseOthers(value: unknown, path: string): void {
  const other = fieldsOf(value);
  if (other.format === undefined && Array.isArray(other.accounts)) {
    throw refusal(
      path,
      "is a world file.",
      "Pass it as the world (--world), and name another state file (--state).",
    );
  }
  if (other.format !== stateFormat) {
    throw refusal(path, "is not a state file of this mock.", "Name another one with --state (stateFile).");
  }
  if (typeof other.version === "number" && other.version !== readVersion) {
    throw refusal(
      path,
      `is of version ${other.version}, and this mock reads version ${readVersion}.`,
      `Use the version of the mock that wrote it. ${startOver}`,
    );
  }
}

function readAccounts({ renewals, accounts, advancedTo }: z.output<typeof stateSchema>): AccountState[] {
  // A world has at least one account; of a state all may have been removed.
  if (accounts.length === 0) return [];
  const world = readWorld({ version: 1, renewals, accounts: accounts.map(({ like: _, ...rest }) => rest) });
  const withKeys = new Set(world.keys.values());
  const issues = world.ids.flatMap((each, index) =>
    withKeys.has(each)
      ? [{ path: `accounts[${index}].apiKey`, message: "must not be here: a state has no API keys" }]
      : [],
  );
  if (issues.length > 0) throw new WorldError(issues);
  return completed(
    world.accounts(advancedTo),
    accounts.map(({ like }) => like),
  );
}

function withProblems(path: string, issues: WorldError["issues"]): StateFileError {
  return refusal(path, `${problemsText(issues, 10)}\n`, `Fix it, or restore a backup. ${startOver}`);
}

function refusal(path: string, what: string, todo: string): StateFileError {
  const space = what.endsWith("\n") ? "" : " ";
  return new StateFileError(`The state file ${path} ${what}${space}It was left as it is. ${todo}`);
}
