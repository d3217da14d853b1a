import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const program = fileURLToPath(new URL("../../../../packages/cli/dist/bin/", import.meta.url));

/** The files that the program loads before it knows what it is to do, by their names. */
function filesAtStart(): string[] {
  const found = new Set(["bin.js"]);
  for (const name of found) {
    const text = readFileSync(`${program}${name}`, "utf8");
    for (const [, other = ""] of text.matchAll(/^import .* from "\.\/(.+)";$/gm)) found.add(other);
  }
  return [...found];
}

it("help, version and completion load no schemas, which take a sixth of the time until they are shown", () => {
  const hasSchemas = (name: string) => readFileSync(`${program}${name}`, "utf8").includes("ZodType = class");
  expect(readdirSync(program).filter((name) => name.endsWith(".js") && hasSchemas(name))).toHaveLength(1);
  const files = filesAtStart();
  expect(files).toContain("program.js");
  expect(files.filter(hasSchemas)).toEqual([]);
});
