/**
 * The ledger of a run: a file of lines, each JSON with a checksum. It holds the whole plan before the first request is
 * sent, and then what is sent and its outcome. Lines are only ever appended.
 */
import { createReadStream } from "node:fs";
import { access, constants, type FileHandle, open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { listIpAddresses, proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import { CliError, fileReasons, ofTheMachine, usageError } from "../app/errors.js";
import { ledgerStart, statIfThere } from "../app/files.js";
import type { Group, OrderList, Plan } from "../orders/plan.js";
import { savedOptions } from "./saved-options.js";
import { beginRecord, outcomeRecord, undoneRecord, undoRecord } from "./tally.js";

const index = z.number().int().nonnegative();

const header = z.strictObject({
  ledger: z.literal(3),
  at: z.string(),
  version: z.string(),
  command: z.enum(["on", "off", "undo"]),
  host: z.string(),
  /** The mark of the API key, salted with `at`: a resume may have another key. */
  keyMark: z.string(),
  options: savedOptions,
});

export type LedgerHeader = z.infer<typeof header>;

/** An IP address before the run: its ID, whether auto-extend was on, and its rental period. */
const addressBefore = z.tuple([z.string(), z.boolean().nullable(), z.number().nullable()]);
type AddressBefore = z.infer<typeof addressBefore>;

const plannedOrder = z.strictObject({
  /** A line end in it would make two orders of one. */
  id: z.string().regex(/^[^\r\n]+$/),
  before: z.array(addressBefore).optional(),
  only: z.array(z.string()).optional(),
});

export type PlannedOrder = z.infer<typeof plannedOrder>;

const planRecord = z.strictObject({
  group: index,
  proxyType: z.enum(proxyTypes),
  rentPeriodDays: index,
  autoExtend: z.boolean(),
  orders: z.array(plannedOrder),
});

const plannedRecord = z.strictObject({
  planned: index,
  /** Orders of the run that were not sent, and are not in the plan (default: none). */
  notSent: index.optional(),
});

const ledgerLine = z.union([
  header,
  planRecord,
  plannedRecord,
  beginRecord,
  outcomeRecord,
  undoneRecord,
  undoRecord,
]);

export type LedgerLine = z.infer<typeof ledgerLine>;

export type Ledger = Awaited<ReturnType<typeof ledgerOf>>;

/** Makes sure, before anything is sent, that a ledger can be created. @throws CliError, a usage error, if not. */
export async function checkNewLedger(file: string): Promise<void> {
  if (file === "-") throw usageError("--ledger needs a file path; - is not supported.", nameNewFile);
  const found = await statIfThere(file).catch((error: unknown) => {
    throw unusable(file, error);
  });
  if (found) throw alreadyThere(file, found.isFile() && (await isLedger(file)));
  await access(dirname(file), constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw unusable(file, error);
    throw usageError(`The ledger ${file} cannot be created: there is no such folder.`, nameNewFile);
  });
}

export async function createLedger(
  file: string,
  start: Omit<LedgerHeader, "ledger">,
  { plan, list }: { readonly plan: Plan; readonly list: OrderList | null },
): Promise<Ledger> {
  try {
    const handle = await open(file, "ax", 0o600);
    try {
      await handle.appendFile(sealed({ ledger: 3, ...start }));
      for await (const line of planLines(plan, list)) await handle.appendFile(line);
      await handle.datasync();
      await syncFolder(dirname(file));
    } catch (error) {
      await handle.close();
      // Half a plan is of no use, and would keep the same command from being run again.
      await rm(file, { force: true });
      throw error;
    }
    return await ledgerOf(handle, file);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw isThere ? alreadyThere(file, await isLedger(file)) : unusable(file, error);
  }
}

/**
 * Opens a ledger to append to it.
 *
 * @param readSize its size when it was read, if it must not have grown since: another run would continue it.
 * @throws CliError, a usage error, if it cannot be written.
 */
export async function continueLedger(file: string, readSize: number | null = null): Promise<Ledger> {
  try {
    const { size } = await stat(file);
    if (readSize !== null && size !== readSize) throw grown(file, " Nothing was sent.");
    const handle = await open(file, "a+");
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(size - 1, 0));
    // Behind half a line, the next one begins on a line of its own.
    if (buffer.toString() !== "\n") await handle.appendFile("\n");
    return await ledgerOf(handle, file);
  } catch (error) {
    throw unusable(file, error);
  }
}

/** Lines stay far below what is read again. */
const ordersPerLine = 200;
const bytesPerLine = 1024 * 1024;

async function* planLines(
  { groups, unsent }: Plan,
  list: OrderList | null,
): AsyncGenerator<string, void, undefined> {
  let planned = 0;
  for (const [index, group] of groups.entries()) {
    const { proxyType, rentPeriodDays, autoExtend } = group;
    for await (const orders of plannedOrders(group, list)) {
      planned += orders.length;
      yield sealed({ group: index, proxyType, rentPeriodDays, autoExtend, orders });
    }
  }
  yield sealed({ planned, ...(unsent.count > 0 && { notSent: unsent.count }) });
}

async function* plannedOrders(
  { ids, addressesOf }: Group,
  list: OrderList | null,
): AsyncGenerator<PlannedOrder[], void, undefined> {
  let orders: PlannedOrder[] = [];
  let size = 0;
  for await (const orderIds of ids.read()) {
    for (const id of orderIds) {
      const before = list?.byId
        .get(id)
        ?.ipAddresses.map(
          (each) => [each.ipAddressId, each.autoExtend, each.rentPeriodDays] as AddressBefore,
        );
      const only = addressesOf ? [...addressesOf(id)] : undefined;
      orders.push({ id, ...(before && { before }), ...(only && { only }) });
      size += id.length + 40 * (before?.length ?? 0);
      if (orders.length < ordersPerLine && size < bytesPerLine) continue;
      yield orders;
      [orders, size] = [[], 0];
    }
  }
  if (orders.length > 0) yield orders;
}

