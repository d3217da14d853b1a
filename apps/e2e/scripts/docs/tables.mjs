import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gradeMeanings, grades, operations, specOf } from "@auto-extend/core";
import { code, table } from "../../../../scripts/markdown.mjs";

const root = new URL("../../../../", import.meta.url);

/** @typedef {{ name?: string, in?: string, $ref?: string }} Parameter */
/** @typedef {Record<string, { summary: string, parameters?: Parameter[] }>} Methods */

/**
 * A document, by its path, with its tables as the code makes them.
 *
 * @param {string} path
 * @param {Record<string, string>} tables by what the comment in front of each says
 */
export function withTables(path, tables) {
  const text = readFileSync(new URL(path, root), "utf8");
  const written = Object.entries(tables).reduce((document, [name, rows]) => {
    const place = new RegExp(`(<!-- ${name}: written by .+ -->\n\n)(?:\\|.*\n)+`);
    if (!place.test(document)) throw new Error(`${path} has no place for the table "${name}".`);
    return document.replace(place, (_, comment) => `${comment}${rows}\n`);
  }, text);
  return { [path]: written };
}

/**
 * The options of an interface, with what their comments say.
 *
 * @param {string} file from the root of the repository
 * @param {string} name
 */
export function optionsTable(file, name) {
  const source = readFileSync(new URL(file, root), "utf8");
  const [, body = ""] =
    new RegExp(`\\ninterface ${name} \\{\\n([\\s\\S]*?)\\n\\}`).exec(source.replaceAll("export ", "")) ?? [];
  const members = [...body.matchAll(/(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?readonly (\w+)\??:/g)];
  if (members.length === 0) throw new Error(`${file} has no interface ${name}.`);
  return optionRows(members.map(([, comment = "", option = ""]) => [option, comment.replace(/^ *\*/gm, "")]));
}

/** The options of `world new`, as its help shows them. */
export function worldOptionsTable() {
  const program = fileURLToPath(new URL("apps/mock-server/bin/auto-extend-mock.js", root));
  const help = execFileSync(process.execPath, [program, "world", "new", "--help"], { encoding: "utf8" });
  const [, text = ""] = /\nOptions:\n([\s\S]*?)\n {2}-h/.exec(help) ?? [];
  const options = text.split(/\n(?= {2}-)/).map((option) => option.trim().split(/ {2,}(.*)/s));
  return optionRows(options.map(([option = "", meaning = ""]) => [option, meaning]));
}

/** @param {(readonly [option: string, meaning: string])[]} options */
function optionRows(options) {
  const rows = options.map(([option, text]) => {
    const meaning = text
      .replace(/\{@link (\w+)\}/g, "`$1`")
      .replace(/\s+/g, " ")
      .trim();
    const [whole = "", standard = ""] = / \(default: ([^)]*)\)/.exec(meaning) ?? [];
    return [code(option), standard, meaning.replace(whole, "")];
  });
  return table(["option", "default", "meaning"], rows);
}

/** The tables of the page about the contract. */
export const contractTables = {
  operations: table(
    ["operation", "purpose", "grade"],
    operations.map((operation) => {
      const { summary, grade } = specOf(operation);
      return [code(operation.id), summary, code(grade)];
    }),
  ),
  grades: table(
    ["grade", "meaning"],
    grades.map((grade) => [code(grade), gradeMeanings[grade]]),
  ),
};

/**
 * The table of the page about the control API.
 *
 * @param {{ paths: Record<string, Methods>, components: { parameters?: Record<string, Parameter> } }} document
 */
export function controlTable({ paths, components }) {
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary, parameters = [] }]) => {
      const query = parameters
        .map((each) => components.parameters?.[each.$ref?.split("/").at(-1) ?? ""] ?? each)
        .filter((each) => each.in === "query" && each.name !== "account");
      return [
        code(`${method.toUpperCase()} ${path}`),
        summary,
        query.map(({ name = "" }) => code(name)).join(", "),
      ];
    }),
  );
  return table(["request", "meaning", "query"], rows);
}
