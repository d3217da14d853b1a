import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtFiles, type OpenApiDocument, readDocument } from "./document.js";

const require = createRequire(import.meta.url);
const ruleset = fileURLToPath(new URL("../../.spectral.yaml", import.meta.url));

/** The rules that each linter must find broken in a document with two mistakes. */
const mistakes = {
  redocly: ["security-defined", "operation-operationId-url-safe"],
  spectral: ["operation-tag-defined", "oas3-unused-component"],
};

let folder: string;
/** The rules that are broken, by linter and document. Each linter is started once, which takes longer than its work. */
let found: Record<keyof typeof mistakes, Record<string, string[]>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auto-extend-documents-"));
  const files = builtFiles;
  const [forRedocly, forSpectral] = await Promise.all([
    spoiled("redocly.json", (document) => {
      delete document.security;
      operationOf(document).operationId = "not an ID";
    }),
    spoiled("spectral.json", (document) => {
      operationOf(document).tags = ["Unheard of"];
      document.components.schemas.Unused = { type: "string" };
    }),
  ]);
  const [byRedocly, bySpectral] = await Promise.all([
    redocly({ ...files, spoiled: forRedocly }),
    spectral({ ...files, spoiled: forSpectral }),
  ]);
  found = { redocly: byRedocly, spectral: bySpectral };
});

afterAll(() => rm(folder, { recursive: true }));

describe.each([
  ["Redocly's recommended rules", "redocly"],
  ["Spectral's rules for OpenAPI, hints included,", "spectral"],
] as const)("%s", (_, linter) => {
  it.each(Object.keys(builtFiles))("find nothing in %s", (name) => {
    expect(found[linter][name]).toEqual([]);
  });

  it("find what is wrong in a document that is", () => {
    expect(found[linter].spoiled).toEqual(expect.arrayContaining(mistakes[linter]));
  });
});

async function redocly(files: Record<string, string>): Promise<Record<string, string[]>> {
  const args = ["lint", "--extends=recommended", "--format=json", ...Object.values(files)];
  const printed = await runTool(require.resolve("@redocly/cli/package.json"), "bin/cli.js", args);
  // It prints one JSON document for each file, in the order of the files.
  const reports = printed.split(/(?<=^\})/m).filter((text) => text.trim() !== "");
  expect(reports).toHaveLength(Object.keys(files).length);
  return Object.fromEntries(
    Object.keys(files).map((name, index) => {
      const { problems } = JSON.parse(reports[index] ?? "") as { problems: { ruleId: string }[] };
      return [name, problems.map(({ ruleId }) => ruleId)];
    }),
  );
}

async function spectral(files: Record<string, string>): Promise<Record<string, string[]>> {
  const args = ["lint", `--ruleset=${ruleset}`, "--fail-severity=hint", "--format=json", "--quiet"];
  const printed = await runTool(require.resolve("@stoplight/spectral-cli/package.json"), "dist/index.js", [
    ...args,
    ...Object.values(files),
  ]);
  const findings = JSON.parse(printed) as { code: string; source: string }[];
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [
      name,
      findings.filter(({ source }) => source === file).map(({ code }) => code),
    ]),
  );
}

async function spoiled(name: string, spoil: (document: OpenApiDocument) => void): Promise<string> {
  const document = readDocument();
  spoil(document);
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(document));
  return file;
}

function operationOf({ paths }: OpenApiDocument): Record<string, unknown> {
  const operation = Object.values(paths)[0]?.post;
  if (!operation) throw new Error("The document has no operation.");
  return operation;
}

/** Runs a program beside a package's manifest, offline, and gives back what it prints. */
async function runTool(manifest: string, program: string, args: string[]): Promise<string> {
  const { stdout, stderr } = await execa(process.execPath, [join(dirname(manifest), program), ...args], {
    cwd: folder,
    env: { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
    // A finding is an exit code, too.
    reject: false,
  });
  if (stdout === "") throw new Error(`${program} printed nothing but: ${stderr}`);
  return stdout;
}
