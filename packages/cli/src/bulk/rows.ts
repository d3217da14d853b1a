import { finished } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import { usageError } from "../cli-error.js";
import type { Context } from "../context.js";
import { nameOfFile, streamText } from "../files.js";

/** One row of a list: its cells, trimmed, and the line that it ends in. */
export interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

/** No list of orders comes near it; an endless pipe gets there. */
const mostBytes = 1024 ** 3;
/** No row of ids does; a file that is no text has no lines. */
const mostRowBytes = 1024 * 1024;

/**
 * Reads a file, or stdin for `-`, as CSV, some rows at a time; no more of it is held. One order id a line is CSV of one
 * column, so there is one way to read both.
 *
 * @throws CliError, a usage error, where it can't be read, or is no CSV.
 */
export async function* readRows(
  file: string,
  context: Context,
): AsyncGenerator<readonly Row[], void, undefined> {
  let rows: Row[] = [];
  const parser = parse({
    comment: "#",
    comment_no_infix: true,
    delimiter: [",", ";", "\t"],
    max_record_size: mostRowBytes,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    trim: true,
    // Handed over here rather than by the stream, for that takes a turn of the event loop for each row.
    on_record(cells: string[], { lines }) {
      rows.push({ cells, line: lines });
      return null;
    },
  });
  const over = finished(parser.resume());
  over.catch(() => {}); // The write that failed tells of it.
  try {
    for await (const text of streamText(file, context, mostBytes)) {
      await new Promise<void>((resolve, reject) => {
        parser.write(text, (error) => (error ? reject(error) : resolve()));
      });
      yield taken();
    }
    parser.end();
    await over;
    yield taken();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw usageError(
      `${nameOfFile(file)} is not valid CSV: ${error.message}.`,
      "Check its quotes, or list one order id a line.",
    );
  }

  function taken(): Row[] {
    const some = rows;
    rows = [];
    return some;
  }
}
