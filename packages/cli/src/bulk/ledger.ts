import { type FileHandle, open, stat, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod/v3";
import { usageError } from "../cli-error.js";
import { fileReasons } from "../files.js";
import { beginningRecord } from "./beginning-record.js";
import { chunkRecord } from "./chunk-record.js";
import { headerDifferences, type LedgerHeader, ledgerHeader } from "./ledger-header.js";
import { readLines, sealedLine } from "./ledger-lines.js";

const ledgerRecord = z.union([beginningRecord, chunkRecord]);

/** A line of a ledger, the first one aside: a chunk that is about to be sent, or what became of one. */
export type LedgerRecord = z.infer<typeof ledgerRecord>;

/** A ledger that is written to. */
export interface Ledger {
  /** Writes a line; it is on the disk when this resolves. After one that failed, no other is written. */
  append(record: LedgerRecord): Promise<void>;
  close(): Promise<void>;
}

/** How far a ledger goes. */
export interface LedgerEnd {
  /** Where its last whole line ends, in bytes. */
  readonly size: number;
  /** When that line was written, as an ISO time. */
  readonly at: string;
}

/** What {@link readLedger} needs beside the file. */
interface Expected {
  /** The run that is to go on. */
  readonly header: LedgerHeader;
  /** Takes each record in turn; answers whether it makes sense. */
  readonly take: (record: LedgerRecord) => boolean;
}

/**
 * Makes sure that a file can become a ledger.
 *
 * @throws CliError, a usage error, where there is something in it, or it is no file.
 */
export async function refuseUsed(file: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw unusable(file, error);
  });
  if (found && !found.isFile())
    throw usageError(`${file} is no regular file.`, "Name another one with --ledger.");
  if (found && found.size > 0) {
    throw usageError(
      `There is something in ${file} already.`,
      "To go on with the run that it is the ledger of, give --resume instead of --ledger; for a new run, name another file.",
    );
  }
}

/**
 * Begins a ledger.
 *
 * @throws CliError, a usage error, where it can't be written.
 */
export async function beginLedger(file: string, header: LedgerHeader): Promise<Ledger> {
  try {
    const handle = await open(file, "a", 0o600);
    await write(handle, header);
    await syncFolder(dirname(file));
    return ledgerOf(handle);
  } catch (error) {
    throw unusable(file, error);
  }
}

/**
 * Goes on with a ledger that {@link readLedger} has read.
 *
 * @param size what stands behind it, in bytes, is half a line, and is cut off.
 * @throws CliError, a usage error, where it can't be written.
 */
export async function continueLedger(file: string, size: number): Promise<Ledger> {
  try {
    await truncate(file, size);
    return ledgerOf(await open(file, "a"));
  } catch (error) {
    throw unusable(file, error);
  }
}

/**
 * Reads a ledger. Its last line may be cut, as by a crash: it is left out.
 *
 * @throws CliError, a usage error, where it is damaged before that, or about another run.
 */
export async function readLedger(file: string, { header: expected, take }: Expected): Promise<LedgerEnd> {
  let torn: { number: number; start: number } | undefined;
  let lines = 0;
  let at = "";
  try {
    const found = await stat(file);
    if (!found.isFile()) throw usageError(`${file} is no regular file.`, "Name the ledger with --resume.");
    for await (const { number, start, value } of readLines(file)) {
      if (torn) throw damaged(file, torn.number);
      lines = number;
      if (value === undefined) torn = { number, start };
      else if (number === 1) at = checkHeader(file, { value, expected });
      else {
        const record = ledgerRecord.safeParse(value);
        if (!record.success || !take(record.data)) throw damaged(file, number);
        at = record.data.at;
      }
    }
    if (lines === 0 || torn?.number === 1) throw noHeader(file);
    return { size: torn?.start ?? found.size, at };
  } catch (error) {
    throw unusable(file, error);
  }
}

function checkHeader(file: string, { value, expected }: { value: unknown; expected: LedgerHeader }): string {
  const parsed = ledgerHeader.safeParse(value);
  if (!parsed.success) throw damaged(file, 1);
  const differences = headerDifferences(parsed.data, expected);
  if (differences.length === 0) return parsed.data.at;
  throw usageError(
    `${file} is the ledger of another run: ${differences.join("; ")}.`,
    "Give the same command and input as in that run, or begin a new one with --ledger and another file.",
  );
}

function damaged(file: string, line: number): Error {
  return usageError(
    `${file} is damaged in line ${line}, or is no ledger.`,
    "Restore it from a copy, or begin a new run with --ledger and another file: repeating what was done should do no harm (assumed).",
  );
}

function noHeader(file: string): Error {
  return usageError(
    `${file} has no first line that is whole, so the run that began it sent nothing, or it is no ledger.`,
    "Remove it, and begin the run with --ledger.",
  );
}

function unusable(file: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  if (code === undefined) return error;
  return usageError(
    `The ledger ${file} can't be used: ${fileReasons[code] ?? code}.`,
    "Name a file that can be read and written.",
  );
}

function ledgerOf(handle: FileHandle): Ledger {
  let last = Promise.resolve();
  return {
    append(record) {
      // One after the other, for lines that are written at the same time may end up in one another.
      last = last.then(() => write(handle, record));
      return last;
    },
    close: () => handle.close(),
  };
}

async function write(handle: FileHandle, value: object): Promise<void> {
  await handle.appendFile(sealedLine(value));
  await handle.datasync();
}

/** A file that is new is on the disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // Some systems have no such thing for folders; then there is nothing to be done.
  }
}
