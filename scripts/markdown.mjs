import { markdownTable } from "markdown-table";

/**
 * A table in Markdown.
 *
 * @param {readonly string[]} heads
 * @param {readonly (readonly string[])[]} rows
 */
export function table(heads, rows) {
  const cells = [heads, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  // Aligned delimiters would change every line of a table with its longest cell.
  return markdownTable(cells, { alignDelimiters: false });
}

/** @param {string} text */
export function code(text) {
  return `\`${text}\``;
}
