import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { build } from "esbuild";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../debian-package.js";

const guide = readFileSync(new URL("../../../../docs/openapi.md", import.meta.url), "utf8");
const installed = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** The blocks of a language that stand in the guide, in their order. */
const blocksIn = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "gs"))].map(([, text = ""]) => text);

const commands = blocksIn("sh").join("").trim().split("\n");

let mock: MockServer;
let folder: string;
beforeAll(async () => {
  mock = await startMockServer();
  folder = realpathSync(mkdtempSync(join(tmpdir(), "auto-extend-openapi-")));
  symlinkSync(installed, join(folder, "node_modules"), "junction");
});
afterAll(async () => {
  await mock.close();
  rmSync(folder, { recursive: true, maxRetries: 3 });
});

const atMock = (text: string) => text.replaceAll("http://127.0.0.1:4010", mock.url);

function save(name: string, text: string | undefined): void {
  if (text === undefined) expect.fail(`The guide has no text for ${name}.`);
  writeFileSync(join(folder, name), atMock(text));
}

/** Runs a command of the guide as a reader would paste it. */
async function paste(command: string): Promise<string> {
  expect(commands, "the guide has this command").toContain(command);
  const { stdout } = await execa("sh", ["-ec", atMock(command)], { cwd: folder });
  return stdout;
}

it("nothing else is to be pasted than what the tests here run, and what installs, builds and starts", () => {
  expect(commands).toHaveLength(11);
});

describeWith("curl", "the guide from the OpenAPI document", () => {
  it("gets the document from the mock", async () => {
    await paste("curl -s http://127.0.0.1:4010/openapi.json > openapi.json");
    const document = JSON.parse(readFileSync(join(folder, "openapi.json"), "utf8"));
    expect(document.servers[0].url).toBe(mock.url);
  });

  it("makes a page", async () => {
    await paste("npx redocly build-docs openapi.json --output page.html");
    expect(readFileSync(join(folder, "page.html"), "utf8")).toContain("Switch auto-extend by order ids");
  });

  it("makes a typed client that switches an order off", async () => {
    await paste("npx openapi-typescript openapi.json --output api.ts");
    save("switch-off.mts", blocksIn("ts")[0]);
    const options = ["--module", "NodeNext", "--strict", "--noEmit", "--skipLibCheck", "--lib", "ES2022,DOM"];
    await execa("npx", ["tsc", ...options, "--allowImportingTsExtensions", "switch-off.mts"], {
      cwd: folder,
    });
    // Older Nodes than the one that the guide names run no TypeScript.
    await build({ entryPoints: [join(folder, "switch-off.mts")], outfile: join(folder, "switch-off.mjs") });
    const { stdout } = await execa("node", ["switch-off.mjs"], { cwd: folder });
    expect(stdout).toBe("IP addresses switched off: 1");
  });

  it("makes programs in PHP and Go", async () => {
    save("program.mjs", blocksIn("js")[0]);
    const php = await execa("node", ["program.mjs", "php", "curl"], { cwd: folder });
    expect(php.stdout).toContain(`${mock.url}/client/api/v1/`);
    const go = await execa("node", ["program.mjs", "go", "native"], { cwd: folder });
    expect(go.stdout).toContain(`${mock.url}/client/api/v1/`);
  });

  describeWith("python3", "with Python", () => {
    it("runs a program that switches an order on", async () => {
      await paste("node program.mjs python http.client > switch_on.py");
      const printed = await paste("python3 switch_on.py");
      expect(JSON.parse(printed)).toMatchObject({ success: true, proxyType: "IPv4", quantity: 1 });
    });
  });
});
