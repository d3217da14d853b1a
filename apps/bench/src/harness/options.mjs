// The options of the three programs: they are read, explained by `--help`, and reported as JSON in the same way.
import { closeSync, openSync } from "node:fs";
import { parseArgs } from "node:util";
import { page } from "./report.mjs";

/** @typedef {{ help: string, default: number, min: number, max: number, fraction?: boolean }} NumberOption `fraction`: need not be whole */

/** @typedef {{ help: string, type: "boolean" | "string", multiple?: boolean, value?: string }} OtherOption */

/** @type {Record<string, OtherOption>} */
const common = {
  json: { type: "string", value: "FILE", help: "write all figures to this file as JSON" },
  help: { type: "boolean", help: "show help" },
};

/**
 * Reads the options of a program. `--help` prints them and ends it with exit code 0; an unknown option, a number out of
 * its range, or a file that cannot be written ends it with exit code 2.
 *
 * @template {string} N
 * @param {{ name: string, purpose: string, numbers: Record<N, NumberOption>, others?: Record<string, OtherOption> }} program
 * `name`: of the npm script
 */
export function readOptions({ name, purpose, numbers, others = {} }) {
  const names = /** @type {N[]} */ (Object.keys(numbers));
  const texts = names.map((each) => {
    const { help, min, max, default: usual } = numbers[each];
    const text = `${help} (${min} to ${max}, default: ${usual})`;
    return [each, { type: "string", value: "NUMBER", help: text }];
  });
  /** @type {Record<string, OtherOption>} */
  const options = { ...Object.fromEntries(texts), ...others, ...common };
  try {
    const { values } = parseArgs({ options });
    if (values.help) {
      console.log(helpText({ name, purpose, options }));
      process.exit(0);
    }
    const read = names.map((each) => [each, numberFrom(values[each], each, numbers[each])]);
    const json = values.json === undefined ? undefined : String(values.json);
    // Hours of measuring must not end at a file that nobody can write.
    for (const file of [json, values.write && page]) if (file) closeSync(openSync(file, "a"));
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

/** @param {{ name: string, purpose: string, options: Record<string, OtherOption> }} program */
function helpText({ name, purpose, options }) {
  const rows = Object.entries(options).map(([each, { help, value = "" }]) => [`--${each} ${value}`, help]);
  const width = Math.max(...rows.map(([left = ""]) => left.trimEnd().length)) + 2;
  const lines = rows.map(([left = "", right]) => `  ${left.padEnd(width)}${right}`);
  return [`Usage: npm run ${name} -- [options]`, "", purpose, "", "Options:", ...lines].join("\n");
}
