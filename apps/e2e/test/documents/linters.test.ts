import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtFiles, type OpenApiDocument, readDocument } from "./document.js";

const require = createRequire(import.meta.url);
const ruleset = fileURLToPath(new URL("../../.spectral.yaml", import.meta.url));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auto-extend-documents-"));
});

afterAll(() => rm(folder, { recursive: true }));

describe("Redocly's recommended rules", () => {
  it.each(Object.entries(builtFiles))("find nothing in %s", async (_, file) => {
    expect(await redocly(file)).toEqual([]);
  });

  it("find what is wrong in a document that is", async () => {
    const file = await spoiled((document) => {
      delete document.security;
      operationOf(document).operationId = "not an id";
    });
    expect(await redocly(file)).toEqual(
      expect.arrayContaining(["security-defined", "operation-operationId-url-safe"]),
    );
  });
});

describe("Spectral's rules for OpenAPI", () => {
  it.each(Object.entries(builtFiles))("find nothing in %s, not even a hint", async (_, file) => {
    expect(await spectral(file)).toEqual([]);
  });

  it("find what is wrong in a document that is", async () => {
    const file = await spoiled((document) => {
      operationOf(document).tags = ["Unheard of"];
      document.components.schemas.Unused = { type: "string" };
    });
    expect(await spectral(file)).toEqual(
      expect.arrayContaining(["operation-tag-defined", "oas3-unused-component"]),
    );
  });
});

/** The rules that Redocly finds broken. */
async function redocly(file: string): Promise<string[]> {
  const { problems } = await runTool(require.resolve("@redocly/cli/package.json"), "bin/cli.js", [
    "lint",
    "--extends=recommended",
    "--format=json",
    file,
  ]);
  return problems.map(({ ruleId }: { ruleId: string }) => ruleId);
}

/** The rules that Spectral finds broken. */
async function spectral(file: string): Promise<string[]> {
  const findings = await runTool(require.resolve("@stoplight/spectral-cli/package.json"), "dist/index.js", [
    "lint",
    `--ruleset=${ruleset}`,
    "--fail-severity=hint",
    "--format=json",
    "--quiet",
    file,
  ]);
  return findings.map(({ code }: { code: string }) => code);
}

async function spoiled(spoil: (document: OpenApiDocument) => void): Promise<string> {
  const document = readDocument();
  spoil(document);
  const file = join(folder, "spoiled.json");
  await writeFile(file, JSON.stringify(document));
  return file;
}

function operationOf({ paths }: OpenApiDocument): Record<string, unknown> {
  const operation = Object.values(paths)[0]?.post;
  if (!operation) throw new Error("The document has no operation.");
  return operation;
}

/** Runs a program beside a package's manifest, offline, and reads the JSON that it prints. */
async function runTool(manifest: string, program: string, args: string[]) {
  const path = join(dirname(manifest), program);
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const child = spawn(process.execPath, [path, ...args], { cwd: folder, env });
  let output = "";
  let talk = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    talk += text;
  });
  await new Promise((done) => child.on("close", done));
  try {
    return JSON.parse(output);
  } catch {
    throw new Error(`${path} printed no JSON:\n${output}\n${talk}`);
  }
}
