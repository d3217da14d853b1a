import width from "fast-string-width";

/** A column of a table for a terminal. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
  /** Whether its texts end together, as numbers do. */
  readonly right?: true;
}

/** Rows with columns as wide as a terminal shows their widest text; the first line has the heads. No line ends with a space. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] {
  const texts = columns.map(({ head, cell, right }) => {
    const cells = [head, ...rows.map(cell)];
    const widths = cells.map((text) => width(text));
    const widest = widths.reduce((most, each) => Math.max(most, each), 0);
    return cells.map((text, index) => {
      const padding = " ".repeat(widest - (widths[index] ?? 0));
      return right ? padding + text : text + padding;
    });
  });
  return Array.from({ length: rows.length + 1 }, (_, index) =>
    texts
      .map((cells) => cells[index])
      .join("  ")
      .trimEnd(),
  );
}
