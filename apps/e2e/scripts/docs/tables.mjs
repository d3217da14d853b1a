// Tables of the contract and of the control API, and the places of all tables in the documents.
import { readFileSync } from "node:fs";
import { gradeMeanings, grades, operations, setAutoExtend, specOf } from "@auto-extend/core";
import { code, table } from "../../../../scripts/markdown.mjs";
import { methodsOf } from "./docstrings.mjs";

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

/** The methods of the client, with the grade of the operation of each. */
export function methodsTable() {
  const rows = [...methodsOf("client", "Client")].map(([name, { usage, text }]) => {
    const operation = operations.find(({ id }) => id === name);
    const grade = operation ? specOf(operation).grade : "";
    return [code(usage), text.replace(` (${grade})`, ""), grade];
  });
  return table(["method", "purpose", "grade"], rows);
}

/** The requests that the mock answers. */
export function requestsTable() {
  return table(
    ["request", "purpose"],
    operations.map((operation) => {
      const path = operation.path.replace("/client/api/v1/{apiKey}", "...");
      return [code(`${operation.method} ${path}`), specOf(operation).description];
    }),
  );
}

/** The rules that a request which switches orders is checked by. */
export function rulesTable() {
  const { rules } = specOf(setAutoExtend);
  return table(
    ["rule", "error", "grade"],
    rules.map(({ requires, code: number, grade }) => [requires, String(number), grade]),
  );
}

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
