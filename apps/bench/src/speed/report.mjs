/**
 * @typedef {object} Row
 * @property {number} [digits] how many digits after the point
 * @property {number} [bound] what the median is to stay within
 */

/**
 * Writes what was measured, a line for each thing.
 *
 * @param {(line: string) => void} print
 */
export function createReport(print) {
  /** @type {string[]} */
  const missed = [];
  return {
    /** What did not stay within its bound. */
    missed,
    /**
     * @param {string} name
     * @param {readonly number[]} figures
     * @param {Row} [row]
     */
    row(name, figures, { digits = 0, bound } = {}) {
      const sorted = [...figures].sort((a, b) => a - b);
      const [least = Number.NaN] = sorted;
      const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
      const most = sorted.at(-1) ?? Number.NaN;
      const text = (/** @type {number} */ figure) => figure.toFixed(digits).padStart(8);
      const isKept = bound === undefined || median <= bound;
      if (!isKept) missed.push(name);
      const verdict = bound === undefined ? "" : `   bound ${text(bound)} ${isKept ? "kept" : "MISSED"}`;
      print(`${name.padEnd(52)} median ${text(median)}   min ${text(least)}   max ${text(most)}${verdict}`);
    },
  };
}