async function ledgerOf(handle: FileHandle, file: string) {
  let last = Promise.resolve();
  let { size } = await handle.stat();
  const write = async (line: LedgerLine) => {
    // Of two runs that began together, one stops here, before it sends more.
    if ("begun" in line && (await handle.stat()).size !== size) throw grown(file);
    const text = sealed(line);
    await handle.appendFile(text);
    size += Buffer.byteLength(text);
    await handle.datasync();
  };
  return {
    /** Writes a line; it is on the disk when this resolves. */
    append(line: LedgerLine): Promise<void> {
      // One after the other: lines that are written at the same time may end up in one another.
      last = last.then(() => write(line));
      return last;
    },
    close: () => handle.close(),
  };
}

/** JSON with a checksum of the rest in it, so that a line that was cut is recognized. */
export function sealed(value: LedgerLine | object): string {
  const text = JSON.stringify(value);
  return `${text.slice(0, -1)},"crc32":"${checksum(text)}"}\n`;
}

interface FoundLine {
  readonly number: number;
  readonly value: LedgerLine | null;
}

/** Reads the lines of a ledger. @throws CliError, a usage error, if it cannot be read or is another file. */
export async function* readLedger(file: string): AsyncGenerator<FoundLine, void, undefined> {
  if (file === "-")
    throw usageError("A ledger needs a file path; - is not supported.", "Name the ledger of a run.");
  try {
    const found = await stat(file);
    if (!found.isFile()) throw usageError(`${file} is not a regular file.`, "Name the ledger of a run.");
    for await (const { number, text, isWhole } of readLines(file)) {
      // A resumed run ends half a line of the run before it.
      if (text === "") continue;
      const value = opened(text, { file, number });
      // Half a line at the end says nothing that the lines before it do not: its chunk was not sent, or was begun.
      if (value !== null || isWhole) yield { number, value };
    }
  } catch (error) {
    throw unusable(file, error);
  }
}

/** An order with all IP addresses of the longest list is a shorter line; another file may have no line end at all. */
const maxLineBytes = listIpAddresses.answerLimit ?? 0;

async function* readLines(file: string) {
  let pieces: Buffer[] = [];
  let size = 0;
  let number = 1;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let begin = 0;
    for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", begin)) {
      pieces.push(chunk.subarray(begin, end));
      yield { number, text: Buffer.concat(pieces).toString(), isWhole: true };
      [pieces, size] = [[], 0];
      number++;
      begin = end + 1;
    }
    pieces.push(chunk.subarray(begin));
    size += chunk.length - begin;
    if (size > maxLineBytes) throw badLedger(file, number);
  }
  if (size > 0) yield { number, text: Buffer.concat(pieces).toString(), isWhole: false };
}

function opened(line: string, { file, number }: { file: string; number: number }): LedgerLine | null {
  const match = /^(?<text>\{.*),"crc32":"(?<sum>[0-9a-f]{8})"\}$/s.exec(line);
  const text = `${match?.groups?.text}}`;
  if (match === null || checksum(text) !== match.groups?.sum) return null;
  const parsed = ledgerLine.safeParse(JSON.parse(text));
  if (!parsed.success) throw badLedger(file, number);
  return parsed.data;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}

/** A file that is new is on the disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // Some systems cannot do that for folders.
  }
}

const nameNewFile = "Name a new file with --ledger.";

function alreadyThere(file: string, isLedger: boolean): CliError {
  const orResume = isLedger ? ` To continue the run of that ledger, use --resume ${file}.` : "";
  return usageError(`${file} exists already.`, nameNewFile + orResume);
}

async function isLedger(file: string): Promise<boolean> {
  const handle = await open(file, "r").catch(() => null);
  const found = await handle?.read(Buffer.alloc(ledgerStart.length)).finally(() => handle.close());
  return found?.buffer.toString() === ledgerStart;
}

export const grownText = "another run or an undo has written to it";

function grown(file: string, consequence = ""): CliError {
  return usageError(
    `${file} has changed since this run read it: ${grownText}.${consequence}`,
    "Let that one end, and look at your orders (auto-extend orders) before you continue.",
  );
}

/** @param line the damaged one (default: the end, since a ledger has its whole plan before anything is sent). */
export function badLedger(file: string, line?: number): CliError {
  if (line === 1) {
    return usageError(
      `${file} is not a ledger of this version of auto-extend, or its first line is damaged.`,
      "Name the ledger of a run.",
    );
  }
  return usageError(
    `The ledger ${file} is damaged ${line === undefined ? "at its end" : `in line ${line}`}, or from another version of auto-extend.`,
    "Restore it from a copy. Without one, see auto-extend orders, and switch what is to change with on or off.",
  );
}

function unusable(file: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  if (error instanceof CliError || code === undefined) return error;
  const reason = `The ledger ${file} cannot be used: ${fileReasons[code] ?? code}.`;
  if (!ofTheMachine.has(code)) return usageError(reason, "Name a file that can be read and written.");
  return new CliError("EnvironmentError", `${reason} Nothing was sent.`, {
    whatToDo: "Solve that, or name a file elsewhere. Then run the same command again.",
  });
}
