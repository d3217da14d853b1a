/** Reads the rows of a file of orders by its headings: which are known, and which must not be passed over. */
import { findProxyType } from "@auto-extend/core";
import { isRentalPeriod } from "../app/command.js";
import type { Context } from "../app/context.js";
import { usageError } from "../app/errors.js";
import { cleanShort, numberText, originalCell } from "../app/format.js";
import { isFaultOrder } from "./unsent.js";

export interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

/** An order as its row has it: type and period are empty if the row has none. */
export interface FileEntry {
  readonly orderId: string;
  readonly type: string;
  readonly days: string;
  readonly line: number;
}

export interface ReaderOptions {
  readonly context: Context;
  readonly onHeadings: () => void;
  /** Records a problem of a row. The others are read all the same, so that all problems come out at once. */
  readonly refuseRow: RefuseRow;
  /** The type and the period of rows that have none. */
  readonly given: { readonly type: unknown; readonly days: unknown };
}

export type RefuseRow = (line: number, problem: string, whatToDo: string) => void;

export interface RowReader {
  /** @returns `null` for a row that is no order, or was refused. */
  read(row: Row): FileEntry | null;
  /** To be called after the last row. @throws CliError, a usage error, for what only all rows together show. */
  end(): void;
}

/** The reader of a file with this first row, which it reads as well. */
export function readerFor(first: Row, name: string, options: ReaderOptions): RowReader {
  const isHeaded = first.cells.some((cell) => means(cell, "orderId"));
  return isHeaded ? tableReader(first, name, options) : listReader(first, name, options);
}

function listReader(first: Row, name: string, { context, refuseRow }: ReaderOptions): RowReader {
  refuseUnknownHeading(first, name);
  const noOrderIds = "and no heading says which one has the order IDs.";
  const howToTell = "Name that column orderId, or list one order ID a line.";
  // The rows below have as many, and are not wrong themselves.
  if (first.cells.length > 1) {
    throw usageError(`Line ${first.line} of ${name} ${columnsOf(first, context)}, ${noOrderIds}`, howToTell);
  }
  const suspect = suspectIn(first);
  return {
    read(row) {
      if (row !== first) suspect?.compare(row);
      if (row.cells.length > 1) {
        refuseRow(row.line, `${columnsOf(row, context)}, ${noOrderIds}`, howToTell);
        return null;
      }
      return { orderId: row.cells[0] ?? "", type: "", days: "", line: row.line };
    },
    end() {
      if (suspect?.isHeading()) throw unknownHeading(first, name);
    },
  };
}

/** Files with all of these were written by `--failures` or `orders --csv`, which make formulas harmless. */
const ours = [
  ["outcome", "code", "message"],
  ["addresses", "country", "endsAt", "autoExtend"],
];

function tableReader(first: Row, name: string, options: ReaderOptions): RowReader {
  const { context, onHeadings, given, refuseRow } = options;
  const names = first.cells;
  onHeadings();
  if (names.includes("notRestored")) {
    throw usageError(
      `${name} is the list of what an undo did not restore: on or off would switch whole orders, in one direction.`,
      "Run the same undo again: it restores what is left.",
    );
  }
  const [orderIdAt, typeAt, daysAt] = [
    columnOf("orderId", names, name),
    columnOf("type", names, name),
    columnOf("days", names, name),
  ];
  const isOurs = ours.some((own) => own.every((each) => names.includes(each)));
  const isUnused = (cell: string) => cell !== "" && !meanings.some((what) => means(cell, what));
  const unused = isOurs ? [] : names.filter(isUnused);
  const lacking = { type: typeAt === -1, days: daysAt === -1 };
  refuseLikely(unused, { lacking, name });
  if (unused.length > 0) {
    context.note(`Columns of ${name} that are not used: ${cleanShort(unused.join(", "), 100)}.`);
  }
  const needed = (["type", "days"] as const).filter((what) => lacking[what] && given[what] === undefined);
  const unnamed = new UnnamedColumns(names, needed);
  return {
    read(row) {
      const { cells, line } = row;
      // In files of ours, the type comes first, and an order ID may begin with it.
      const marked = cells.length === 1 || isOurs ? 0 : orderIdAt;
      if (row === first || cells[marked]?.startsWith("#")) return null;
      unnamed.compare(row);
      // An ID in a cell that is not read would be missed by nobody.
      if (cells.length > names.length) {
        const wide = `${columnsOf(row, context)}, and its headings name ${names.length}.`;
        refuseRow(line, wide, "Separate the columns as in the headings.");
        return null;
      }
      const orderId = cells[orderIdAt];
      if (!orderId) {
        refuseRow(line, "has no order ID.", "Fill it in, or remove the line.");
        return null;
      }
      const [type = "", days = ""] = [cells[typeAt], cells[daysAt]];
      return { orderId: isOurs ? originalCell(orderId) : orderId, type, days, line };
    },
    end: () => unnamed.refuse(name),
  };
}

function columnOf(what: Meaning, names: readonly string[], name: string): number {
  const found = names.filter((cell) => means(cell, what));
  if (found.length <= 1) return names.findIndex((cell) => means(cell, what));
  throw usageError(
    `The headings ${found.join(" and ")} of ${name} mean the same.`,
    "Remove one of the columns, or give it another heading.",
  );
}

/** Redacted before it is cut: the beginning of a secret is not found later. */
function columnsOf({ cells }: Row, { redact }: Context): string {
  return `has ${numberText(cells.length)} columns (${cleanShort(redact(cells.join(", ")), 100)})`;
}

