/** Reads order IDs from a file: one a line, or CSV with a heading row. */
import { finished } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import type { Context } from "../app/context.js";
import { usageError } from "../app/errors.js";
import { nameOfFile, streamText } from "../app/files.js";
import { clean, cleanShort, numberText, originalCell } from "../app/format.js";

export interface FileEntry {
  readonly orderId: string;
  /** The proxy type as it is written; empty if the row has none. */
  readonly type: string;
  /** The rental period as it is written; empty if the row has none. */
  readonly days: string;
  readonly line: number;
}

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Lists of orders are much smaller; an endless pipe is not. */
const maxBytes = 1024 ** 3;
/** Rows of IDs are much shorter; a file that is not text has no lines. */
const maxRowBytes = 1024 * 1024;

/** Reads the orders of a file, or of stdin for `-`, some at a time. */
export async function* readOrderFile(
  file: string,
  { context, onHeadings }: { context: Context; onHeadings: () => void },
): AsyncGenerator<readonly FileEntry[], void, undefined> {
  const reader = new RowReader(nameOfFile(file), { context, onHeadings });
  for await (const rows of readRows(file, context)) {
    const entries = rows.flatMap((row) => reader.read(row) ?? []);
    if (entries.length > 0) yield entries;
  }
  reader.end();
}

class RowReader {
  readonly #name: string;
  readonly #context: Context;
  readonly #onHeadings: () => void;
  #columns: Columns | null = null;
  /** The first row if there are no headings, and how many rows with and without letters there are. */
  #first: Row | null = null;
  readonly #rows = { withLetters: 0, withNone: 0 };

  constructor(name: string, { context, onHeadings }: { context: Context; onHeadings: () => void }) {
    this.#name = name;
    this.#context = context;
    this.#onHeadings = onHeadings;
  }

