/** What spreadsheets take for the beginning of a formula. */
const formula = /^'*[=+\-@]/;
const escapedFormula = /^'+[=+\-@]/;

/** A cell that no spreadsheet takes for a formula: an apostrophe stands before what would be one. */
export function harmlessCell(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** What {@link harmlessCell} was given. */
export function originalCell(cell: string): string {
  return escapedFormula.test(cell) ? cell.slice(1) : cell;
}

/** A line of CSV, for every separator that a list may have. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoted).join(",")}\n`;
}

function quoted(cell: string): string {
  return /[",;\t\r\n]|^[\s#]|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
