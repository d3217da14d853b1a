import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createClient } from "@hey-api/openapi-ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod/v3";
import { alteredAnswers, oneOfEachBranch } from "../altered-answers.js";
import { builtFiles, documentNames, readDocument } from "../document.js";
import { pairsOf } from "../pairs.js";

/** In this member, so that the generated modules find zod. */
const reports = fileURLToPath(new URL("../../../reports/", import.meta.url));
let folder: string;
beforeAll(async () => {
  await mkdir(reports, { recursive: true });
  folder = await mkdtemp(`${reports}hey-api-`);
  await createClient(
    documentNames.map((name) => ({
      input: builtFiles[name],
      output: `${folder}/${name}`,
      plugins: ["@hey-api/typescript", { name: "zod", compatibilityVersion: 3 }],
      logs: { level: "silent", file: false },
    })),
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe("what hey-api generates", () => {
  it.each(documentNames)("has no field in %s that nothing can be", async (name) => {
    const types = await readFile(`${folder}/${name}/types.gen.ts`, "utf8");
    expect(types).toContain("export type Problem = {");
    // A request says `never` of the parts that it does not have.
    expect(types.match(/^\s*(?!(body|path|query)\?: never)\w+\??: never.*$/gm)).toBeNull();
  });

  it.each(pairsOf(readDocument()))(
    "takes the answer $name of $operationId",
    async ({ operationId, answer }) => {
      const schema = await schemaOf(operationId);
      expect(answer).toMatchObject(schema.parse(answer));
    },
  );

  it.each(oneOfEachBranch())(
    "takes what is lawful of $operationId, and nothing else, in $name",
    async (pair) => {
      const schema = await schemaOf(pair.operationId);
      for (const { change, json, isLawful } of alteredAnswers(pair)) {
        expect(schema.safeParse(json).success, change).toBe(isLawful);
      }
    },
  );
});

async function schemaOf(operationId: string): Promise<z.ZodTypeAny> {
  const schemas = (await import(`${folder}/openapi.json/zod.gen.ts`)) as Record<string, z.ZodTypeAny>;
  const name = `z${operationId[0]?.toUpperCase()}${operationId.slice(1)}Response`;
  return schemas[name] ?? expect.unreachable(`no ${name} in ${Object.keys(schemas)}`);
}
