import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { readManifest } from "../../../../scripts/members.mjs";

const range = "^3.25.76 || ^4.0.0";
const { packages, projects } = inject("packed");

it("asks for zod 3 or zod 4 in every package that has schemas", () => {
  const ranges = packages.map(({ name, folder }) => [name, readManifest(folder).dependencies?.zod]);
  expect(Object.fromEntries(ranges)).toEqual({
    "@auto-extend/cli": range,
    "@auto-extend/client": undefined,
    "@auto-extend/contract-tests": range,
    "@auto-extend/core": range,
    "@auto-extend/mock-server": range,
  });
});

describe.each(projects)("in the project $name", ({ name, folder }) => {
  it("there is one copy of zod, and it is the user's", () => {
    const copies = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
      /node_modules[\\/]zod[\\/]package\.json$/.test(path),
    );
    expect(copies).toEqual([join("node_modules", "zod", "package.json")]);
    const { version } = readManifest(join(folder, "node_modules", "zod"));
    expect(version).toMatch(name === "zod-3" ? /^3\.25\.76$/ : /^4\./);
  });

  it("npm finds msw to be of a version that the mock takes", () => {
    const { version } = readManifest(join(folder, "node_modules", "msw"));
    expect(version).toMatch({ "zod-3": /^2\.0\.0$/, "zod-4": /^2\./, "no-zod": /^3\./ }[name]);
  });
});
