import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { describe, expect, inject, it } from "vitest";
import { readManifest } from "../../../../scripts/members.mjs";
import { problemsOf } from "../../../../scripts/packing.mjs";

const { packages } = inject("packed");
const checkout = fileURLToPath(new URL("../../../..", import.meta.url));

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

  it("has types that are right for every way to import it, node10 included", async () => {
    // YAML is for reading, not for importing.
    const excludeEntrypoints = ["./openapi.yaml"];
    const packedTypes = createPackageFromTarballData(readFileSync(tarball));
    const checked = await checkPackage(packedTypes, { excludeEntrypoints });
    // The packages are ES modules alone, which a CommonJS program loads with `import()`, or `require()` since Node 20.19.
    const problems = checked.types && checked.problems.filter(({ kind }) => kind !== "CJSResolvesToESM");
    expect(problems).toEqual([]);
  });

  it("shows nothing of the machine that packed it, and holds none of the tests' API keys", () => {
    const revealing = files.filter((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      return text.includes(checkout) || /canary/i.test(text);
    });
    expect(revealing).toEqual([]);
  });
});
