import type { Context } from "../context.js";
import { nameOfFile } from "../files.js";
import { type Columns, columnsOf, type Entry } from "./columns.js";
import { readRows } from "./rows.js";

/** What a row says of an order, and the line that it ends in. */
export interface PlacedEntry extends Entry {
  readonly line: number;
}

/**
 * Reads the rows of a file, or of stdin for `-`, as its headings tell.
 *
 * @param onHeadings told where there are headings.
 * @throws CliError, a usage error, where it can't be read, is no CSV, or a row does not fit the columns.
 */
export async function* readEntries(
  file: string,
  { context, onHeadings }: { context: Context; onHeadings: () => void },
): AsyncGenerator<PlacedEntry, void, undefined> {
  let columns: Columns | undefined;
  for await (const rows of readRows(file, context)) {
    for (const row of rows) {
      const isFirst = columns === undefined;
      columns ??= columnsOf(row, nameOfFile(file));
      if (isFirst && columns.headed) onHeadings();
      else yield { ...columns.read(row), line: row.line };
    }
  }
}
