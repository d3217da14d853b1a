/** Texts for people: cleaned foreign text, numbers, money, wrapped lines, tables and CSV. */
import width from "fast-string-width";

/** Control characters, those that reorder text, are invisible or look blank, and halves of characters. */
const unprintable =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[\u115F\u1160\u2800\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu;
/** Blanks other than that of the keyboard, where a text has nothing else. */
const onlyBlanks = /^\p{Zs}+$/u;

/**
 * Shows what a terminal would obey or hide as an escape such as `\u001b`: control and colour sequences, line ends, and
 * characters that turn the direction of text. Everything from a server or a file that is printed goes through it.
 */
export function clean(text: string, { keepLines = false } = {}): string {
  if (onlyBlanks.test(text)) return text.replace(/[^ ]/g, escaped);
  return text.replace(unprintable, (character) =>
    keepLines && character === "\n" ? character : escaped(character),
  );
}

export function cleanShort(text: string, maxLength = 40): string {
  const characters = [...clean(text)];
  return characters.length > maxLength
    ? `${characters.slice(0, maxLength - 3).join("")}...`
    : characters.join("");
}

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}

/** With commas between thousands. `Intl` needs a tenth of the time of a short command to load its data. */
export function numberText(count: number | string): string {
  return `${count}`.replace(/(?<!\..*)\B(?=(?:\d{3})+(?!\d))/g, ",");
}

export function pluralize(count: number, one: string, many: string): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}

/** The first of some names, and how many more there are: `a, b and 3 more`. */
export function shortList(names: readonly string[], most: number): string {
  const more = names.length > most ? ` and ${numberText(names.length - most)} more` : "";
  return `${names.slice(0, most).join(", ")}${more}`;
}

/** A span of time for people, rounded up to the second largest unit that it has: `15 days`, `1 hour 5 minutes`. */
export function spanText(seconds: number): string {
  const unit = seconds >= 86_400 ? 3600 : seconds >= 3600 ? 60 : 1;
  const whole = Math.ceil(seconds / unit) * unit;
  const units = [
    [Math.floor(whole / 86_400), "day", "days"],
    [Math.floor(whole / 3600) % 24, "hour", "hours"],
    [Math.floor(whole / 60) % 60, "minute", "minutes"],
    [whole % 60, "second", "seconds"],
  ] as const;
  const largest = units.findIndex(([count]) => count > 0);
  if (largest === -1) return "0 seconds";
  return units
    .slice(largest, largest + 2)
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => pluralize(count, one, many))
    .join(" ");
}

/** An amount for people: thousands separators, at least two decimals, and no more than it has. */
export function amountText(amount: number): string {
  // From there on, toFixed writes an exponent.
  const text = Math.abs(amount) < 1e21 ? amount.toFixed(6) : `${BigInt(amount)}.00`;
  return numberText(text.replace(/(\.\d\d\d*?)0+$/, "$1"));
}

export function moneyText(amount: number, currency: string | null | undefined): string {
  return `${amountText(amount)} ${cleanShort(currency ?? "")}`.trimEnd();
}

/** A date and time for people, to the minute: `2030-01-31 12:00`, in UTC. */
export function timeText(iso: string): string {
  return iso.slice(0, 16).replace("T", " ");
}

/** The same in a message, to the second: `2030-01-31 12:00:05 UTC`. */
export function timestampText(iso: string): string {
  return `${iso.slice(0, 19).replace("T", " ")} UTC`;
}

export function widthOf(sink: { readonly columns?: number | undefined }): number {
  return sink.columns || 80;
}

/** Breaks lines at blanks where they are too wide. Continued lines are indented like the first, and by `indent` more. */
export function wrap(text: string, maxWidth: number, indent = 0): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, maxWidth, indent))
    .join("\n");
}

function wrapLine(line: string, maxWidth: number, indent: number): string {
  if (width(line) <= maxWidth) return line;
  const [own = ""] = /^ */.exec(line) ?? [];
  const margin = " ".repeat(Math.min(own.length + indent, Math.floor(maxWidth / 2)));
  const lines: string[] = [];
  let current = own;
  for (const [text, word = ""] of line.trim().matchAll(/ *([^ ]+)/g)) {
    if (current.trim() === "") current += word;
    else if (width(current + text) <= maxWidth) current += text;
    else {
      lines.push(current);
      current = margin + word;
    }
  }
  return [...lines, current].join("\n");
}

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
  /** Aligns its texts at their ends, as for numbers. */
  readonly right?: true;
  /** Drops it if the table is too wide: the highest number first. */
  readonly dropped?: number;
}

/**
 * The lines of a table, the heads first (none if all are empty), with columns as wide as a terminal shows their widest
 * text. Cells are cleaned, and no line ends with a space. Columns that can be dropped are if it is too wide, and
 * named below.
 *
 * @param most the highest number of a column that is not dropped.
 */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  maxWidth = Number.POSITIVE_INFINITY,
  most = Math.max(...columns.map(({ dropped = 0 }) => dropped)),
): string[] {
  const hidden = columns.flatMap(({ head, dropped = 0 }) => (dropped > most && head !== "" ? [head] : []));
  const lines = [
    ...layOut(
      rows,
      columns.filter(({ dropped = 0 }) => dropped <= most),
    ),
    ...(hidden.length > 0 ? wrap(`Not shown here: ${hidden.join(", ")}`, maxWidth).split("\n") : []),
  ];
  const fits = lines.every((line) => width(line) <= maxWidth);
  return fits || most === 0 ? lines : table(rows, columns, maxWidth, most - 1);
}

/** A cell longer than this is cut: a column is as wide as its longest cell. */
const maxCellLength = 200;

function layOut<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] {
  const hasHeads = columns.some(({ head }) => head !== "");
  const texts = columns.map(({ head, cell, right }) => {
    const cells = [...(hasHeads ? [head] : []), ...rows.map((row) => cleanShort(cell(row), maxCellLength))];
    const widths = cells.map((text) => width(text));
    const widest = widths.reduce((most, each) => Math.max(most, each), 0);
    return cells.map((text, index) => {
      const padding = " ".repeat(widest - (widths[index] ?? 0));
      return right ? padding + text : text + padding;
    });
  });
  return Array.from({ length: rows.length + (hasHeads ? 1 : 0) }, (_, index) =>
    texts
      .map((cells) => cells[index])
      .join("  ")
      .trimEnd(),
  );
}

/** Names with texts that are wrapped beside them; under them if the terminal is narrow. */
export function definitions(
  rows: readonly (readonly [name: string, text: string])[],
  maxWidth: number,
): string[] {
  const widest = rows.reduce((most, [name]) => Math.max(most, width(name)), 0);
  const margin = widest + 2 + 30 > maxWidth ? 4 : widest + 2;
  return rows.flatMap(([name, text]) => {
    const lines = wrap(text, Math.max(maxWidth - margin, 10)).split("\n");
    const indented = lines.map((line) => `${" ".repeat(margin)}${line}`.trimEnd());
    if (margin < widest + 2) return [name, ...indented];
    const padded = name + " ".repeat(margin - width(name));
    return [`${padded}${lines[0] ?? ""}`.trimEnd(), ...indented.slice(1)];
  });
}

/** The beginning of a formula in spreadsheets, full-width signs included. */
const formula = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** A cell that no spreadsheet takes for a formula: an apostrophe stands before it. */
export function harmlessCell(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

export function originalCell(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\n`;
}

function csvCell(cell: string): string {
  return /[",;\t\r\n]|^[\s#]|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
