/** Reads order IDs from a file: one a line, or CSV with a heading row. */
import { finished } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import type { Context } from "../app/context.js";
import { usageError } from "../app/errors.js";
import { ledgerStart, nameOfFile, streamText } from "../app/files.js";
import { clean, cleanShort, numberText, originalCell } from "../app/format.js";
import {
  type Meaning,
  meanings,
  means,
  type Row,
  refuseLikely,
  refuseUnknownHeading,
  type Suspect,
  suspectIn,
  UnnamedColumns,
  unknownHeading,
} from "./headings.js";

export interface FileEntry {
  readonly orderId: string;
  /** The proxy type as it is written; empty if the row has none. */
  readonly type: string;
  /** The rental period as it is written; empty if the row has none. */
  readonly days: string;
  readonly line: number;
}

/** Lists of orders are much smaller; an endless pipe is not. */
const maxBytes = 1024 ** 3;
/** Rows of IDs are much shorter; a file that is not text has no lines. */
const maxRowBytes = 1024 * 1024;

/** Reads the orders of a file, or of stdin for `-`, some at a time. */
export async function* readOrderFile(
  file: string,
  options: ReaderOptions,
): AsyncGenerator<readonly FileEntry[], void, undefined> {
  const { context } = options;
  const reader = new RowReader(nameOfFile(file), options);
  for await (const rows of readRows(file, context)) {
    const entries = rows.flatMap((row) => reader.read(row) ?? []);
    if (entries.length > 0) yield entries;
  }
  reader.end();
}

interface ReaderOptions {
  readonly context: Context;
  readonly onHeadings: () => void;
  /** The type and the period of rows that have none. */
  readonly given: { readonly type: unknown; readonly days: unknown };
}

class RowReader {
  readonly #name: string;
  readonly #options: ReaderOptions;
  #columns: Columns | null = null;
  /** Without headings, whether the first row may be one: no row below has its form or its first word. */
  #suspect: Suspect | null = null;
  #unnamed: UnnamedColumns | null = null;

  constructor(name: string, options: ReaderOptions) {
    this.#name = name;
    this.#options = options;
  }

