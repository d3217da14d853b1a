import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { MockServer } from "@auto-extend/mock-server";
import { build, transform } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { readManifest } from "../../../../scripts/members.mjs";
import { describeWith } from "../debian-package.js";
import { execute } from "../execute.js";
import { typeCheck } from "../type-check.js";
import { copyOfWorkspace } from "../workspace-copy.js";
import { savedAs } from "./blocks.js";

const page = "docs/openapi.md";
const core = "packages/core";
const cli = "packages/cli";
const mockServer = "apps/mock-server";
const installed = fileURLToPath(new URL("../../node_modules", import.meta.url));

describe("the operation that the page adds", () => {
  let copy: string;
  let mock: MockServer;

  beforeAll(async () => {
    const ends: (() => unknown)[] = [];
    copy = copyOfWorkspace((end) => ends.push(end));
    for (const file of [
      `${core}/src/contract/operations/get-tariff.ts`,
      `${mockServer}/src/engine/operations/tariff.ts`,
    ]) {
      writeFileSync(join(copy, file), savedAs(page, `toolkit/${file}`));
    }
    writeFileSync(join(copy, "lists.diff"), savedAs(page, "toolkit/lists.diff"));
    await succeed("git", "apply", "lists.diff");
    const tsc = join(installed, "typescript-7", "bin", "tsc");
    await succeed(process.execPath, tsc, "-p", `${core}/tsconfig.build.json`);
    await succeed(process.execPath, `${core}/scripts/write-openapi.mjs`);
    await succeed(process.execPath, tsc, "-p", `${mockServer}/tsconfig.build.json`);
    const { startMockServer } = await built<typeof import("@auto-extend/mock-server")>(
      `${mockServer}/dist/index.js`,
    );
    mock = await startMockServer();
    writeFileSync(join(copy, "openapi.json"), await (await fetch(`${mock.url}/openapi.json`)).text());
    return async () => {
      await mock.close();
      for (const end of ends) end();
    };
  });

  it("is served", async () => {
    const answer = await fetch(`${mock.url}/client/api/v1/any-key/tariff`);
    expect(await answer.json()).toEqual({ success: true, tariff: "basic", error: null });
    expect(mock.explain().text).toContain("every account has the tariff basic");
  });

  it("is in the document that `auto-extend openapi` prints", async () => {
    const { dependencies = {} } = readManifest(join(copy, cli));
    await build({
      entryPoints: [join(copy, cli, "src/index.ts")],
      outfile: join(copy, cli, "dist/bin/index.js"),
      bundle: true,
      platform: "node",
      format: "esm",
      conditions: ["@auto-extend/source"],
      external: Object.keys(dependencies).filter((name) => !name.startsWith("@auto-extend/")),
    });
    const { run } = await built<typeof import("@auto-extend/cli")>(`${cli}/dist/bin/index.js`);
    let printed = "";
    await run(["openapi"], {
      stdin: process.stdin,
      stdout: { write: (text) => (printed += text) },
      stderr: { write: () => {} },
      env: {},
      confirm: async () => false,
    });
    expect(JSON.parse(printed).paths).toHaveProperty(["/client/api/v1/{apiKey}/tariff"]);
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
    const { exitCode, stdout, stderr } = await execute(command, args, { cwd: copy });
    expect(exitCode, stdout + stderr).toBe(0);
    return stdout;
  }

  function built<Module>(file: string): Promise<Module> {
    return import(pathToFileURL(join(copy, file)).href);
  }
});
