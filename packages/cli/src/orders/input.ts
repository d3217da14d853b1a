/** The orders that a command is about, typed or from a file, all read and checked before anything is sent. */
import { randomUUID } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProxyType, isOrderNumber, type ProxyType, requestBodyLimit } from "@auto-extend/core";
import { isRentalPeriod, parseDays, unknownType } from "../app/command.js";
import type { Context } from "../app/context.js";
import { type CliError, emptyValue, usageError } from "../app/errors.js";
import { nameOfFile } from "../app/files.js";
import { cleanShort, numberText, pluralize } from "../app/format.js";
import type { FileEntry, RefuseRow } from "./headings.js";

export interface InputSources {
  readonly orderIds: readonly string[];
  /** Order IDs, one a line, or CSV; `-` is stdin. */
  readonly file: string | undefined;
  readonly type: ProxyType | undefined;
  readonly days: number | undefined;
}

/** Orders for which the same type and rental period were given, or none. */
export interface Batch {
  /** `null`: to be looked up. */
  readonly proxyType: ProxyType | null;
  /** `null`: to be looked up. */
  readonly rentPeriodDays: number | null;
  readonly ids: Spool;
}

/**
 * The orders of a run, without duplicates; none if the file has headings and nothing else. It is a copy: what was checked
 * and confirmed is sent, even if the file changes meanwhile.
 */
export interface Input {
  readonly batches: readonly Batch[];
  readonly given: number;
  readonly duplicates: number;
  readonly longestId: number;
  close(): Promise<void>;
}

const flushEvery = 1000;

export async function readInput(context: Context, sources: InputSources): Promise<Input> {
  const batches = createBatches(sources);
  let given = 0;
  let duplicates = 0;
  let longestId = 0;
  let isHeaded = false;
  const close = async () => {
    await Promise.all(batches.all.map(({ ids }) => ids.close()));
  };

  function add(orderId: string, batch: OpenBatch): void {
    given++;
    if (!batch.known.add(orderId)) {
      duplicates++;
      return;
    }
    batch.ids.add(orderId);
    longestId = Math.max(longestId, Buffer.byteLength(JSON.stringify(orderId)));
  }

  try {
    for (const typed of sources.orderIds) {
      const orderId = typed.trim();
      checkTypedId(context, orderId);
      add(orderId, batches.ofOptions());
    }
    if (sources.file !== undefined) await readFile(sources.file);
    if (given === 0 && !isHeaded) throw noOrders(sources.file);
  } catch (error) {
    await close();
    throw error;
  }

  async function readFile(file: string): Promise<void> {
    const { readOrderFile, RowProblems } = await import("./order-file.js");
    const problems = new RowProblems();
    const rows = { file, refuseRow: problems.add };
    const onHeadings = () => {
      isHeaded = true;
    };
    let unflushed = 0;
    for await (const entries of readOrderFile(file, { context, onHeadings, given: sources, problems })) {
      for (const entry of entries) {
        addRow(entry, rows);
        unflushed++;
      }
      if (unflushed < flushEvery) continue;
      unflushed = 0;
      await Promise.all(batches.all.map(({ ids }) => ids.flush()));
    }
  }

  function addRow(entry: FileEntry, { file, refuseRow }: { file: string; refuseRow: RefuseRow }): void {
    const { orderId, type, days, line } = entry;
    const text = `${orderId}\n${type}\n${days}`;
    if (context.redact(text) !== text) {
      throw usageError(
        `Line ${line} of ${nameOfFile(file)} contains the API key or another secret, where an order is expected.`,
        "Check whether it is the right file; its content is not shown.",
      );
    }
    const problem = problemOf(orderId);
    if (problem) refuseRow(line, ...problem);
    const batch = batches.ofRow(entry, refuseRow);
    if (problem || !batch) return;
    if (batches.all.some((each) => each !== batch && each.known.has(orderId))) {
      refuseRow(line, ...givenDifferently(orderId, sources.orderIds.includes(orderId)));
    } else {
      add(orderId, batch);
    }
  }

  if (given === 0) context.note(`There is no order ID in ${nameOfFile(sources.file ?? "")}: nothing to do.`);
  for (const note of batches.overruled(sources.file)) context.note(note);
  if (duplicates > 0) {
    context.note(`Dropped ${pluralize(duplicates, "duplicate order ID", "duplicate order IDs")}.`);
  }
  return { batches: batches.all, given, duplicates, longestId, close };
}

interface OpenBatch extends Batch {
  readonly known: IdSet;
}

/** More kinds of orders than there can be; a column of something else has as many. */
const maxBatches = 100;

