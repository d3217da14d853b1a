import { parseArgs } from "node:util";

/**
 * Reads the options of a program. An unknown option, or a number out of its range, ends it with exit code 2.
 *
 * @template {string} N
 * @param {Record<N, { default: number, min: number, max: number, fraction?: boolean }>} numbers
 * @param {import("node:util").ParseArgsConfig["options"]} [others]
 */
export function readOptions(numbers, others = {}) {
  const names = /** @type {N[]} */ (Object.keys(numbers));
  const texts = Object.fromEntries(names.map((name) => [name, { type: /** @type {const} */ ("string") }]));
  try {
    const { values } = parseArgs({ options: { ...texts, ...others } });
    const read = names.map((name) => {
      const { default: usual, min, max, fraction = false } = numbers[name];
      const value = Number(values[name] ?? usual);
      if (value >= min && value <= max && (fraction || Number.isInteger(value))) return [name, value];
      throw new Error(`--${name} must be a ${fraction ? "" : "whole "}number from ${min} to ${max}.`);
    });
    return { numbers: /** @type {Record<N, number>} */ (Object.fromEntries(read)), values };
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exit(2);
  }
}
