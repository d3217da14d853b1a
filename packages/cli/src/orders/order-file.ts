/** Reads order IDs from a file: one a line, or CSV with a heading row. */
import { finished } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import type { Context } from "../app/context.js";
import { CliError, usageError } from "../app/errors.js";
import { ledgerStart, nameOfFile, streamText } from "../app/files.js";
import { clean, numberText } from "../app/format.js";
import {
  type FileEntry,
  means,
  type ReaderOptions,
  type RefuseRow,
  type Row,
  type RowReader,
  readerFor,
} from "./headings.js";

/** Lists of orders are much smaller; an endless pipe is not. */
const maxBytes = 1024 ** 3;
/** Rows of IDs are much shorter; a file that is not text has no lines. */
const maxRowBytes = 1024 * 1024;

/**
 * Reads the orders of a file, or of stdin for `-`, some at a time. A row is read when its order is taken, so `problems` are
 * in the order of the rows.
 *
 * @throws CliError, a usage error, for what stops the reading, and after the last row for `problems`.
 */
export async function* readOrderFile(
  file: string,
  { problems, ...others }: Omit<ReaderOptions, "refuseRow"> & { readonly problems: RowProblems },
): AsyncGenerator<Iterable<FileEntry>, void, undefined> {
  const options: ReaderOptions = { ...others, refuseRow: problems.add };
  let reader = null as RowReader | null;
  function* ordersIn(rows: readonly Row[]): Generator<FileEntry, void, undefined> {
    for (const row of rows) {
      if (reader === null && isComment(row)) continue;
      reader ??= readerFor(row, nameOfFile(file), options);
      const entry = reader.read(row);
      if (entry) yield entry;
    }
  }
  for await (const rows of readRows(file, options.context)) yield ordersIn(rows);
  problems.refuse(nameOfFile(file));
  reader?.end();
}

const maxShown = 10;

/** The problems of rows: all are counted, and the first are shown. */
export class RowProblems {
  readonly #shown: { readonly line: number; readonly message: string }[] = [];
  readonly #advice = new Set<string>();
  #count = 0;

  readonly add: RefuseRow = (line, message, whatToDo) => {
    this.#count++;
    if (this.#shown.length === maxShown) return;
    this.#shown.push({ line, message });
    this.#advice.add(whatToDo);
  };

  refuse(name: string): void {
    const [first] = this.#shown;
    if (!first) return;
    const { line, message } = first;
    const [whatToDo = "", ...more] = this.#advice;
    const rest = this.#count > maxShown ? `, of which these are the first ${maxShown}` : "";
    throw new CliError(
      "UsageError",
      this.#count === 1
        ? `Line ${line} of ${name}${message.startsWith("has ") ? "" : ":"} ${message}`
        : `${name} has ${numberText(this.#count)} problems${rest}.`,
      {
        whatToDo: more.length === 0 ? whatToDo : "Correct these lines, or remove them.",
        issues: this.#shown.map((problem) => ({ path: `line ${problem.line}`, message: problem.message })),
      },
    );
  }
}

/** Above the orders. The first heading may begin with `#`, too. */
function isComment({ cells }: Row): boolean {
  return cells[0]?.startsWith("#") === true && !cells.some((cell) => means(cell, "orderId"));
}

const spreadsheetError = /^"?#(?:NAME\?|N\/A|(?:REF|VALUE|DIV\/0|NUM|NULL)!)/im;

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
