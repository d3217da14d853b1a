import { writeFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { median } from "./measures.mjs";

/** @typedef {ReturnType<typeof createReport>} Report */

/**
 * @typedef {object} Row
 * @property {number} [digits] after the decimal point, in the table
 * @property {number} [bound] what the median must not exceed
 */

/**
 * Collects what was measured, and prints a line for each thing as it comes.
 *
 * @param {(line: string) => void} print
 */
export function createReport(print) {
  /** @type {{ name: string, median: number, min: number, max: number, figures: readonly number[], bound?: number, isWithinBound?: boolean }[]} */
  const rows = [];

  /**
   * @param {string} name
   * @param {readonly number[]} figures
   * @param {Row} [options]
   */
  function row(name, figures, { digits = 0, bound } = {}) {
    const summary = { median: median(figures), min: Math.min(...figures), max: Math.max(...figures) };
    // Without figures the median is NaN, which is within no bound.
    const verdict = bound === undefined ? {} : { bound, isWithinBound: summary.median <= bound };
    rows.push({ name, ...summary, figures, ...verdict });
    const columns = Object.entries({ ...summary, ...(bound === undefined ? {} : { bound }) }).map(
      ([column, figure]) => `${column} ${figure.toFixed(digits).padStart(8)}`,
    );
    const end = bound === undefined ? "" : verdict.isWithinBound ? " met" : " MISSED";
    print(`${name.padEnd(60)} ${columns.join("   ")}${end}`);
  }

  return {
    rows,
    missed: () => rows.filter(({ isWithinBound }) => isWithinBound === false).map(({ name }) => name),
    row,
    /**
     * A row for each figure, or list of figures, that can be picked from a result.
     *
     * @template R
     * @param {readonly R[]} results
     * @param {[name: string, pick: (result: R) => number | number[], options?: Row][]} picked
     */
    table(results, picked) {
      for (const [name, pick, options] of picked) row(name, results.flatMap(pick), options);
    },
  };
}

/**
 * Writes what a run found as JSON, with the machine that it ran on.
 *
 * @param {string | undefined} file nothing is written without one
 * @param {{ settings: object, problems: readonly string[], [result: string]: unknown }} result
 */
export function writeResult(file, { settings, problems, ...result }) {
  if (file === undefined) return;
  const [cpu] = cpus();
  const machine = {
    node: process.version,
    platform: platform(),
    arch: arch(),
    cpu: cpu?.model,
    cores: cpus().length,
  };
  const document = { measuredAt: new Date().toISOString(), machine, settings, problems, ...result };
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
}

/**
 * Prints and writes what a run found. The exit code is 1 if it has problems.
 *
 * @param {string | undefined} file
 * @param {Parameters<typeof writeResult>[1]} result
 */
export function concludeRun(file, result) {
  writeResult(file, result);
  const { settings: _, problems, ...figures } = result;
  console.log(JSON.stringify(figures, null, 2));
  const isFine = problems.length === 0;
  console.log(isFine ? "\nEverything is as expected." : `\nNot as expected:\n  ${problems.join("\n  ")}`);
  process.exitCode = isFine ? 0 : 1;
}
