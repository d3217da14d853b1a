// The options of the three programs: they are read, explained by `--help`, and reported as JSON in the same way.
import { parseArgs } from "node:util";

/**
 * @typedef {object} NumberOption
 * @property {string} help
 * @property {number} default
 * @property {number} min
 * @property {number} max
 * @property {boolean} [fraction] whether it need not be whole
 */

/** @typedef {{ help: string, type: "boolean" | "string", multiple?: boolean, value?: string }} OtherOption */

/** @type {Record<string, OtherOption>} */
const common = {
  json: { type: "string", value: "FILE", help: "write all figures to this file as JSON" },
  help: { type: "boolean", help: "show help" },
};

/**
 * Reads the options of a program. `--help` prints them and ends it with exit code 0; an unknown option, or a number out of
 * its range, ends it with exit code 2.
 *
 * @template {string} N
 * @param {object} program
 * @param {string} program.name of the npm script
 * @param {string} program.purpose
 * @param {Record<N, NumberOption>} program.numbers
 * @param {Record<string, OtherOption>} [program.others]
 */
export function readOptions({ name, purpose, numbers, others = {} }) {
  const names = /** @type {N[]} */ (Object.keys(numbers));
  const all = { ...others, ...common };
  const texts = Object.fromEntries(names.map((each) => [each, { type: /** @type {const} */ ("string") }]));
  const rest = Object.fromEntries(
    Object.entries(all).map(([each, { type, multiple = false }]) => [each, { type, multiple }]),
  );
  try {
    const { values } = parseArgs({ options: { ...texts, ...rest } });
    if (values.help) {
      console.log(helpText({ name, purpose, numbers, others: all }));
      process.exit(0);
    }
    const read = names.map((each) => [each, numberFrom(values[each], each, numbers[each])]);
    const json = values.json === undefined ? undefined : String(values.json);
    return { numbers: /** @type {Record<N, number>} */ (Object.fromEntries(read)), values, json };
  } catch (error) {
    const [problem = ""] = /** @type {Error} */ (error).message.split(". ");
    console.error(`${problem.replace(/\.$/, "")}. \`npm run ${name} -- --help\` lists the options.`);
    process.exit(2);
  }
}

/**
 * @param {unknown} text
 * @param {string} name
 * @param {NumberOption} option
 */
function numberFrom(text, name, { default: usual, min, max, fraction = false }) {
  const value = Number(text ?? usual);
  if (value >= min && value <= max && (fraction || Number.isInteger(value))) return value;
  throw new Error(`--${name} must be a ${fraction ? "" : "whole "}number from ${min} to ${max}.`);
}

/**
 * @param {{ name: string, purpose: string, numbers: Record<string, NumberOption>, others: Record<string, OtherOption> }} program
 */
function helpText({ name, purpose, numbers, others }) {
  const rows = [
    ...Object.entries(numbers).map(([each, { help, default: usual, min, max }]) => [
      `--${each} NUMBER`,
      `${help} (${min} to ${max}, default: ${usual})`,
    ]),
    ...Object.entries(others).map(([each, { help, value }]) => [
      value === undefined ? `--${each}` : `--${each} ${value}`,
      help,
    ]),
  ];
  const width = Math.max(...rows.map(([left = ""]) => left.length)) + 2;
  return [
    `Usage: npm run ${name} -- [options]`,
    "",
    purpose,
    "",
    "Options:",
    ...rows.map(([left = "", right]) => `  ${left.padEnd(width)}${right}`),
  ].join("\n");
}
