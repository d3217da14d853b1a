// Tables of what the help of our programs says.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { code, table } from "../../../../scripts/markdown.mjs";
import { optionRows } from "./docstrings.mjs";

const programs = {
  cli: "packages/cli/bin/auto-extend.js",
  mock: "apps/mock-server/bin/auto-extend-mock.js",
};

/**
 * The options of a program or command.
 *
 * @param {keyof typeof programs} program
 * @param {...string} command
 */
export function helpOptionsTable(program, ...command) {
  const options = itemsOf(help(program, ...command, "--help"), "Options");
  return optionRows(options.filter(([option]) => option.startsWith("--")));
}

/**
 * The commands of a program.
 *
 * @param {keyof typeof programs} program
 */
export function helpCommandsTable(program) {
  const text = help(program, "--help");
  // In sections with names of their own.
  const sections = [...text.matchAll(/\n([A-Z]\w+):\n/g)].map(([, name = ""]) => name);
  const commands = sections
    .filter((name) => name !== "Options" && name !== "Examples")
    .flatMap((name) => itemsOf(text, name));
  const rows = commands.map(([usage, purpose]) => [code(usage.replace(" [options]", "")), purpose]);
  return table(["command", "purpose"], rows);
}

/**
 * The examples of commands of the mock.
 *
 * @param {readonly string[]} commands
 */
export function mockExamplesTable(commands) {
  const rows = commands.flatMap((command) => {
    const [, list = ""] = /\nExamples:\n((?: {2}.*\n)+)/.exec(help("mock", command, "--help")) ?? [];
    const examples = [...list.matchAll(/ {2}# (.*)\n {2}npx \S+ (.*)\n/g)];
    return examples
      .filter(([, , example = ""]) => example.startsWith(command))
      .map(([, purpose = "", example = ""]) => [code(example), purpose]);
  });
  return table(["command", "purpose"], rows);
}

/** The exit codes of the CLI. */
export function exitCodesTable() {
  const codes = itemsOf(`\nExit codes:\n${help("cli", "help", "exit-codes")}`, "Exit codes");
  return table(["code", "meaning"], codes);
}

/** The exit codes of the mock, and of the commands that talk to it. */
export function mockExitCodesTables() {
  const [, ofCommands = ""] = /\nExit codes: (.+)\.\n/.exec(help("mock", "requests", "--help")) ?? [];
  return {
    "exit codes of the mock": table(["code", "meaning"], itemsOf(help("mock", "--help"), "Exit codes")),
    "exit codes of its commands": table(
      ["code", "meaning"],
      ofCommands.split(", ").map((each) => [each.replace(/ .*/, ""), each.replace(/^\d+ /, "")]),
    ),
  };
}

/** @type {Map<string, string>} */
const known = new Map();

/**
 * @param {keyof typeof programs} program
 * @param {...string} args
 */
function help(program, ...args) {
  const line = [program, ...args].join(" ");
  const file = fileURLToPath(new URL(`../../../../${programs[program]}`, import.meta.url));
  // Started by npx, wherever this runs: the help names the program as it was started.
  const env = { ...process.env, npm_command: "exec" };
  const text = known.get(line) ?? execFileSync(process.execPath, [file, ...args], { encoding: "utf8", env });
  known.set(line, text);
  return text;
}

/**
 * The items of a section, each with its meaning, whose lines are joined.
 *
 * @param {string} text
 * @param {string} section
 * @returns {[item: string, meaning: string][]}
 */
function itemsOf(text, section) {
  const [, list] = new RegExp(`\\n${section}:\\n([\\s\\S]*?)(?:\\n\\n|$)`).exec(text) ?? [];
  if (list === undefined) throw new Error(`The help has no section "${section}".`);
  return list
    .split(/\n(?= {0,2}\S)/)
    .map((line) => line.trim().replace(/\s*\n\s*/g, " "))
    .map((line) => {
      const [, item = line, meaning = ""] = /^(.+?) {2,}(.*)$/.exec(line) ?? [];
      return [item, meaning];
    });
}
