import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** They let anybody use and pass on the code; of what they ask, the copies on the registry take care. */
export const permissive = [
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
];

/** Holds a list of what was bundled to these licences; returns its text. */
export function expectPermissive(file: string, some: readonly string[]): string {
  const text = readFileSync(file, "utf8");
  const listed = [...text.matchAll(/^## (\S+) - \S+ \((.+)\)$/gm)].map(([, name, licence = ""]) => ({
    name,
    licence,
  }));
  expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining([...some]));
  expect(listed.filter(({ licence }) => !permissive.includes(licence))).toEqual([]);
  return text;
}
