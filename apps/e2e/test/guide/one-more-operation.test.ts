import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { expect, it, onTestFinished } from "vitest";
import { execute } from "../execute.js";
import { copyOfWorkspace } from "../workspace-copy.js";
import { savedAs } from "./blocks.js";

const page = "docs/openapi.md";
const core = "packages/core";
const mockServer = "apps/mock-server";
const bin = fileURLToPath(new URL("../../node_modules", import.meta.url));

it("the operation that the page adds is served, documented, and in a generated client", async () => {
  const copy = copyOfWorkspace();
  for (const file of [
    `${core}/src/contract/operations/get-tariff.ts`,
    `${mockServer}/src/engine/operations/tariff.ts`,
  ]) {
    writeFileSync(join(copy, file), savedAs(page, `toolkit/${file}`));
  }
  writeFileSync(join(copy, "lists.diff"), savedAs(page, "toolkit/lists.diff"));
  await succeed(copy, "git", ["apply", "lists.diff"]);

  const tsc = join(bin, "typescript-7", "bin", "tsc");
  await succeed(copy, process.execPath, [tsc, "-p", `${core}/tsconfig.build.json`]);
  await succeed(copy, process.execPath, [`${core}/scripts/write-openapi.mjs`]);
  await succeed(copy, process.execPath, [tsc, "-p", `${mockServer}/tsconfig.build.json`]);

  const built = pathToFileURL(join(copy, mockServer, "dist", "index.js")).href;
  const { startMockServer }: typeof import("@auto-extend/mock-server") = await import(built);
  const mock = await startMockServer();
  onTestFinished(() => mock.close());
  const read = async (path: string) => (await fetch(mock.url + path)).json();
  expect(await read("/client/api/v1/any-key/tariff")).toEqual({
    success: true,
    tariff: "basic",
    error: null,
  });
  expect(mock.explain().text).toContain("every account has the tariff basic");

  const types = astToString(await openapiTS(JSON.stringify(await read("/openapi.json"))));
  expect(types).toMatch(/getTariff: \{\n/);
});

async function succeed(cwd: string, command: string, args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await execute(command, args, { cwd });
  expect(exitCode, stdout + stderr).toBe(0);
}
