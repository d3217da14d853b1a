import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { members } from "../../../../scripts/members.mjs";
import { placeholdersIn } from "../../../../scripts/packing.mjs";
import { expectPermissive, permissive } from "../licences.ts";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));
const bin = join(checkout, "node_modules", ".bin");
const published = members(checkout).filter(({ manifest }) => !manifest.private);

describe("a release", () => {
  it("publishes nothing as long as a package has a placeholder for the repository's address", async () => {
    const copy = copyOfManifests({ owner: "OWNER" });
    const problems = placeholdersIn(copy);
    expect(problems).toHaveLength(published.length);
    for (const path of [".changeset", "package.json", "pnpm-lock.yaml", "scripts"]) {
      cpSync(join(checkout, path), join(copy, path), { recursive: true });
    }
    symlinkSync(join(checkout, "node_modules"), join(copy, "node_modules"));
    const { exitCode, stdout, stderr } = await execa(process.execPath, ["scripts/workspace.mjs", "release"], {
      cwd: copy,
      reject: false,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Nothing was published:");
    for (const problem of problems) expect(stderr).toContain(problem);
    expect(stderr).toContain("leave it to the release workflow");
    expect(stdout).not.toContain("Running build");
  });

  it("is not refused once all packages say where they come from", () => {
    expect(placeholdersIn(copyOfManifests({ owner: "somebody" }))).toEqual([]);
  });

  it.each(["repository", "homepage", "bugs"])("is refused for a package without %s", (field) => {
    const copy = copyOfManifests({ owner: "somebody" });
    for (const { folder, manifest } of members(copy)) {
      writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, [field]: undefined }));
    }
    expect(placeholdersIn(copy)).toHaveLength(published.length);
    for (const problem of placeholdersIn(copy)) expect(problem).toContain(`(${field})`);
  });

  it("is refused for a README of the repository that has the placeholder", () => {
    const copy = copyOfManifests({ owner: "somebody" });
    writeFileSync(join(copy, "README.md"), "[the site](https://OWNER.github.io/auto-extend-toolkit/)");
    expect(placeholdersIn(copy)).toEqual([expect.stringContaining("README.md: put the real address")]);
  });

  it("is refused for a README whose links have the placeholder", () => {
    const copy = copyOfManifests({ owner: "somebody", readmeOwner: "OWNER" });
    expect(placeholdersIn(copy)).toHaveLength(published.length);
    for (const problem of placeholdersIn(copy)) expect(problem).toContain("(README.md)");
  });
});

describe("everything that a package brings along", () => {
  it("has a licence that allows it", async () => {
    const filters = published.map(({ manifest }) => `--filter=${manifest.name}`);
    const args = ["licenses", "list", "--prod", "--json", ...filters];
    const { stdout } = await execa(join(bin, "pnpm"), args, { cwd: checkout });
    const licences: Record<string, { name: string }[]> = JSON.parse(stdout);
    expect(Object.values(licences).flat().length).toBeGreaterThan(50);
    expect(Object.keys(licences).filter((licence) => !permissive.includes(licence))).toEqual([]);
    const mock = createRequire(join(checkout, "apps/mock-server/package.json"));
    // It is copied into the mock's pages as it is.
    expect(permissive).toContain(licenceOf(mock.resolve("swagger-ui-dist"), "swagger-ui-dist"));
  });

  it.each([
    ["the program of apps/mock-server", "apps/mock-server/dist/bin", ["commander", "tinyqueue", "zod"]],
    ["the program of packages/cli", "packages/cli/dist/bin", ["commander", "tinyqueue", "zod"]],
    [
      "what the mock's program loads later",
      "apps/mock-server/dist/packages",
      ["express", "https-proxy-agent"],
    ],
    ["what the CLI's program loads later", "packages/cli/dist/packages", ["undici"]],
    ["the page of apps/mock-server", "apps/mock-server/pages/dashboard", ["preact", "uplot"]],
  ])("is listed with %s, which is bundled", (_, folder, some) => {
    const text = expectPermissive(join(checkout, folder, "licenses.md"), some);
    // The text of each follows its heading.
    expect(
      text.match(/Permission (?:is hereby granted|to use)|Redistribution and use/g)?.length,
    ).toBeGreaterThanOrEqual(text.match(/^## \S+ - /gm)?.length ?? 1);
  });

  it("includes the licence of the package itself", () => {
    for (const { folder, manifest } of published) {
      expect(manifest).toMatchObject({ license: "MIT", files: expect.arrayContaining(["LICENSE"]) });
      expect(readFileSync(join(folder, "LICENSE"), "utf8")).toBe(
        readFileSync(join(checkout, "LICENSE"), "utf8"),
      );
    }
  });
});

/** The package.json files and READMEs of this checkout in a new folder, as if the repository belonged to `owner`. */
function copyOfManifests({ owner, readmeOwner = owner }: { owner: string; readmeOwner?: string }): string {
  const copy = mkdtempSync(join(tmpdir(), "auto-extend-manifests-"));
  onTestFinished(() => rmSync(copy, { recursive: true }));
  for (const { folder } of members(checkout)) {
    const other = join(copy, folder.slice(checkout.length));
    mkdirSync(other, { recursive: true });
    for (const [name, newOwner] of [
      ["package.json", owner],
      ["README.md", readmeOwner],
    ] as const) {
      if (!existsSync(join(folder, name))) continue;
      const text = readFileSync(join(folder, name), "utf8");
      writeFileSync(
        join(other, name),
        text.replace(/(?<=github\.com\/)[^/]+(?=\/auto-extend-toolkit)|[^/]+(?=\.github\.io\/)/g, newOwner),
      );
    }
  }
  return copy;
}

function licenceOf(entry: string, name: string): string {
  const folder = entry.slice(
    0,
    entry.lastIndexOf(`/node_modules/${name}/`) + `/node_modules/${name}/`.length,
  );
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).license;
}
