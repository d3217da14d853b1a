import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runCli, runJson } from "./support/cli.js";

const shipped = JSON.parse(
  await readFile(createRequire(import.meta.url).resolve("@auto-extend/core/openapi.json"), "utf8"),
);

describe("openapi", () => {
  it("prints the document that core ships, in every format", async () => {
    expect(JSON.parse((await runCli(["openapi"])).stdout)).toEqual(shipped);
    expect(parse((await runCli(["openapi", "--yaml"])).stdout)).toEqual(shipped);
    expect(await runJson(["openapi"])).toMatchObject({ exitCode: 0, result: { document: shipped } });
  });

  it("names another server in place of those of the document", async () => {
    const { stdout } = await runCli(["openapi", "--server", "http://127.0.0.1:4010"]);
    expect(JSON.parse(stdout)).toEqual({ ...shipped, servers: [{ url: "http://127.0.0.1:4010" }] });
  });

  it("refuses a server that is no URL", async () => {
    expect(await runJson(["openapi", "--server", "localhost"])).toMatchObject({ exitCode: 2 });
  });
});
