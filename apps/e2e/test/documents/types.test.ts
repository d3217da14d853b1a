import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { type OpenApiDocument, readDocument, type Schema } from "./document.js";

type Schemas = OpenApiDocument["components"]["schemas"];

/** Where the compiler believes the files to be; it writes paths with slashes on every system. */
const folder = fileURLToPath(new URL("./", import.meta.url)).replaceAll("\\", "/");

/** Our type for each named schema of the document that we have one for. */
const names = ["SetAutoExtendRequest", "SetAutoExtendSuccess", "SetAutoExtendFailure", "Problem"];

const proof = `
  import type { ${names.join(", ")} } from "@auto-extend/core";
  import { expectTypeOf } from "vitest";
  import type { components } from "./openapi.js";
  type Made = components["schemas"];
  ${names
    .map(
      (name) => `
  expectTypeOf<Made["${name}"]>().toEqualTypeOf<${name}>();
  expectTypeOf<${name}>().toEqualTypeOf<Made["${name}"]>();
  expectTypeOf<Made["${name}"]>().not.toBeAny();`,
    )
    .join("")}
`;

describe("types made from the document by openapi-typescript", () => {
  it("are the types of the contract", async () => {
    expect(await disagreements(readDocument())).toEqual([]);
  });

  it.each<[string, (schemas: Schemas) => void]>([
    ["a field is missing", (schemas) => delete schemas.SetAutoExtendRequest?.properties?.autoExtend],
    ["a number is a string", (schemas) => change(schemas, "Problem", "status", { type: "string" })],
    [
      "a value may be null",
      (schemas) => change(schemas, "SetAutoExtendSuccess", "balance", { nullable: true }),
    ],
    ["a whole answer may be anything", (schemas) => Object.assign(schemas, { SetAutoExtendSuccess: {} })],
  ])("are others where %s", async (_, spoil) => {
    const document = readDocument();
    spoil(document.components.schemas);
    expect(await disagreements(document)).not.toEqual([]);
  });
});

function change(schemas: Schemas, name: string, property: string, keywords: Schema): void {
  Object.assign(schemas[name]?.properties?.[property] ?? {}, keywords);
}

/** What the compiler says of the proof, with the types that are made from a document. */
async function disagreements(document: OpenApiDocument): Promise<string[]> {
  const types = astToString(await openapiTS(JSON.stringify(document)));
  return compile({ [`${folder}openapi.ts`]: types, [`${folder}proof.ts`]: proof });
}

const member = fileURLToPath(new URL("../../", import.meta.url));
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(`${member}tsconfig.json`, ts.sys.readFile).config,
  ts.sys,
  member,
);
const host = ts.createCompilerHost(options);
/** Files on disk are parsed once for all programs. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** Compiles files that exist in memory only, with the settings of this member. */
function compile(files: Record<string, string>): string[] {
  const program = ts.createProgram(Object.keys(files), options, {
    ...host,
    fileExists: (path) => path in files || host.fileExists(path),
    getSourceFile(path, languageVersion) {
      const text = files[path];
      if (text !== undefined) return ts.createSourceFile(path, text, languageVersion);
      if (!parsed.has(path)) parsed.set(path, host.getSourceFile(path, languageVersion));
      return parsed.get(path);
    },
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
