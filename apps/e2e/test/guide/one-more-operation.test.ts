import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { MockServer } from "@auto-extend/mock-server";
import { transform } from "esbuild";
import { convert } from "openapi-to-postmanv2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWith } from "../debian-package.js";
import { execute } from "../execute.js";
import { typeCheck } from "../type-check.js";
import { copyOfWorkspace, turboCache } from "../workspace-copy.js";
import { markdownFiles } from "./blocks.js";

const path = "/client/api/v1/{apiKey}/tariff";
const installed = fileURLToPath(new URL("../../node_modules", import.meta.url));

describe("the operation that the page adds", () => {
  let copy: string;
  let mock: MockServer;
  const ends: (() => unknown)[] = [];

  // Also if the hook below fails.
  afterAll(async () => {
    await mock?.close();
    for (const end of ends) end();
  });

  beforeAll(async () => {
    copy = copyOfWorkspace((end) => ends.push(end));
    const { blocks = [] } = markdownFiles().find(({ path }) => path === "docs/openapi.md") ?? {};
    const [commands, ...files] = blocks
      .filter(({ folder }) => folder === "toolkit")
      .sort((one, other) => Number(other.language === "sh") - Number(one.language === "sh"));
    for (const { directives, text } of files) writeFileSync(join(copy, directives.file ?? ""), text);
    await succeed("git", "apply", "lists.diff");
    await succeed("sh", "-ec", commands?.text ?? "");
    const module = pathToFileURL(join(copy, "apps/mock-server/dist/index.js")).href;
    const { startMockServer }: typeof import("@auto-extend/mock-server") = await import(module);
    mock = await startMockServer();
    writeFileSync(join(copy, "openapi.json"), await (await fetch(`${mock.url}/openapi.json`)).text());
  }, 900_000);

  it("is served", async () => {
    const answer = await fetch(`${mock.url}/client/api/v1/any-key/tariff`);
    expect(await answer.json()).toEqual({ success: true, tariff: "basic", error: null });
    expect(mock.explain().text).toContain("every account has the tariff basic");
  });

  it("is in the committed documents, and in the table of operations", () => {
    for (const file of ["openapi.json", "openapi.yaml"])
      expect(readFileSync(join(copy, "docs", file), "utf8")).toContain(path);
    expect(readFileSync(join(copy, "docs/core.md"), "utf8")).toContain("| `getTariff` | Read the tariff |");
  });

  it("is in the document that `auto-extend openapi` prints", async () => {
    const printed = await succeed(process.execPath, "packages/cli/bin/auto-extend.js", "openapi");
    expect(JSON.parse(printed).paths).toHaveProperty([path]);
  });

  it("is on the page of the mock", async () => {
    const page = await (await fetch(`${mock.url}/docs`)).text();
    const [, shown = ""] = /<script type="application\/json" id="document">(.*?)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(shown).paths).toHaveProperty([path]);
  });

  it("is in the Postman collection that is made from the document", async () => {
    const data = JSON.parse(readFileSync(join(copy, "openapi.json"), "utf8"));
    const result = await promisify(convert)({ type: "json", data }, {});
    expect(JSON.stringify(result)).toContain('"request":{"name":"Read the tariff"');
  });

  it("is on a page that is made from the document", async () => {
    await succeed(join(installed, ".bin", "redocly"), "build-docs", "openapi.json", "--output", "page.html");
    expect(readFileSync(join(copy, "page.html"), "utf8")).toContain("Read the tariff");
  });

  it("can be called by the generated client in TypeScript", async () => {
    const generated = join(copy, "apps", "e2e");
    const types = join(generated, "api.ts");
    await succeed(join(installed, ".bin", "openapi-typescript"), "openapi.json", "--output", types);
    const program = `
      import createClient from "openapi-fetch";
      import type { paths } from "./api.ts";
      const api = createClient<paths>({ baseUrl: "${mock.url}" });
      const { data } = await api.GET("/client/api/v1/{apiKey}/tariff", { params: { path: { apiKey: "any-key" } } });
      if (data?.success) console.log("The tariff is " + data.tariff.toUpperCase());`;
    const api = readFileSync(types, "utf8");
    expect(await typeCheck({ "api.ts": api, "program.ts": program.replace("./api.ts", "./api.js") })).toBe(
      "",
    );
    const { code } = await transform(program, { loader: "ts", format: "esm" });
    writeFileSync(join(generated, "program.mjs"), code);
    expect(await succeed(process.execPath, join(generated, "program.mjs"))).toBe("The tariff is BASIC\n");
  });

  describeWith("libopenapi-client-perl", "with Perl", () => {
    it("is a method of the client that is made from the document", async () => {
      const program = `
        use Mojo::Base -strict;
        use OpenAPI::Client;
        my $api = OpenAPI::Client->new("${mock.url}/openapi.json");
        say $api->getTariff({ apiKey => "any-key" })->res->json->{tariff};`;
      expect(await succeed("perl", "-e", program)).toBe("basic\n");
    });
  });

  async function succeed(command: string, ...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await execute(command, args, { cwd: copy, env: turboCache });
    expect(exitCode, stdout + stderr).toBe(0);
    return stdout;
  }
});
