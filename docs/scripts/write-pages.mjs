// Collects the pages of the site: the documents of the repository as they stand, and those whose facts are in the code, which
// are the contract, its error codes, each operation, and the reference of each package from its docstrings.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { allStatements, errorCodes, gradeMeanings, grades, operations, specOf } from "@auto-extend/core";
import { Application } from "typedoc";
import { code, table } from "../../scripts/markdown.mjs";
import { entries, packages, pages } from "../pages.mjs";
import { changes } from "./changes.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "docs", "pages");
const document = JSON.parse(readFileSync(join(root, "docs", "openapi.json"), "utf8"));

rmSync(folder, { recursive: true, force: true });
cpSync(join(root, "docs", "images"), join(folder, "docs", "images"), { recursive: true });
for (const { source, page } of pages) {
  if (!source.startsWith("docs/pages/")) cpSync(join(root, source), join(folder, page));
}
write("reference/statements.md", statementsPage());
write("reference/error-codes.md", errorCodesPage());
write(
  "reference/changes.md",
  changes(
    root,
    packages.map((each) => each.folder),
  ),
);
for (const operation of operations)
  write(`reference/operations/${operation.id}.md`, operationPage(operation));
await writeReferences();

/**
 * @param {string} name
 * @param {readonly string[]} parts
 */
function write(name, parts) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${parts.join("\n\n")}\n`);
}

/** Text from the code, which may contain what Markdown or Vue would take for markup. */
function plain(text) {
  return text.replaceAll("<", "&lt;").replaceAll("{{", "&#123;&#123;");
}

function statementsPage() {
  const statements = allStatements();
  const counts = grades.map((grade) => [
    code(grade),
    gradeMeanings[grade],
    String(statements.filter((statement) => statement.grade === grade).length),
  ]);
  return [
    "# What is known, and how well",
    "The provider's public pages do not say everything about its API. So each statement of the contract has a grade, which says how sure it is. The command `auto-extend verify` asks a server about the statements, and names those that the server contradicts.",
    table(["grade", "meaning", "statements"], counts),
    "## All statements",
    table(
      ["claim", "grade", "source"],
      statements.map(({ id, claim, grade, source }) => [
        `${plain(claim)}<br>${code(id)}`,
        code(grade),
        plain(source),
      ]),
    ),
  ];
}

function errorCodesPage() {
  return [
    "# Error codes",
    "The provider's own list is longer and not public: expect other codes as well. The client passes an unknown code through as it came.",
    table(
      ["code", "message", "meaning", "what to do", "grade"],
      errorCodes.map(({ code: number, message, meaning, whatToDo, grade }) => [
        String(number),
        message.grade === "assumed" ? "not public" : code(message.text),
        plain(meaning),
        plain(whatToDo),
        code(grade),
      ]),
    ),
  ];
}

/** @param {import("@auto-extend/core").Operation} operation */
function operationPage(operation) {
  const { summary, description, grade, source, rules, statements } = specOf(operation);
  const documented = document.paths[operation.path][operation.method.toLowerCase()];
  return [
    `# ${summary}`,
    `\`${operation.method} ${operation.path}\` (${code(grade)}: ${source})`,
    plain(description),
    "## What is sent",
    ...sentTables(documented),
    "## What is answered",
    ...answered(documented),
    ...otherAnswers(documented),
    "## Rules, in the order in which they are checked",
    table(
      ["rule", "claim", "error", "grade", "source"],
      rules.map((rule) => [
        code(rule.name),
        plain(rule.claim),
        `[${rule.code}](../error-codes.md)`,
        code(rule.grade),
        plain(rule.source),
      ]),
    ),
    "## Other statements",
    table(
      ["claim", "grade", "source"],
      statements.map((each) => [plain(each.claim), code(each.grade), plain(each.source)]),
    ),
    "## Examples",
    "The mock gives these answers to these requests in its default world; a test sends each of them.",
    ...examples(documented),
  ];
}

function sentTables({ parameters = [], requestBody }) {
  const schema = requestBody && resolve(requestBody.content["application/json"].schema);
  return [
    fieldTable(
      "parameter",
      parameters.map((each) => ({ ...each, schema: each.schema })),
    ),
    ...(schema ? [fieldTable("field", fieldsOf(schema))] : []),
  ];
}

function answered({ responses }) {
  const schema = responses["200"].content["application/json"].schema;
  const kinds = schema.oneOf ?? schema.anyOf ?? [schema];
  return kinds.flatMap((kind) => {
    const resolved = resolve(kind);
    return [`### ${kind.$ref?.split("/").at(-1) ?? "Answer"}`, fieldTable("field", fieldsOf(resolved))];
  });
}

