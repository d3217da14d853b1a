import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const sources = ["core", "client"].map(
  (name) => new URL(`../../../../packages/${name}/src/`, import.meta.url),
);

it("no regular expression of core and client needs look-behind or property escapes, which older engines lack", () => {
  for (const folder of sources) {
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts")) continue;
      const source = readFileSync(new URL(file, folder), "utf8");
      expect(source, file).not.toMatch(/\(\?<[=!]|\\p\{/);
    }
  }
});