  read(row: Row): FileEntry | null {
    if (isComment(row, this.#columns)) return null;
    if (this.#columns === null) {
      this.#columns = this.#begin(row);
      if (this.#columns.isHeaded) return null;
    }
    this.#rows[/\p{L}/u.test(row.cells[0] ?? "") ? "withLetters" : "withNone"]++;
    return this.#columns.read(row);
  }

  #begin(row: Row): Columns {
    const columns = columnsOf(row, this.#name);
    if (columns.ignored.length > 0) {
      const names = cleanShort(columns.ignored.join(", "), 100);
      this.#context.note(`Columns of ${this.#name} that are not used: ${names}.`);
    }
    if (columns.isHeaded) this.#onHeadings();
    else this.#first = row;
    return columns;
  }

  /** `Column1` before plain numbers is a heading, too. */
  end(): void {
    const { withLetters, withNone } = this.#rows;
    const [cell = ""] = this.#first?.cells ?? [];
    if (this.#first === null || withLetters !== 1 || withNone === 0) return;
    if (/\p{L}/u.test(cell) && !isFault(cell)) throw unknownHeading(this.#first, this.#name);
  }
}

/** The errors that a spreadsheet writes into cells, in place of a value. */
const spreadsheetError = /^"?#(?:NAME\?|N\/A|(?:REF|VALUE|DIV\/0|NUM|NULL)!)/im;

/** Under several headings, a row whose first cell begins with `#` is an order, unless it has no other cell. */
function isComment({ cells }: Row, columns: Columns | null): boolean {
  const [cell = ""] = cells;
  if (!cell.startsWith("#") || (columns && !columns.isHeaded)) return false;
  if (columns?.isHeaded) return cells.length === 1;
  return !cells.some((each) => headings.orderId.test(each));
}

/** One order ID a line is CSV with one column, so there is one way to read both. */
async function* readRows(file: string, context: Context): AsyncGenerator<readonly Row[], void, undefined> {
  const rows: Row[] = [];
  const taken = () => rows.splice(0);
  try {
    let parser: ReturnType<typeof parse> | undefined;
    let over: Promise<void> | undefined;
    for await (const { text, delimiter, hasColumns } of withDelimiter(streamText(file, context, maxBytes))) {
      if (spreadsheetError.test(text)) {
        throw usageError(
          `${nameOfFile(file)} has an error of a spreadsheet, such as #NAME?, in place of an order ID.`,
          "Correct the cell, or remove the line.",
        );
      }
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
    const { lines } = error as CsvError & { readonly lines?: number };
    const where = lines === undefined ? nameOfFile(file) : `Line ${lines} of ${nameOfFile(file)}`;
    throw usageError(
      `${where} ${csvProblems[error.code] ?? `is not valid CSV: ${clean(error.message)}`}.`,
      "Check its quotes, or list one order ID a line.",
    );
  }
}

const csvProblems: Readonly<Partial<Record<CsvError["code"], string>>> = {
  CSV_QUOTE_NOT_CLOSED: "ends the file within quotes that began before",
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
  /** Whether the first row has several headings. */
  readonly hasColumns: boolean;
}

function layoutOf(row: string): Layout {
  const delimiter = delimiterOf(row);
  if (typeof delimiter !== "string") return { delimiter, hasColumns: false };
  const cells = row.split(delimiter).map((cell) => cell.trim().replaceAll('"', ""));
  return { delimiter, hasColumns: cells.some((cell) => headings.orderId.test(cell)) };
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

const headings = {
  orderId: /^order[ _-]?id$/i,
  type: /^(?:proxy[ _-]?)?type$/i,
  days: /^(?:(?:rent(?:al)?[ _-]?)?period(?:[ _-]?days)?|days)$/i,
};
/** Files with all of these were written by `--failures` or `orders --csv`, which make formulas harmless. */
const ours = [
  ["outcome", "code", "message"],
  ["addresses", "country", "endsAt", "autoExtend"],
];

function columnsOf(row: Row, name: string): Columns {
  const { cells: first } = row;
  const isHeaded = first.some((cell) => headings.orderId.test(cell));
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

  function columnOf(what: keyof typeof headings): number {
    const found = first.filter((cell) => headings[what].test(cell));
    if (found.length <= 1) return first.findIndex((cell) => headings[what].test(cell));
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

  const known = Object.values(headings);
  const isUnused = (cell: string) => cell !== "" && !known.some((heading) => heading.test(cell));
  const ignored = isHeaded && !isOurs ? first.filter(isUnused) : [];
  refuseSlips(ignored, { columns, name });
  return { isHeaded, ignored, read };
}

/** A misspelt heading would cost the type or the period that was meant, and with it perhaps money. */
function refuseSlips(
  ignored: readonly string[],
  {
    columns,
    name,
  }: { readonly columns: { readonly type: number; readonly days: number }; readonly name: string },
): void {
  for (const cell of ignored) {
    const meant = ["type", "days", "period"].find((word) => isOneSlipFrom(cell.toLowerCase(), word));
    if (meant === undefined || columns[meant === "type" ? "type" : "days"] !== -1) continue;
    throw usageError(
      `The heading "${cleanShort(cell)}" of ${name} looks like "${meant}", and is not known.`,
      "Correct it. If the column means something else, give it another heading.",
    );
  }
}

/** Whether one letter too many, too few or wrong makes the difference, or two that changed places. */
function isOneSlipFrom(text: string, word: string): boolean {
  let start = 0;
  while (start < word.length && text[start] === word[start]) start++;
  const [left, meant] = [text.slice(start), word.slice(start)];
  const isSwap = left.slice(0, 2) === `${meant[1]}${meant[0]}` && left.slice(2) === meant.slice(2);
  return isSwap || left.slice(1) === meant || left === meant.slice(1) || left.slice(1) === meant.slice(1);
}

/** A first line such as `orders` or `id` is a heading that we do not know, and must not be sent as an order ID. */
function refuseUnknownHeading(row: Row, name: string): void {
  const [cell = ""] = row.cells;
  if (row.cells.length === 1 && !/\p{N}/u.test(cell) && !isFault(cell)) throw unknownHeading(row, name);
}

/** IDs that order faults of the mock. */
function isFault(cell: string): boolean {
  return /^fault-/.test(cell);
}

function unknownHeading({ cells: [cell = ""], line }: Row, name: string): Error {
  return usageError(
    `Line ${line} of ${name}, "${cleanShort(cell)}", looks like a heading, but not like one that is known.`,
    "Name the column orderId. If it is an order ID, put orderId on a line before it.",
  );
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
