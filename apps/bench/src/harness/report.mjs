import { readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { median } from "./measures.mjs";

/** @typedef {ReturnType<typeof createReport>} Report */

/** The page of measurements. */
export const page = new URL("../../../../docs/bench.md", import.meta.url);

/**
 * Collects what was measured, and prints it row by row as Markdown tables.
 *
 * @param {(line: string) => void} print
 */
export function createReport(print) {
  /** @type {{ table: string, name: string, column: string, median: number, min: number, max: number, figures: readonly number[] }[]} */
  const rows = [];
  /** @type {string[][]} the lines of each */
  const tables = [];
  /** @type {{ name: string, isMissed: boolean, cells: (string | readonly number[])[] }[]} */
  const goals = [];

  /**
   * Begins a table. A cell is a text, or figures of which the median and the spread are shown.
   *
   * @param {string} title heads the first column, and is the table's name
   * @param {readonly string[]} [columns] the headings of the others
   * @returns {(name: string, ...cells: (string | readonly number[])[]) => void} adds a row
   */
  function table(title, columns = ["median (spread)"]) {
    /** @type {string[]} */
    const lines = [];
    const add = (/** @type {readonly string[]} */ cells) => {
      lines.push(`| ${cells.join(" | ")} |`);
      print(lines.at(-1) ?? "");
    };
    tables.push(lines);
    print("");
    add([title, ...columns]);
    add([title, ...columns].map(() => "---"));
    return (name, ...cells) => {
      for (const [index, figures] of cells.entries()) {
        if (typeof figures === "string") continue;
        const summary = { median: median(figures), min: Math.min(...figures), max: Math.max(...figures) };
        rows.push({ table: title, name, column: columns[index] ?? "", ...summary, figures });
      }
      add([name, ...cells.map((cell) => (typeof cell === "string" ? cell : summaryText(cell)))]);
    };
  }

  return {
    rows,
    table,
    /**
     * Compares the median of figures with what was wanted.
     *
     * @param {string} name
     * @param {{ atMost: number } | { atLeast: number }} limit
     * @param {readonly number[]} figures
     */
    wanted(name, limit, figures) {
      const isLeast = "atLeast" in limit;
      const bound = isLeast ? limit.atLeast : limit.atMost;
      const excess = (median(figures) - bound) * (isLeast ? -1 : 1);
      // Shown with two decimals. Without figures the median is NaN, which is within no bound.
      const isMissed = !(excess < 0.005);
      const verdict = isMissed ? `missed by ${figureText(excess)}` : "met";
      const wanted = `at ${isLeast ? "least" : "most"} ${figureText(bound)}`;
      goals.push({ name, isMissed, cells: [wanted, figures, verdict] });
    },
    /** Adds the table of what was wanted. @returns the names of what was missed */
    conclude() {
      if (goals.length === 0) return [];
      const row = table("wanted", ["limit", "median (spread)", "result"]);
      for (const { name, cells } of goals) row(name, ...cells);
      return goals.filter(({ isMissed }) => isMissed).map(({ name }) => name);
    },
    /** Puts the tables into the page of measurements. */
    writePage() {
      writeFileSync(page, tables.reduce(withTable, readFileSync(page, "utf8")));
    },
  };
}

/**
 * A document in which the rows of a table replace those of the same name in its own table of that title.
 *
 * @param {string} document
 * @param {readonly string[]} lines of the table
 */
export function withTable(document, lines) {
  const [head = "", , ...rows] = lines;
  const start = document.indexOf(`\n${nameOf(head)}`) + 1;
  if (start === 0) throw new Error(`The page has no table that begins with: ${head}`);
  const length = document.slice(start).search(/\n(?!\|)/);
  const before = document
    .slice(start, start + length)
    .split("\n")
    .slice(2);
  const names = new Set([...before, ...rows].map(nameOf));
  const all = [...names].map((name) => [...rows, ...before].find((row) => nameOf(row) === name));
  return [
    document.slice(0, start) + [...lines.slice(0, 2), ...all].join("\n"),
    document.slice(start + length),
  ].join("");
}

/** @param {string} row */
function nameOf(row) {
  return row.slice(0, row.indexOf(" | ") + 3);
}

/** @param {readonly number[]} figures */
function summaryText(figures) {
  const spread = `${figureText(Math.min(...figures))}–${figureText(Math.max(...figures))}`;
  return figures.length > 1 ? `${figureText(median(figures))} (${spread})` : figureText(median(figures));
}

/** @param {number} figure */
function figureText(figure) {
  const digits = Number.isInteger(figure) || figure >= 100 ? 0 : figure >= 10 ? 1 : 2;
  return figure.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/**
 * Says whether all is as expected, which is the exit code, too, and only then writes what a run found.
 *
 * @param {Report} report
 * @param {{ json: string | undefined, write?: unknown }} options the file for all figures, and whether the page gets the tables
 * @param {{ settings: object, problems: readonly string[], [result: string]: unknown }} result
 */
export function concludeRun(report, { json, write }, { settings, problems: found, ...result }) {
  const problems = [...found, ...report.conclude().map((name) => `Missed: ${name}`)];
  const isFine = problems.length === 0;
  console.log(isFine ? "\nEverything is as expected." : `\nNot as expected:\n  ${problems.join("\n  ")}`);
  process.exitCode = isFine ? 0 : 1;
  if (json !== undefined) {
    const { node } = process.versions;
    const machine = { node, platform: platform(), arch: arch(), cpu: cpus()[0]?.model, cores: cpus().length };
    const document = {
      measuredAt: new Date().toISOString(),
      machine,
      settings,
      problems,
      rows: report.rows,
      ...result,
    };
    writeFileSync(json, `${JSON.stringify(document, null, 2)}\n`);
  }
  if (write) report.writePage();
}
