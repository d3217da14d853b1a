// Tables of what the packages export, made from its doc comments.
import { fileURLToPath } from "node:url";
import { errorNames } from "@auto-extend/core";
import ts from "typescript";
import { code, table } from "../../../../scripts/markdown.mjs";

/** @import { Symbol as Named, Type } from "typescript" */

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const entries = {
  core: "packages/core/src/index.ts",
  client: "packages/client/src/index.ts",
  "contract-tests": "packages/contract-tests/src/index.ts",
  "mock-server": "apps/mock-server/src/index.ts",
  cli: "packages/cli/src/index.ts",
};

const base = ts.readConfigFile(`${root}tsconfig.base.json`, ts.sys.readFile).config;
const { options } = ts.parseJsonConfigFileContent({ ...base, files: Object.values(entries) }, ts.sys, root);
const program = ts.createProgram(
  Object.values(entries).map((file) => root + file),
  options,
);
const checker = program.getTypeChecker();

/**
 * The options of an interface, with their defaults.
 *
 * @param {keyof typeof entries} entry
 * @param {string} name
 */
export function optionsTable(entry, name) {
  return optionRows(membersOf(entry, name).map((member) => [member.name, textOf(member)]));
}

/** @param {(readonly [option: string, meaning: string])[]} options */
export function optionRows(options) {
  const rows = options.map(([option, text]) => {
    const meaning = text.replace(/\s+/g, " ").trim();
    const [whole = "", standard = ""] = / \(default: ([^)]*)\)/.exec(meaning) ?? [];
    return [code(option), standard, meaning.replace(whole, "")];
  });
  return table(["option", "default", "meaning"], rows);
}

/**
 * The fields of an interface, and, one row for each, those of others that are within it.
 *
 * @param {string} head
 * @param {readonly [entry: keyof typeof entries, name: string, only?: readonly string[]][]} interfaces
 * @param {Readonly<Record<string, readonly [entry: keyof typeof entries, name: string]>>} [inner] by their paths
 */
export function fieldsTable(head, interfaces, inner = {}) {
  const rows = interfaces.flatMap(([entry, name, only]) =>
    membersOf(entry, name)
      .filter((member) => only?.includes(member.name) ?? true)
      .map((member) => [code(member.name), meaningOf(member)]),
  );
  const innerRows = Object.entries(inner).map(([path, [entry, name]]) => [
    code(path),
    fieldTexts(membersOf(entry, name)),
  ]);
  return table([head, "meaning"], [...rows, ...innerRows]);
}

/** The results of the CLI's commands, by their fields. */
export function resultsTable() {
  /** @type {Map<string, string[]>} */
  const commands = new Map();
  for (const output of partsOf(typeOf(exported("cli", "JsonOutput")))) {
    const [command, result] = ["command", "result"].map((name) => typeOfMember(output, name));
    if (!command?.isStringLiteral() || !result) continue;
    const shapes = partsOf(result).map(
      (shape) =>
        `{ ${inOrder(shape)
          .map(({ name }) => name)
          .join(", ")} }`,
    );
    const text = shapes.map(code).join(" or ");
    commands.set(text, [...(commands.get(text) ?? []), code(command.value)]);
  }
  return table(
    ["command", "result"],
    [...commands].map(([text, names]) => [names.sort().join(", "), text]).sort(),
  );
}

/**
 * The methods of an interface, by their names.
 *
 * @param {keyof typeof entries} entry
 * @param {string} name
 */
export function methodsOf(entry, name) {
  return new Map(
    membersOf(entry, name).map((member) => [member.name, { usage: nameOf(member), text: textOf(member) }]),
  );
}

/**
 * Exports, each with its purpose.
 *
 * @param {keyof typeof entries} entry
 * @param {readonly string[]} names
 */
export function exportsTable(entry, names) {
  return table(
    ["export", "purpose"],
    names.map((name) => [code(nameOf(exported(entry, name))), textOf(exported(entry, name))]),
  );
}

/**
 * The values of a type, or of a field of it, which its doc comment lists like "- `value`: meaning".
 *
 * @param {string} head
 * @param {keyof typeof entries} entry
 * @param {string} name
 * @param {string} [field]
 */