function otherAnswers({ responses }) {
  const others = Object.entries(responses).filter(([status]) => status !== "200");
  if (others.length === 0) return [];
  const rows = others.map(([status, answer]) => {
    const { description, content = {} } = resolveAnswer(answer);
    return [status, Object.keys(content).map(code).join(", "), plain(description).replaceAll("\n", " ")];
  });
  return ["### Other HTTP statuses", table(["status", "media type", "meaning"], rows)];
}

function resolveAnswer(answer) {
  const [, name] = /^#\/components\/responses\/(.*)$/.exec(answer.$ref ?? "") ?? [];
  return name === undefined ? answer : document.components.responses[name];
}

function fieldsOf({ properties = {}, required = [] }) {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    required: required.includes(name),
    schema,
    description: resolve(schema).description ?? schema.description,
  }));
}

function fieldTable(head, fields) {
  return table(
    [head, "type", "required", "meaning"],
    fields.map(({ name, required, schema, description }) => [
      code(name),
      typeOf(schema),
      required ? "yes" : "no",
      plain(description ?? "").replaceAll("\n", " "),
    ]),
  );
}

function typeOf(schema) {
  const resolved = resolve(schema);
  const { type, items, enum: values, allOf } = resolved;
  if (allOf?.length === 1) return typeOf({ ...allOf[0], nullable: resolved.nullable });
  const name = values
    ? values.map((value) => code(JSON.stringify(value))).join(", ")
    : type === "array"
      ? `list of ${typeOf(items)}${resolve(items).enum ? "" : "s"}`
      : (type ?? "any");
  return resolved.nullable ? `${name} or null` : name;
}

function resolve(schema) {
  const [, name] = /^#\/components\/schemas\/(.*)$/.exec(schema.$ref ?? "") ?? [];
  return name === undefined ? schema : document.components.schemas[name];
}

function examples({ summary: ofOperation, parameters = [], requestBody, responses }) {
  const answers = responses["200"].content["application/json"].examples ?? {};
  const bodies = requestBody?.content["application/json"].examples ?? {};
  return Object.entries(answers).flatMap(([name, { summary, value }]) => {
    const sent = bodies[name]?.value ?? queryOf(parameters, name);
    return [
      // Each begins with the title of the page.
      `### ${(summary ?? name).replace(`${ofOperation}: `, "")}`,
      ...(sent === undefined ? [] : ["Request:", json(sent)]),
      "Answer:",
      json(value),
    ];
  });
}

function queryOf(parameters, name) {
  const query = parameters.filter((each) => each.in === "query" && each.examples?.[name]);
  return query.length === 0
    ? undefined
    : Object.fromEntries(query.map((each) => [each.name, each.examples[name].value]));
}

function json(value) {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}

/** All at once, so that the types of one package lead to the page of another. */
async function writeReferences() {
  const out = join(folder, "reference", "packages");
  const app = await Application.bootstrapWithPlugins({
    entryPoints: entries.map(({ file }) => join(root, file)),
    tsconfig: join(root, "docs", "tsconfig.json"),
    plugin: ["typedoc-plugin-markdown"],
    // `npm run types` has checked them.
    skipErrorChecking: true,
    readme: "none",
    disableSources: true,
    excludeInternal: true,
    // What errors inherit from Node's Error would be half of a page.
    excludeExternals: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    // VitePress would number other headings than the links do. No heading of its own begins with this.
    useCustomAnchors: true,
    anchorPrefix: "_",
    router: "module",
    fileExtension: ".md",
    entryFileName: "index",
    logLevel: "Warn",
    treatWarningsAsErrors: true,
    out,
    name: "The packages",
  });
  const project = await app.convert();
  if (!project) throw new Error("The reference of the packages can't be made.");
  for (const module of project.children ?? []) {
    const { fileName } = project.getSymbolIdFromReflection(module) ?? {};
    module.name = entries.find(({ file }) => join(root, file) === fileName)?.name ?? module.name;
  }
  await app.generateOutputs(project);
  for (const { name } of entries) {
    const file = join(out, `${name}.md`);
    const text = readFileSync(file, "utf8").replace(/^# .*/, `# @auto-extend/${name}`);
    // Constructors get links, but no anchors.
    writeFileSync(file, text.replace(/\[(`constructor`)\]\(.+?\)/g, "$1"));
  }
  if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;
}
