/** Reads order IDs from a file: one a line, or CSV with a heading row. */
import { finished } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import type { Context } from "../app/context.js";
import { usageError } from "../app/errors.js";
import { nameOfFile, streamText } from "../app/files.js";
import { clean, cleanShort, originalCell } from "../app/format.js";

/** An order in a file. */
export interface FileEntry {
  readonly orderId: string;
  /** The proxy type as it is written; empty if the row has none. */
  readonly type: string;
  /** The rental period as it is written; empty if the row has none. */
  readonly days: string;
  /** The line that its row ends in. */
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

/**
 * Reads the orders of a file, or of stdin for `-`, some at a time.
 *
 * @param onHeadings called if there is a heading row.
 * @throws CliError, a usage error, if it cannot be read, is not CSV, or a row does not fit the columns.
 */
export async function* readOrderFile(
  file: string,
  { context, onHeadings }: { context: Context; onHeadings: () => void },
): AsyncGenerator<readonly FileEntry[], void, undefined> {
  const name = nameOfFile(file);
  let columns: Columns | undefined;
  for await (const rows of readRows(file, context)) {
    const entries: FileEntry[] = [];
    for (const row of rows) {
      const isFirst = columns === undefined;
      columns ??= columnsOf(row, name);
      if (isFirst && columns.isHeaded) onHeadings();
      else entries.push(columns.read(row));
    }
    if (entries.length > 0) yield entries;
  }
}

/** One order ID a line is CSV with one column, so there is one way to read both. */
async function* readRows(file: string, context: Context): AsyncGenerator<readonly Row[], void, undefined> {
  const rows: Row[] = [];
  const taken = () => rows.splice(0);
  try {
    let parser: ReturnType<typeof parse> | undefined;
    let over: Promise<void> | undefined;
    for await (const { text, delimiter } of withDelimiter(streamText(file, context, maxBytes))) {
      parser ??= parse({
        comment: "#",
        comment_no_infix: true,
        delimiter,
        max_record_size: maxRowBytes,
        relax_column_count: true,
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
    throw usageError(
      `${nameOfFile(file)} is not valid CSV: ${clean(error.message)}.`,
      "Check its quotes, or list one order ID a line.",
    );
  }
}

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
): AsyncGenerator<{ text: string; delimiter: string | string[] }, void, undefined> {
  let start = "";
  let delimiter: string | string[] | undefined;
  for await (const piece of pieces) {
    if (delimiter !== undefined) {
      yield { text: piece, delimiter };
      continue;
    }
    start += piece;
    const first = firstRow(start);
    if (first === undefined && start.length < maxRowBytes) continue;
    delimiter = delimiterOf(first ?? "");
    yield { text: withoutSeparatorLine(start), delimiter };
  }
  if (delimiter !== undefined) return;
  yield { text: withoutSeparatorLine(start), delimiter: delimiterOf(firstRow(`${start}\n`) ?? "") };
}

/** `sep=;` in a first line names the separator for Excel. As a comment it still counts as a line. */
function withoutSeparatorLine(text: string): string {
  return text.replace(separatorLine, "#$&");
}

const separatorLine = /^"?sep=.?"?(?=\r|\n|$)/i;

function firstRow(text: string): string | undefined {
  const lines = withoutSeparatorLine(text).split(/\r\n|\n|\r/);
  return lines.slice(0, -1).find((line) => line.trim() !== "" && !line.trim().startsWith("#"));
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
  read(row: Row): FileEntry;
}

/** The headings of the columns that count. */
const headings = {
  orderId: /^order[ _-]?id$/i,
  type: /^(?:proxy[ _-]?)?type$/i,
  days: /^(?:rent(?:al)?[ _-]?period[ _-]?)?days$/i,
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

  return { isHeaded, read };
}

/** A first line such as `orders` or `id` is a heading that we do not know, and must not be sent as an order ID. */
function refuseUnknownHeading({ cells, line }: Row, name: string): void {
  const [cell = ""] = cells;
  if (cells.length > 1 || /\p{N}/u.test(cell) || /^fault-/.test(cell)) return;
  throw usageError(
    `Line ${line} of ${name}, "${cleanShort(cell)}", looks like a heading, but not like one that is known.`,
    "Name the column orderId. If it is an order ID, put orderId on a line before it.",
  );
}

/** An ID in a cell that is not read would be missed by nobody. */
function tooWide(
  { cells, line }: Row,
  { isHeaded, width, name }: { isHeaded: boolean; width: number; name: string },
): Error {
  const found = `Line ${line} of ${name} has ${cells.length} columns (${cleanShort(cells.join(", "), 100)})`;
  return isHeaded
    ? usageError(`${found}, and its headings name ${width}.`, "Separate the columns as in the headings.")
    : usageError(
        `${found}, and no heading says which one has the order IDs.`,
        "Name that column orderId, or list one order ID a line.",
      );
}