/** The headings that are known, without case, blanks and signs: `Rental period (days)` is `rentalperioddays`. */
const headings = {
  orderId: ["orderid"],
  type: ["type", "proxytype"],
  days: [
    ...["days", "period", "perioddays", "periodindays"],
    ...["rentdays", "rentperiod", "rentperioddays", "rentperiodindays"],
    ...["rentaldays", "rentalperiod", "rentalperioddays", "rentalperiodindays"],
    ...["extenddays", "autoextenddays"],
  ],
} as const;
type Meaning = keyof typeof headings;
const meanings = Object.keys(headings) as Meaning[];

const anyOf = (words: string) => `(?:${words.replaceAll(" ", "|")})*`;
const aroundDays = anyOf(
  "auto extend extension renewal renew rental rent lease subscription contract proxy order number no of in the new d days day weeks months length",
);
/** Headings made of these words mean a column as well, but nobody knows in which unit, or whether it is that at all. */
const vagueHeadings = [
  ["days", new RegExp(`^${aroundDays}(?:days?|period|term|duration)${aroundDays}$`)],
  [
    "type",
    new RegExp(
      `^(?:proxy|${anyOf("proxy ip product order of the")}(?:type|kind)${anyOf("of the proxy order ip")})$`,
    ),
  ],
] as const;
const maxHeadingLength = 60;

function plainHeading(cell: string): string {
  return cell
    .slice(0, maxHeadingLength)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

export function means(cell: string, what: Meaning): boolean {
  const known: readonly string[] = headings[what];
  return known.includes(plainHeading(cell));
}

/** A misspelt or vague heading would cost the type or the period that was meant, and with it perhaps money. */
function refuseLikely(
  ignored: readonly string[],
  { lacking, name }: { readonly lacking: Record<"type" | "days", boolean>; readonly name: string },
): void {
  for (const cell of ignored) {
    const heading = plainHeading(cell);
    const [meant] = vagueHeadings.find(([, pattern]) => pattern.test(heading)) ?? [misspelt(heading)];
    if (meant === undefined || !lacking[meant]) continue;
    throw usageError(
      `The heading "${cleanShort(cell)}" of ${name} may mean "${meant}", and is not known.`,
      `Rename it to ${meant}. If the column means something else, give it another heading.`,
    );
  }
}

const holds: Readonly<Record<"type" | "days", (cell: string) => boolean>> = {
  type: (cell) => findProxyType(cell) !== undefined,
  days: isRentalPeriod,
};

/**
 * Columns that hold nothing but proxy types, or rental periods, under headings that are not known, such as those of
 * another language.
 */
class UnnamedColumns {
  #open: { readonly heading: string; readonly index: number; readonly meant: "type" | "days" }[];
  #isEmpty = true;

  constructor(headings: readonly string[], needed: readonly ("type" | "days")[]) {
    const isUnknown = (heading: string) => !meanings.some((what) => means(heading, what));
    this.#open = headings.flatMap((heading, index) =>
      isUnknown(heading) ? needed.map((meant) => ({ heading, index, meant })) : [],
    );
  }

  compare({ cells }: Row): void {
    this.#isEmpty = false;
    this.#open = this.#open.filter(({ index, meant }) => holds[meant](cells[index] ?? ""));
  }

  refuse(name: string): void {
    const [found] = this.#open;
    if (!found || this.#isEmpty) return;
    const { heading, meant } = found;
    throw usageError(
      `The column "${cleanShort(heading)}" of ${name} holds nothing but ${meant === "type" ? "proxy types" : "rental periods"}, and its heading is not known.`,
      `Rename it to ${meant}. If it means something else, remove it, or add --${meant}.`,
    );
  }
}

function misspelt(heading: string): "type" | "days" | undefined {
  return (["type", "days"] as const).find((what) =>
    headings[what].some((known) => isOneSlipFrom(heading, known)),
  );
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
  if (row.cells.length === 1 && !/\p{N}/u.test(cell) && !isFaultOrder(cell)) throw unknownHeading(row, name);
}

function unknownHeading({ cells: [cell = ""], line }: Row, name: string): Error {
  return usageError(
    `Line ${line} of ${name}, "${cleanShort(cell)}", looks like a heading, but not like one that is known.`,
    "Name the column orderId. If it is an order ID, put orderId on a line before it.",
  );
}

/** A first row that may be a heading such as `orders_2026`, if the rows below differ from it; `null` if it cannot. */
function suspectIn(row: Row) {
  const [cell = ""] = row.cells;
  const word = lettersOf(cell);
  if (word === "" || isFaultOrder(cell)) return null;
  const form = formOf(cell);
  const forms = new Set<string>();
  let isAlone = true;
  let haveLetters = false;
  return {
    compare({ cells: [below = ""] }: Row) {
      const letters = lettersOf(below);
      haveLetters ||= letters !== "";
      isAlone &&= letters !== word;
      if (forms.size < 2) forms.add(formOf(below));
    },
    isHeading() {
      if (forms.size === 0 || !isAlone) return false;
      const isOther = !haveLetters || (forms.size === 1 && !forms.has(form));
      return isOther || /^(?:orders?|ids?|orderids?|columns?|fields?|numbers?)$/.test(word);
    },
  };
}

function lettersOf(cell: string): string {
  return cell.replace(/\P{L}/gu, "").toLowerCase();
}

/** `DE11111` has the form `A1`, `id1` has `a1`. */
function formOf(cell: string): string {
  return cell
    .replace(/\p{Lu}+/gu, "A")
    .replace(/[^\P{L}A]+/gu, "a")
    .replace(/\d+/g, "1");
}
