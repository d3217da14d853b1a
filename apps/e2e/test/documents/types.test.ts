import openapiTS, { astToString } from "openapi-typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { typeCheck } from "../type-check.js";
import { type OpenApiDocument, readDocument, type Schema } from "./document.js";

type Schemas = OpenApiDocument["components"]["schemas"];

/** Our type for each named schema of the document that we have one for. */
const types = {
  SetAutoExtendRequest: "SetAutoExtendRequest",
  SetAutoExtendSuccess: "Lawful<typeof setAutoExtend.lawful.success>",
  SetAutoExtendFailure: "Lawful<typeof setAutoExtend.lawful.failure>",
  Problem: "Problem",
};

const proof = `
  import type { EmittedAnswers, Problem, SetAutoExtendRequest, setAutoExtend } from "@auto-extend/core";
  import { expectTypeOf } from "vitest";
  import type { components } from "./openapi.js";
  type Made = components["schemas"];
  // The document names the known fields, and has a text without characters where the contract has null alone.
  type Lawful<Schema extends { _output: unknown }> = Known<Schema["_output"]>;
  type Known<T> = { [Name in keyof T as string extends Name ? never : Name]: Shown<Exclude<T[Name], undefined>> };
  type Shown<T> = [T] extends [null] ? string | null : T extends readonly unknown[] ? T : T extends object ? Known<T> : T;
  expectTypeOf<EmittedAnswers<"setAutoExtend">["success"]>().toExtend<Made["SetAutoExtendSuccess"]>();
  expectTypeOf<EmittedAnswers<"setAutoExtend">["failure"]>().toExtend<Made["SetAutoExtendFailure"]>();
  ${Object.entries(types)
    .map(
      ([name, type]) => `
  expectTypeOf<Made["${name}"]>().toEqualTypeOf<${type}>();
  expectTypeOf<${type}>().toEqualTypeOf<Made["${name}"]>();
  expectTypeOf<Made["${name}"]>().not.toBeAny();`,
    )
    .join("")}
`;

const spoilt: Record<string, (schemas: Schemas) => void> = {
  "a field is missing": (schemas) => delete schemas.SetAutoExtendRequest?.properties?.autoExtend,
  "a number is a string": (schemas) => change(schemas, "Problem", "status", { type: "string" }),
  "a value may be null": (schemas) => change(schemas, "SetAutoExtendSuccess", "balance", { nullable: true }),
  "a whole answer may be anything": (schemas) => Object.assign(schemas, { SetAutoExtendSuccess: {} }),
};

describe("types made from the document by openapi-typescript", () => {
  /** The compiler's output for each document. All are compiled at once, since most of the work is shared. */
  let disagreements: string[][];
  beforeAll(async () => {
    const documents = Object.values(spoilt).map((spoil) => {
      const document = readDocument();
      spoil(document.components.schemas);
      return document;
    });
    disagreements = await disagreementsOf([readDocument(), ...documents]);
  });

  it("are the types of the contract", () => {
    expect(disagreements[0]).toEqual([]);
  });

  it.each(Object.keys(spoilt).map((what, index) => [what, index + 1] as const))(
    "are others where %s",
    (_, index) => {
      expect(disagreements[index]?.length).toBeGreaterThan(0);
    },
  );
});

function change(schemas: Schemas, name: string, property: string, keywords: Schema): void {
  Object.assign(schemas[name]?.properties?.[property] ?? {}, keywords);
}

/** Compiles the proof with the types generated from each document, and returns the compiler's output. */
async function disagreementsOf(documents: readonly OpenApiDocument[]): Promise<string[][]> {
  const files: Record<string, string> = {};
  for (const [index, document] of documents.entries()) {
    files[`openapi-${index}.ts`] = astToString(await openapiTS(JSON.stringify(document)));
    files[`proof-${index}.ts`] = proof.replace("./openapi.js", `./openapi-${index}.js`);
  }
  const lines = (await typeCheck(files)).split("\n");
  return documents.map((_, index) => lines.filter((line) => line.includes(`-${index}.ts`)));
}
