import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { members } from "../../../../scripts/members.mjs";
import { placeholdersIn } from "../../../../scripts/packing.mjs";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));
const bin = join(checkout, "node_modules", ".bin");
const published = members(checkout).filter(({ manifest }) => !manifest.private);

describe("a release", () => {
  it("publishes nothing as long as a package has a placeholder for the repository's address", async () => {
    const problems = placeholdersIn(checkout);
    expect(problems).toHaveLength(published.length);
    const { exitCode, stdout, stderr } = await execa(process.execPath, ["scripts/workspace.mjs", "release"], {
      cwd: checkout,
      reject: false,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Nothing was published:");
    for (const problem of problems) expect(stderr).toContain(problem);
    expect(stdout).not.toContain("Running build");
  });

  it("is not refused once all packages say where they come from", () => {
    const copy = copyOfManifests((text) => text.replaceAll("OWNER", "somebody"));
    expect(placeholdersIn(copy)).toEqual([]);
  });

  it.each(["repository", "homepage", "bugs"])("is refused for a package without %s", (field) => {
    const copy = copyOfManifests((text) => {
      const { [field]: _, ...rest } = JSON.parse(text.replaceAll("OWNER", "somebody"));
      return JSON.stringify(rest);
    });
    expect(placeholdersIn(copy)).toHaveLength(published.length);
    for (const problem of placeholdersIn(copy)) expect(problem).toContain(`(${field})`);
  });
});

it("a release is refused for a README whose links have the placeholder", () => {
  const copy = copyOfManifests(
    (text) => text.replaceAll("OWNER", "somebody"),
    (text) => text,
  );
  expect(placeholdersIn(copy)).toHaveLength(published.length);
  for (const problem of placeholdersIn(copy)) expect(problem).toContain("(README.md)");
});

describe("everything that a package brings along", () => {
  /** They let anybody use and pass on the code; of what they ask, the copies on the registry take care. */
  const permissive = ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "BlueOak-1.0.0"];
  /** Built into the pages and the program of the mock; everything else that is bundled is installed as well. */
  const bundled = ["swagger-ui-dist", "commander"];

  it("has a licence that allows it", async () => {
    const filters = published.map(({ manifest }) => `--filter=${manifest.name}`);
    const args = ["licenses", "list", "--prod", "--json", ...filters];
    const { stdout } = await execa(join(bin, "pnpm"), args, { cwd: checkout });
    const licences: Record<string, { name: string }[]> = JSON.parse(stdout);
    expect(Object.values(licences).flat().length).toBeGreaterThan(50);
    expect(Object.keys(licences).filter((licence) => !permissive.includes(licence))).toEqual([]);
    const mock = createRequire(join(checkout, "apps/mock-server/package.json"));
    for (const name of bundled) expect(permissive).toContain(licenceOf(mock.resolve(name), name));
  });

  it.each(["apps/mock-server", "packages/cli"])(
    "is listed with the program of %s, which is bundled",
    (folder) => {
      const text = readFileSync(join(checkout, folder, "dist/bin/licenses.md"), "utf8");
      const listed = [...text.matchAll(/^## (\S+) - \S+ \((.+)\)$/gm)].map(([, name, licence]) => ({
        name,
        licence,
      }));
      expect(listed.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["commander", "tinyqueue", "zod"]),
      );
      expect(listed.filter(({ licence = "" }) => !permissive.includes(licence))).toEqual([]);
      // The text of each follows its heading.
      expect(text.match(/Permission (?:is hereby granted|to use)/g)?.length).toBeGreaterThanOrEqual(
        listed.length,
      );
    },
  );

  it("includes the licence of the package itself", () => {
    for (const { folder, manifest } of published) {
      expect(manifest).toMatchObject({ license: "MIT", files: expect.arrayContaining(["LICENSE"]) });
      expect(readFileSync(join(folder, "LICENSE"), "utf8")).toBe(
        readFileSync(join(checkout, "LICENSE"), "utf8"),
      );
    }
  });
});

/** The package.json files and READMEs of a checkout in a new folder, the former changed. */
function copyOfManifests(
  change: (text: string) => string,
  readmeText = (text: string) => text.replaceAll("OWNER", "somebody"),
): string {
  const copy = mkdtempSync(join(tmpdir(), "auto-extend-manifests-"));
  onTestFinished(() => rmSync(copy, { recursive: true }));
  for (const { folder } of members(checkout)) {
    const other = join(copy, folder.slice(checkout.length));
    mkdirSync(other, { recursive: true });
    cpSync(join(folder, "package.json"), join(other, "package.json"));
    const readme = join(folder, "README.md");
    if (existsSync(readme)) writeFileSync(join(other, "README.md"), readmeText(readFileSync(readme, "utf8")));
  }
  for (const { folder } of members(copy)) {
    const file = join(folder, "package.json");
    writeFileSync(file, change(readFileSync(file, "utf8")));
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
