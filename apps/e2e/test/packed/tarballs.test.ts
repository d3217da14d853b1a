import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { describe, expect, inject, it } from "vitest";
import { readManifest } from "../../../../scripts/members.mjs";
import { problemsOf } from "../../../../scripts/packing.mjs";
import { execute } from "./execute.ts";

const { packages } = inject("packed");
const checkout = fileURLToPath(new URL("../../../..", import.meta.url));
const attw = join(
  dirname(createRequire(import.meta.url).resolve("@arethetypeswrong/cli/package.json")),
  "dist/index.js",
);

it("packs the five published packages, all of one version", () => {
  expect(packages.map(({ name }) => name).sort()).toEqual([
    "@auto-extend/cli",
    "@auto-extend/client",
    "@auto-extend/contract-tests",
    "@auto-extend/core",
    "@auto-extend/mock-server",
  ]);
  expect(new Set(packages.map(({ version }) => version)).size).toBe(1);
});

describe.each(packages)("$name", (packed) => {
  const { tarball, folder, files } = packed;

  it("has what a published package needs, and nothing of the workspace", () => {
    expect(problemsOf(packed, packages)).toEqual([]);
  });

  it("gives publint nothing to say", async () => {
    const file = readFileSync(tarball);
    const buffer = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
    const { messages } = await publint({ pack: { tarball: buffer }, strict: true, level: "suggestion" });
    expect(messages.map((message) => formatMessage(message, readManifest(folder)))).toEqual([]);
  });

  it("has types that are right for every way to import it", async () => {
    // YAML is for reading, not for importing.
    const args = [tarball, "--profile", "esm-only", "--exclude-entrypoints", "./openapi.yaml"];
    const { code, stdout } = await execute(process.execPath, [attw, ...args], { cwd: folder });
    expect(code, stdout).toBe(0);
  });

  it("tells nothing of the machine that packed it, and holds none of the tests' API keys", () => {
    const telling = files.filter((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      return text.includes(checkout) || /canary/i.test(text);
    });
    expect(telling).toEqual([]);
  });
});