export function valuesTable(head, entry, name, field) {
  const symbol = field ? membersOf(entry, name).find((each) => each.name === field) : exported(entry, name);
  const values = [...(symbol ? textOf(symbol) : "").matchAll(/(?:^| )- (`[^`]+`): (.*?)(?= - `|$)/g)];
  return table(
    [head, "meaning"],
    values.map(([, value = "", meaning = ""]) => [
      value,
      meaning.replace(/^./, (first) => first.toUpperCase()),
    ]),
  );
}

/** The errors of the client, each with the fields that it has besides those of all errors. */
export function errorsTable() {
  const shared = membersOf("client", "AutoExtendError").map(({ name }) => name);
  const rows = errorNames.map((name) => {
    const fields = membersOf("client", name).filter((member) => !shared.includes(member.name));
    return [code(name), textOf(exported("client", name)), fields.map((field) => code(field.name)).join(", ")];
  });
  return table(["error", "meaning", "fields"], rows);
}

/** The events of a call, by their types. */
export function eventsTable() {
  const rows = partsOf(typeOf(exported("client", "CallEvent"))).map((event) => {
    const [, ...fields] = inOrder(event);
    const type = typeOfMember(event, "type");
    return [code(type?.isStringLiteral() ? type.value : ""), fieldTexts(fields)];
  });
  return table(["`type`", "other fields"], rows);
}

/** @param {readonly Named[]} fields */
function fieldTexts(fields) {
  return fields
    .map((field) => [code(field.name), meaningOf(field)].filter((text) => text !== "").join(": "))
    .join("<br>");
}

/**
 * Its doc comment, or its values if it has none.
 *
 * @param {Named} member
 */
function meaningOf(member) {
  const values = partsOf(checker.getTypeOfSymbol(member));
  const names = values.flatMap((value) => (value.isStringLiteral() ? code(value.value) : []));
  return textOf(member) || (names.length === values.length ? names.sort().join(", ") : "");
}

/**
 * The types of a union but for `null`, or the type itself.
 *
 * @param {Type} type
 */
function partsOf(type) {
  return (type.isUnion() ? type.types : [type]).filter((part) => !(part.flags & ts.TypeFlags.Null));
}

/**
 * @param {Type} type
 * @param {string} name
 */
function typeOfMember(type, name) {
  const member = type.getProperty(name);
  return member && checker.getTypeOfSymbol(member);
}

/**
 * @param {keyof typeof entries} entry
 * @param {string} name
 */
function exported(entry, name) {
  const source = program.getSourceFile(root + entries[entry]);
  const module = source && checker.getSymbolAtLocation(source);
  const symbol = module && checker.tryGetMemberInModuleExports(name, module);
  if (!symbol) throw new Error(`${entries[entry]} exports no ${name}.`);
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/**
 * @param {keyof typeof entries} entry
 * @param {string} name
 */
function membersOf(entry, name) {
  return inOrder(typeOf(exported(entry, name)));
}

/**
 * The members of a type, as they are declared. Those of a schema's type have lost their order.
 *
 * @param {Type} type
 */
function inOrder(type) {
  const members = type.getProperties();
  const placeOf = (/** @type {Named} */ member) => member.declarations?.[0];
  if (new Set(members.map((member) => placeOf(member)?.getSourceFile())).size > 1) return members;
  return members.toSorted((one, other) => (placeOf(one)?.pos ?? 0) - (placeOf(other)?.pos ?? 0));
}

/** @param {Named} symbol */
function typeOf(symbol) {
  return checker.getDeclaredTypeOfSymbol(symbol);
}

/**
 * With its arguments, if it is a function.
 *
 * @param {Named} symbol
 */
function nameOf(symbol) {
  const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
  return signature ? `${symbol.name}(${signature.getParameters().map(argumentOf).join(", ")})` : symbol.name;
}

/** @param {Named} parameter */
function argumentOf(parameter) {
  const declared = parameter.valueDeclaration;
  if (!declared || !ts.isParameter(declared)) return parameter.name;
  const { name, questionToken, initializer } = declared;
  const text = ts.isObjectBindingPattern(name)
    ? `{ ${name.elements.map((element) => element.name.getText()).join(", ")} }`
    : name.getText();
  return questionToken || initializer ? `${text}?` : text;
}

/** @param {Named} symbol */
function textOf(symbol) {
  return ts
    .displayPartsToString(symbol.getDocumentationComment(checker))
    .replace(/\{@link ([\w.]+)\}/g, "`$1`")
    .replace(/\s+/g, " ")
    .trim();
}
