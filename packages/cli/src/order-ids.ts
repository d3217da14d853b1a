import { isOrderNumber } from "@auto-extend/core";
import { CsvError, parse } from "csv-parse/sync";
import { usageError } from "./cli-error.js";
import type { Context } from "./context.js";
import { nameOfFile, readText } from "./files.js";
import { counted } from "./words.js";

/** Where the order ids come from; both are joined. */
export interface OrderIdSources {
  /** Those typed as arguments. */
  readonly orderIds: readonly string[];
  /** One id a line, or CSV; `-` is stdin. */
  readonly file?: string | undefined;
}

/**
 * Reads the order ids: trimmed, in their order, each once.
 *
 * @throws CliError, a usage error, where there is none, or one that can't be an order id.
 */
export async function readOrderIds(context: Context, { orderIds, file }: OrderIdSources): Promise<string[]> {
  const listed = file === undefined ? [] : idsInText(await readText(file, context), file);
  const all = [...orderIds.map((id) => id.trim()), ...listed];
  if (all.length === 0) {
    throw usageError(
      file === undefined ? "There is no order id." : `There is no order id in ${nameOfFile(file)}.`,
      "Give order ids as arguments, or a file of them with --file FILE.",
    );
  }
  if (all.includes("")) throw usageError("An order id is empty.", "Leave it out, or fill it in.");
  const list = all.find((id) => id.includes(","));
  if (list !== undefined) {
    throw usageError(
      `"${list}" holds a comma, and order ids have none.`,
      "Part order ids by spaces on the command line, and list one a line in a file.",
    );
  }
  const orderNumber = all.find(isOrderNumber);
  if (orderNumber !== undefined) {
    throw usageError(
      `${orderNumber} is an order number, which buying an order returns; an order id is wanted.`,
      "Look the order id up: it is orderId in the list of your IP addresses.",
    );
  }
  const unique = [...new Set(all)];
  if (unique.length < all.length) {
    context.note(
      `Dropped ${counted(all.length - unique.length, "duplicate order id", "duplicate order ids")}.`,
    );
  }
  return unique;
}

const heading = /^order[ _-]?id$/i;

/** One id a line is CSV of one column, so there is one way to read both. */
function idsInText(text: string, file: string): string[] {
  const name = nameOfFile(file);
  const rows = rowsOf(text, name);
  const [first] = rows;
  if (!first) return [];
  const column = first.cells.findIndex((cell) => heading.test(cell));
  const columns = column === -1 ? 1 : first.cells.length;
  // Nobody would miss an id in a cell that is not looked at.
  const wide = rows.find(({ cells }) => cells.length > columns);
  if (wide) {
    const found = `Line ${wide.line} of ${name} has ${wide.cells.length} columns (${excerpt(wide.cells)})`;
    throw column === -1
      ? usageError(
          `${found}, and no heading tells which one holds the order ids.`,
          "Head that column with orderId, or list one order id a line.",
        )
      : usageError(`${found}, and its headings name ${columns}.`, "Part the columns as the headings are.");
  }
  return rows.slice(column === -1 ? 0 : 1).map(({ cells, line }) => {
    const id = cells[Math.max(column, 0)];
    if (id) return id;
    throw usageError(`Line ${line} of ${name} has no order id.`, "Fill it in, or remove the line.");
  });
}

/** Enough of a row to know it by. */
function excerpt(cells: readonly string[]): string {
  const text = cells.join(", ");
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

function rowsOf(text: string, name: string): Row[] {
  const rows: Row[] = [];
  try {
    parse(text, {
      comment: "#",
      comment_no_infix: true,
      delimiter: [",", ";", "\t"],
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
      on_record(cells: string[], { lines }) {
        rows.push({ cells, line: lines });
        return null;
      },
    });
    return rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw usageError(
      `${name} is not valid CSV: ${error.message}.`,
      "Check its quotes, or list one order id a line.",
    );
  }
}
