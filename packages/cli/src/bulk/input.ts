import { createHash } from "node:crypto";
import { CliError, usageError } from "../cli-error.js";
import type { Context } from "../context.js";
import { nameOfFile } from "../files.js";
import { checkOrderId } from "../order-ids.js";
import type { Entry } from "./columns.js";
import { readEntries } from "./entries.js";
import { createGroups, type OrderKind, type Wanted } from "./groups.js";

/** Where orders come from; both are joined, those of the file last. */
export interface InputSources extends Wanted {
  /** Order ids typed as arguments. */
  readonly orderIds: readonly string[];
  /** One order id a line, or CSV; `-` is stdin. */
  readonly file: string;
}

/** The orders of one group, read and checked. */
export interface InputGroup extends OrderKind {
  /** How many order ids, repeated ones included. */
  readonly count: number;
  /** Its order ids in their order, some at a time; as often as wanted. */
  ids(): AsyncGenerator<readonly string[], void, undefined>;
}

/** The orders of a run, none where the file has headings and nothing else: a copy, so that what was checked and confirmed is what is sent, whatever becomes of the file. */
export interface Input {
  readonly groups: readonly InputGroup[];
  /** How many order ids, repeated ones included. */
  readonly given: number;
  /** Is the same for the same groups with the same order ids in the same order, however they were written. */
  readonly digest: string;
  /** The size of the longest order id in a request, in bytes. */
  readonly longestId: number;
  close(): Promise<void>;
}

/** How many order ids are read before the memory that they take is looked at. */
const mostUnrelieved = 1000;

/**
 * Reads all orders once and checks each, so that a wrong line is refused before anything is sent. They are kept outside
 * of memory where they are many.
 *
 * @throws CliError, a usage error, at the first thing that is wrong.
 */
export async function readInput(context: Context, sources: InputSources): Promise<Input> {
  const groups = createGroups(sources);
  const name = nameOfFile(sources.file);
  let longestId = 0;
  let read = 0;
  let isHeaded = false;
  const onHeadings = () => {
    isHeaded = true;
  };
  try {
    for (const id of sources.orderIds) {
      const orderId = id.trim();
      checkOrderId(orderId);
      add({ orderId, type: "", days: "" }, () => `The order id "${orderId}"`);
    }
    for await (const entry of readEntries(sources.file, { context, onHeadings })) {
      const where = () => `Line ${entry.line} of ${name}`;
      checkPlacedId(entry.orderId, where);
      add(entry, where);
      if (++read % mostUnrelieved === 0) await relieve();
    }
    // Without so much as headings, whatever was to write it may have failed.
    if (groups.all.length === 0 && !isHeaded) {
      throw usageError(`There is no order id in ${name}.`, "Give order ids as arguments, or in the file.");
    }
  } catch (error) {
    await close();
    throw error;
  }

  function add(entry: Entry, where: () => string): void {
    const { orderId } = entry;
    if (context.redact(orderId) !== orderId) throw holdsSecret(where());
    const group = groups.of(entry, where);
    group.spool.add(orderId);
    group.hash.update(`${orderId}\n`);
    group.count++;
    longestId = Math.max(longestId, Buffer.byteLength(JSON.stringify(orderId)));
  }

  async function relieve(): Promise<void> {
    await Promise.all(groups.all.map(({ spool }) => spool.relieve()));
  }

  async function close(): Promise<void> {
    await Promise.all(groups.all.map(({ spool }) => spool.close()));
  }

  const done = groups.all.map(({ proxyType, rentPeriodDays, count, hash, spool }) => ({
    ...{ proxyType, rentPeriodDays, count },
    digest: hash.digest("hex"),
    ids: () => spool.read(),
  }));
  return {
    groups: done,
    given: done.reduce((sum, { count }) => sum + count, 0),
    digest: createHash("sha256").update(JSON.stringify(done)).digest("hex"),
    longestId,
    close,
  };
}

function checkPlacedId(orderId: string, where: () => string): void {
  try {
    checkOrderId(orderId);
  } catch (error) {
    throw error instanceof CliError ? usageError(`${where()}: ${error.message}`, error.whatToDo) : error;
  }
}

function holdsSecret(where: string): Error {
  return usageError(
    `${where} holds the API key or another secret, which is no order id.`,
    "Check whether it is the right file; its content is not shown.",
  );
}
