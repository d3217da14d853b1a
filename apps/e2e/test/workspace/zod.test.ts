import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";

interface Importer {
  readonly dependencies?: Readonly<Record<string, { readonly specifier: string }>>;
  readonly devDependencies?: Importer["dependencies"];
}

it("each member is developed beside zod 3, whatever its users bring", () => {
  const lock = readFileSync(new URL("../../../../pnpm-lock.yaml", import.meta.url), "utf8");
  const importers: Readonly<Record<string, Importer>> = parse(lock).importers;
  const specifiers = Object.entries(importers).flatMap(([member, { dependencies, devDependencies }]) => {
    const { zod } = { ...devDependencies, ...dependencies };
    return zod ? [[member, zod.specifier]] : [];
  });
  expect(specifiers.length).toBeGreaterThanOrEqual(5);
  expect(specifiers.filter(([, specifier]) => !specifier?.startsWith("3."))).toEqual([]);
});