  read(row: Row): FileEntry | null {
    if (isComment(row, this.#columns)) return null;
    if (this.#columns === null) {
      this.#columns = this.#begin(row);
      if (this.#columns.isHeaded) return null;
    } else this.#suspect?.compare(row);
    this.#unnamed?.compare(row);
    return this.#columns.read(row);
  }

  #begin(row: Row): Columns {
    const columns = columnsOf(row, this.#name);
    if (columns.ignored.length > 0) {
      const names = cleanShort(columns.ignored.join(", "), 100);
      this.#options.context.note(`Columns of ${this.#name} that are not used: ${names}.`);
    }
    if (columns.isHeaded) {
      const { onHeadings, given } = this.#options;
      onHeadings();
      const isNeeded = (what: "type" | "days") =>
        given[what] === undefined && !row.cells.some((cell) => means(cell, what));
      this.#unnamed = new UnnamedColumns(row.cells, (["type", "days"] as const).filter(isNeeded));
    } else this.#suspect = suspectIn(row);
    return columns;
  }

  end(): void {
    this.#unnamed?.refuse(this.#name);
    if (this.#suspect?.isHeading()) throw unknownHeading(this.#suspect.row, this.#name);
  }
}

/** The errors that a spreadsheet writes into cells, in place of a value. */
const spreadsheetError = /^"?#(?:NAME\?|N\/A|(?:REF|VALUE|DIV\/0|NUM|NULL)!)/im;

/** Under several headings, a row whose first cell begins with `#` is an order, unless it has no other cell. */
function isComment({ cells }: Row, columns: Columns | null): boolean {
  const [cell = ""] = cells;
  if (!cell.startsWith("#") || (columns && !columns.isHeaded)) return false;
  if (columns?.isHeaded) return cells.length === 1;
  return !cells.some((each) => means(each, "orderId"));
}

/** One order ID a line is CSV with one column, so there is one way to read both. */
async function* readRows(file: string, context: Context): AsyncGenerator<readonly Row[], void, undefined> {
  const rows: Row[] = [];
  let lastLine = 0;
  const taken = () => rows.splice(0);
  try {
    let parser: ReturnType<typeof parse> | undefined;
    let over: Promise<void> | undefined;
    for await (const { text, delimiter, hasColumns } of withDelimiter(streamText(file, context, maxBytes))) {
      refuseContent(text, nameOfFile(file));
      parser ??= parse({
        // In a table, the first cell of an order may begin with it.
        comment: hasColumns ? null : "#",
        comment_no_infix: true,
        delimiter,
        max_record_size: maxRowBytes,
        record_delimiter: ["\r\n", "\n", "\r"],
        relax_column_count: true,
        // A comment may have quotes.
        relax_quotes: true,
        skip_empty_lines: true,
        skip_records_with_empty_values: true,
        trim: true,
        // Handed over here rather than by the stream, which takes a turn of the event loop for each row.
        on_record(cells: string[], { lines }) {
          rows.push({ cells, line: lines });
          lastLine = lines;
          return null;
        },
      });
      if (!over) {
        over = finished(parser.resume());
        over.catch(() => {}); // The write that failed reports it.
      }
      await written(parser, text);
      yield taken();
    }
    parser?.end();
    await over;
    yield taken();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const problem = csvProblem(error, { name: nameOfFile(file), lastLine });
    throw usageError(`${problem}.`, "Check its quotes, or list one order ID a line.");
  }
}

function refuseContent(text: string, name: string): void {
  if (text.startsWith(ledgerStart)) {
    throw usageError(
      `${name} is the ledger of a run.`,
      "Continue that run with --resume, or take it back with auto-extend undo.",
    );
  }
  if (spreadsheetError.test(text)) {
    throw usageError(
      `${name} has an error of a spreadsheet, such as #NAME?, in place of an order ID.`,
      "Correct the cell, or remove the line.",
    );
  }
}

function csvProblem(error: CsvError, { name, lastLine }: { name: string; lastLine: number }): string {
  const { lines } = error as CsvError & { readonly lines?: number };
  if (error.code === "CSV_QUOTE_NOT_CLOSED") {
    // The parser only knows where the file ends.
    return `${name} has a quote that is never closed, ${lastLine === 0 ? "in its first row" : `below line ${lastLine}`}`;
  }
  const where = lines === undefined ? name : `Line ${lines} of ${name}`;
  return `${where} ${csvProblems[error.code] ?? `is not valid CSV: ${clean(error.message)}`}`;
}

const csvProblems: Readonly<Partial<Record<CsvError["code"], string>>> = {
  CSV_INVALID_CLOSING_QUOTE: "has text behind a closing quote",
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: "has text behind a closing quote",
  CSV_MAX_RECORD_SIZE: "is too long for a row of order IDs",
};

function written(parser: ReturnType<typeof parse>, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

const delimiters = [",", ";", "\t"];

/**
 * Finds out how a file separates its columns, by its first row: spreadsheets write `;` in many countries, and do not quote
 * commas in a text then.
 */
async function* withDelimiter(
  pieces: AsyncIterable<string>,
): AsyncGenerator<{ text: string } & Layout, void, undefined> {
  let start = "";
  let layout: Layout | undefined;
  for await (const piece of pieces) {
    if (layout) {
      yield { text: piece, ...layout };
      continue;
    }
    start += piece;
    const first = firstRow(start);
    if (first === undefined && start.length < maxRowBytes) continue;
    layout = layoutOf(first ?? "");
    yield { text: withoutSeparatorLine(start), ...layout };
  }
  if (!layout) yield { text: withoutSeparatorLine(start), ...layoutOf(firstRow(`${start}\n`) ?? "") };
}

/** `sep=;` in a first line names the separator for Excel. Empty, it still counts as a line. */
function withoutSeparatorLine(text: string): string {
  return text.replace(separatorLine, "");
}

const separatorLine = /^"?sep=.?"?(?=\r|\n|$)/i;

function firstRow(text: string): string | undefined {
  const lines = withoutSeparatorLine(text).split(/\r\n|\n|\r/);
  return lines.slice(0, -1).find((line) => line.trim() !== "" && !/^\s*"?#(?!"?\s*[,;\t])/.test(line));
}

interface Layout {
  readonly delimiter: string | string[];
  readonly hasColumns: boolean;
}

function layoutOf(row: string): Layout {
  const delimiter = delimiterOf(row);
  if (typeof delimiter !== "string") return { delimiter, hasColumns: false };
  const cells = row.split(delimiter).map((cell) => cell.trim().replaceAll('"', ""));
  return { delimiter, hasColumns: cells.some((cell) => means(cell, "orderId")) };
}

function delimiterOf(row: string): string | string[] {
  const plain = row.replace(/"[^"]*"/g, "");
  const counts = delimiters.map((delimiter) => plain.split(delimiter).length - 1);
  const most = Math.max(...counts);
  return most === 0 ? delimiters : (delimiters[counts.indexOf(most)] as string);
}

interface Columns {
  /** Whether the first row has the headings, and names no order. */
  readonly isHeaded: boolean;
  /** The headings that mean nothing here, except in files of our own. */
  readonly ignored: readonly string[];
  read(row: Row): FileEntry;
}

/** Files with all of these were written by `--failures` or `orders --csv`, which make formulas harmless. */
const ours = [
  ["outcome", "code", "message"],
  ["addresses", "country", "endsAt", "autoExtend"],
];

function columnsOf(row: Row, name: string): Columns {
  const { cells: first } = row;
  const isHeaded = first.some((cell) => means(cell, "orderId"));
  if (!isHeaded) refuseUnknownHeading(row, name);
  if (first.includes("notRestored")) {
    throw usageError(
      `${name} is the list of what an undo did not restore: on or off would switch whole orders, in one direction.`,
      "Run the same undo again: it restores what is left.",
    );
  }
  const columns = {
    orderId: isHeaded ? columnOf("orderId") : 0,
    type: isHeaded ? columnOf("type") : -1,
    days: isHeaded ? columnOf("days") : -1,
  };
  const width = isHeaded ? first.length : 1;
  const isOurs = ours.some((names) => names.every((name) => first.includes(name)));
  const original = isOurs ? originalCell : (cell: string) => cell;

  function columnOf(what: Meaning): number {
    const found = first.filter((cell) => means(cell, what));
    if (found.length <= 1) return first.findIndex((cell) => means(cell, what));
    throw usageError(
      `The headings ${found.join(" and ")} of ${name} mean the same.`,
      "Remove one of the columns, or give it another heading.",
    );
  }

  function read(row: Row): FileEntry {
    const { cells, line } = row;
    if (cells.length > width) throw tooWide(row, { isHeaded, width, name });
    const orderId = cells[columns.orderId];
    if (!orderId) {
      throw usageError(`Line ${line} of ${name} has no order ID.`, "Fill it in, or remove the line.");
    }
    const [type = "", days = ""] = [cells[columns.type], cells[columns.days]];
    return { orderId: original(orderId), type, days, line };
  }

  const isUnused = (cell: string) => cell !== "" && !meanings.some((what) => means(cell, what));
  const ignored = isHeaded && !isOurs ? first.filter(isUnused) : [];
  refuseLikely(ignored, { columns, name });
  return { isHeaded, ignored, read };
}

/** An ID in a cell that is not read would be missed by nobody. */
function tooWide(
  { cells, line }: Row,
  { isHeaded, width, name }: { isHeaded: boolean; width: number; name: string },
): Error {
  const found = `Line ${line} of ${name} has ${numberText(cells.length)} columns (${cleanShort(cells.join(", "), 100)})`;
  return isHeaded
    ? usageError(`${found}, and its headings name ${width}.`, "Separate the columns as in the headings.")
    : usageError(
        `${found}, and no heading says which one has the order IDs.`,
        "Name that column orderId, or list one order ID a line.",
      );
}