function createBatches({ type, days }: Pick<InputSources, "type" | "days">) {
  const batches = new Map<string, OpenBatch>();
  // Texts that were read before need no second look.
  const asWritten = new Map<string, OpenBatch>();
  const overruled = { type: 0, days: 0 };

  function batchOf(proxyType: ProxyType | null, rentPeriodDays: number | null): OpenBatch {
    const key = `${proxyType} ${rentPeriodDays}`;
    const batch = batches.get(key) ?? { proxyType, rentPeriodDays, ids: new Spool(), known: new IdSet() };
    batches.set(key, batch);
    if (batches.size <= maxBatches) return batch;
    throw usageError(
      `There are more than ${maxBatches} kinds of orders, by type and rental period.`,
      "Check whether the columns named type and days hold types and days.",
    );
  }

  function batchAsWritten(row: FileEntry, refuseRow: RefuseRow): OpenBatch | null {
    const proxyType = row.type === "" ? (type ?? null) : findProxyType(row.type);
    const rentPeriodDays = row.days === "" ? (days ?? null) : parseDays(row.days);
    const another = (column: string) =>
      `If the column named ${column} means something else, give it another heading.`;
    if (proxyType === undefined) {
      refuseRow(row.line, unknownType(row.type), `Correct it. ${another("type")}`);
    }
    if (rentPeriodDays === undefined) {
      refuseRow(
        row.line,
        `the rental period "${cleanShort(row.days)}" is not a whole number of days.`,
        `Correct it, such as 30. ${another("days")}`,
      );
    }
    return proxyType === undefined || rentPeriodDays === undefined
      ? null
      : batchOf(proxyType, rentPeriodDays);
  }

  return {
    get all() {
      return [...batches.values()];
    },
    ofOptions: () => batchOf(type ?? null, days ?? null),
    /** @returns `null` if the type or the period of the row is refused. */
    ofRow(row: FileEntry, refuseRow: RefuseRow): OpenBatch | null {
      const key = `${row.type}\n${row.days}`;
      const batch = asWritten.get(key) ?? batchAsWritten(row, refuseRow);
      if (batch === null) return null;
      asWritten.set(key, batch);
      if (type !== undefined && batch.proxyType !== type) overruled.type++;
      if (days !== undefined && batch.rentPeriodDays !== days) overruled.days++;
      return batch;
    },
    overruled(file = ""): string[] {
      const sentence = (rows: number, what: string, option: string | number | undefined) =>
        `${pluralize(rows, "row has", "rows have")} another ${what} in ${nameOfFile(file)}, which wins over the option (${option}).`;
      return [
        ...(overruled.type > 0 ? [sentence(overruled.type, "type", type)] : []),
        ...(overruled.days > 0 ? [sentence(overruled.days, "rental period", days)] : []),
      ];
    },
  };
}

const changedBySpreadsheet = /^\d+(?:[.,]\d+)?E\+\d+$|^\d+[.,]\d+E\d+$|^\d+[.,]0+$/i;

/** A path, the end of a file name, or stdin; or several IDs. A file of order IDs may have such texts. */
const unlikely = [
  [/\/|^[a-z]:\\|\.[a-z][a-z\d]{1,4}$|^-$|^[@~]/i, "looks like the name of a file"],
  [/[;|]/, "looks like several order IDs"],
] as const;

/** @throws CliError, a usage error, if a typed text is plainly something else than an order ID. */
export function checkTypedId({ redact }: Context, id: string): void {
  if (id === "") throw emptyValue("An order ID");
  if (redact(id) !== id) {
    throw usageError(
      "What is typed as an order ID contains the API key or another secret.",
      "Remove it. It is in the history of your shell now: if it is real, replace it.",
    );
  }
  const problem = problemOf(id, "Separate order IDs by spaces, without quotes around several.");
  if (problem) throw usageError(...problem);
  const [meant, option] = findProxyType(id)
    ? ["a proxy type", "--type"]
    : isRentalPeriod(id)
      ? ["a rental period", "--days"]
      : [];
  if (meant !== undefined) {
    throw usageError(`"${id}" looks like ${meant}, and not like an order ID.`, `Use ${option} ${id}.`);
  }
  const [, looks] = unlikely.find(([pattern]) => pattern.test(id)) ?? [];
  if (looks === undefined) return;
  throw usageError(
    `"${cleanShort(id)}" ${looks}, and not like an order ID.`,
    "Read order IDs from a file with --file FILE, where - is stdin; on the command line, separate them by spaces.",
  );
}

