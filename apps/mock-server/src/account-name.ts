import { formatIssues, issuesOf } from "@auto-extend/core";
import { z } from "zod/v3";
import { schemaMessages } from "./engine/schema-messages.js";

/** Names one account, by its id or by its API key. */
export type AccountName = { account: string } | { apiKey: string };

/** Names faults that wait: one by its id, or those for the requests of one account alone. */
export type FaultName = { id: string } | AccountName;

/**
 * Reads which account is meant.
 *
 * @throws RangeError where nobody can tell.
 */
export function readAccountName(value: unknown): AccountName {
  const { account, apiKey } = readName(accountName, value, `Name an account: ${examples}.`);
  return account === undefined ? { apiKey: `${apiKey}` } : { account };
}

/**
 * Reads which faults are meant.
 *
 * @throws RangeError where nobody can tell.
 */
export function readFaultName(value: unknown): FaultName {
  const todo = `Name a fault, { id: "fault-1" }, or those of an account: ${examples}.`;
  const { id, ...rest } = readName(faultName, value, todo);
  return id === undefined ? readAccountName(rest) : { id };
}

const examples = '{ account: "default" } or { apiKey: "any-key" }';
const text = z.string().optional();
const accountName = z.object({ account: text, apiKey: text }).strict();
const faultName = accountName.extend({ id: text }).strict();

/** A name that is misspelled, or was not there, must not stand for everybody. */
function readName<Schema extends typeof accountName | typeof faultName>(
  schema: Schema,
  value: unknown,
  todo: string,
): z.output<Schema> {
  const { error, data = {} } = schema.safeParse(value, { errorMap: schemaMessages });
  if (error) throw new RangeError(`What is named can't be read: ${formatIssues(issuesOf(error))}. ${todo}`);
  const given = Object.values(data).filter((each) => each !== undefined);
  if (given.length === 1) return data;
  throw new RangeError(
    `What is named can't be read: it has ${given.length} names, and is to have one. ${todo}`,
  );
}
