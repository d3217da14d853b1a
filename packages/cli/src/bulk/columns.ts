import { usageError } from "../cli-error.js";
import { originalCell } from "../csv.js";
import type { Row } from "./rows.js";

/** What a row says of an order. */
export interface Entry {
  readonly orderId: string;
  /** The proxy type as it was written; empty where the row has none. */
  readonly type: string;
  /** The rental period as it was written; empty where the row has none. */
  readonly days: string;
}

/** Where in a row to look for what. */
export interface Columns {
  /** Whether the first row is one of headings, which names no order. */
  readonly headed: boolean;
  /** Reads a row that is not the headings. */
  read(row: Row): Entry;
}

/** The headings of the columns that count. */
const headings = {
  orderId: /^order[ _-]?id$/i,
  type: /^(?:proxy[ _-]?)?type$/i,
  days: /^(?:rent(?:al)?[ _-]?period[ _-]?)?days$/i,
};
/** Files with all of these were written by `--failures` or by `orders --csv`, which make formulas harmless. */
const ours = [
  ["outcome", "code", "message"],
  ["addresses", "country", "endsAt", "autoExtend"],
];

/**
 * Finds the columns by the first row of a file: its headings, or else the one column of order ids.
 *
 * @param name what the file is called in messages.
 * @throws CliError, a usage error, where two headings say the same; `read` where a row does not fit the columns.
 */
export function columnsOf({ cells: first }: Row, name: string): Columns {
  const headed = first.some((cell) => headings.orderId.test(cell));
  const columns = {
    orderId: headed ? columnOf("orderId") : 0,
    type: headed ? columnOf("type") : -1,
    days: headed ? columnOf("days") : -1,
  };
  const width = headed ? first.length : 1;
  const isOurs = ours.some((names) => names.every((name) => first.includes(name)));
  const original = isOurs ? originalCell : (cell: string) => cell;

  function columnOf(what: keyof typeof headings): number {
    const found = first.filter((cell) => headings[what].test(cell));
    if (found.length <= 1) return first.findIndex((cell) => headings[what].test(cell));
    throw usageError(
      `The headings ${found.join(" and ")} of ${name} say the same.`,
      "Remove one of the columns, or give it another heading.",
    );
  }

  function read(row: Row): Entry {
    const { cells, line } = row;
    if (cells.length > width) throw tooWide(row, { headed, width, name });
    const orderId = cells[columns.orderId];
    if (!orderId) {
      throw usageError(`Line ${line} of ${name} has no order id.`, "Fill it in, or remove the line.");
    }
    return { orderId: original(orderId), type: cells[columns.type] ?? "", days: cells[columns.days] ?? "" };
  }

  return { headed, read };
}

/** Nobody would miss an id in a cell that is not looked at. */
function tooWide(
  { cells, line }: Row,
  { headed, width, name }: { headed: boolean; width: number; name: string },
): Error {
  const found = `Line ${line} of ${name} has ${cells.length} columns (${excerpt(cells)})`;
  return headed
    ? usageError(`${found}, and its headings name ${width}.`, "Part the columns as the headings are.")
    : usageError(
        `${found}, and no heading tells which one holds the order ids.`,
        "Head that column with orderId, or list one order id a line.",
      );
}

/** Enough of a row to know it by. */
function excerpt(cells: readonly string[]): string {
  const text = cells.join(", ");
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