const foreignParts = [
  [/,/, "a comma"],
  [/\s/, "a blank"],
  [/[\p{Cc}\p{Cf}]/u, "an invisible character"],
  [/^[{[<]/, "JSON or HTML"],
  [/^'\d|^="/, "a sign of a spreadsheet"],
] as const;

function problemOf(
  id: string,
  howToList = "List one order ID a line, as orders --ids prints them.",
): [problem: string, whatToDo: string] | undefined {
  if (id === "") return ["An order ID is empty.", "Remove it, or fill it in."];
  if (/[\r\n]/.test(id)) {
    return [
      `"${cleanShort(id.slice(0, id.search(/[\r\n]/)))}" continues on another line, which order IDs do not.`,
      "Look for a missing quote, or one too many, before it.",
    ];
  }
  if (changedBySpreadsheet.test(id)) {
    return [
      `"${id}" is an order ID that a spreadsheet has changed into a number.`,
      "Get the file again, and format the column as text when you open it.",
    ];
  }
  const [, found] = foreignParts.find(([pattern]) => pattern.test(id)) ?? [];
  if (found !== undefined) {
    return [`"${cleanShort(id)}" contains ${found}, which order IDs do not.`, howToList];
  }
  if (!isOrderNumber(id)) return undefined;
  return [
    `${id} is an order number, which buying an order returns; an order ID is required.`,
    "Look the order ID up with auto-extend orders.",
  ];
}

function givenDifferently(orderId: string, isTyped: boolean): [problem: string, whatToDo: string] {
  const again = isTyped ? "is on the command line as well" : "is given a second time";
  return [
    `order ${cleanShort(orderId)} ${again}, and its type or rental period is not the same there.`,
    "Remove one of the two. (An empty type or period counts as different.)",
  ];
}

function noOrders(file: string | undefined): CliError {
  return file === undefined
    ? usageError("There is no order ID.", "Type order IDs, or name a file of them with --file FILE.")
    : usageError(
        `There is no order ID in ${nameOfFile(file)}.`,
        file === "-"
          ? "Perhaps the command before the pipe failed, or printed nothing."
          : "List the order IDs in it, one a line.",
      );
}

export function isGiven({ batches }: Input): boolean {
  return batches.every(({ proxyType, rentPeriodDays }) => proxyType !== null && rentPeriodDays !== null);
}

/** Everything in a request besides the order IDs, generously. */
const bytesAround = 200;

/** Makes sure that every chunk fits into a request. @throws CliError, a usage error, if one may not. */
export function checkChunks({ batches, longestId }: Input, chunkSize: number): void {
  const total = batches.reduce((sum, batch) => sum + batch.ids.count, 0);
  const count = Math.min(chunkSize, total);
  if (count * (longestId + 1) + bytesAround <= requestBodyLimit) return;
  const most = Math.max(Math.floor((requestBodyLimit - bytesAround) / (longestId + 1)), 1);
  throw usageError(
    `${numberText(count)} order IDs in a chunk can make a request of more than ${requestBodyLimit / 1024 ** 2} MiB, which would be refused: the longest has ${numberText(longestId)} bytes.`,
    `Use --chunk-size ${most}, or look for an order ID that is wrong.`,
  );
}

const maxInMemory = 256 * 1024;
const pieceSize = 64 * 1024;

/** Lines that can be read repeatedly: a few in memory, many in a file that nobody else sees. */
export class Spool {
  #file: FileHandle | undefined;
  #written = 0;
  #held: string[] = [];
  #heldSize = 0;
  count = 0;

  add(line: string): void {
    this.#held.push(line);
    this.#heldSize += line.length + 1;
    this.count++;
  }

  /** Moves lines to the file if there are many in memory. To be awaited now and then. */
  async flush(): Promise<void> {
    if (this.#heldSize < maxInMemory) return;
    this.#file ??= await namelessFile();
    const bytes = Buffer.from(`${this.#held.join("\n")}\n`);
    [this.#held, this.#heldSize] = [[], 0];
    await this.#file.appendFile(bytes);
    this.#written += bytes.length;
  }

  async *read(): AsyncGenerator<readonly string[], void, undefined> {
    if (this.#file) yield* linesOf(this.#file, this.#written);
    if (this.#held.length > 0) yield this.#held;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}

/** A file without a name, so that it is gone with the process, however that ends. */
async function namelessFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `auto-extend-${randomUUID()}`);
  const file = await open(path, "wx+", 0o600);
  await rm(path);
  return file;
}

async function* linesOf(file: FileHandle, size: number): AsyncGenerator<string[], void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for (let position = 0; position < size; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(pieceSize), 0, pieceSize, position);
    position += bytesRead;
    const piece = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const end = piece.lastIndexOf("\n");
    rest = piece.subarray(end + 1);
    if (end >= 0) yield piece.toString("utf8", 0, end).split("\n");
  }
}

/** A set of order IDs. Plain numbers, the usual case, take 16 bytes each at most. */
class IdSet {
  #table = new Float64Array(1024).fill(-1);
  #size = 0;
  readonly #others = new Set<string>();

  has(id: string): boolean {
    const number = plainNumber(id);
    return number === null ? this.#others.has(id) : this.#table[this.#slotOf(number)] === number;
  }

  add(id: string): boolean {
    if (this.has(id)) return false;
    const number = plainNumber(id);
    if (number === null) this.#others.add(id);
    else {
      if (2 * (this.#size + 1) > this.#table.length) this.#grow();
      this.#table[this.#slotOf(number)] = number;
      this.#size++;
    }
    return true;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Float64Array(2 * old.length).fill(-1);
    for (const number of old) if (number !== -1) this.#table[this.#slotOf(number)] = number;
  }

  #slotOf(number: number): number {
    const mask = this.#table.length - 1;
    const low = number % 0x1_0000_0000;
    const high = (number - low) / 0x1_0000_0000;
    let slot = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    while (this.#table[slot] !== -1 && this.#table[slot] !== number) slot = (slot + 1) & mask;
    return slot;
  }
}

function plainNumber(id: string): number | null {
  return id.length <= 15 && /^(0|[1-9]\d*)$/.test(id) ? Number(id) : null;
}
