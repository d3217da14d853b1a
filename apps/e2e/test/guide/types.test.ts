import { expect, it } from "vitest";
import { typeCheck } from "../type-check.js";
import { markdownFiles } from "./blocks.js";

const programs = markdownFiles()
  .flatMap(({ blocks }) => blocks)
  .filter(({ language, directives }) => language === "ts" && directives["not run"] === undefined)
  // What imports other files is checked together with these, where its document is tested.
  .filter(({ text }) => !/from "[.]{1,2}[/]/.test(text));

it("all programs in TypeScript have correct types", async () => {
  expect(programs.length).toBeGreaterThan(15);
  const files = programs.map(({ place, text, directives }) => [
    `${place.replace(/\W+/g, "-")}.ts`,
    // A file without imports would not be a module.
    `${directives.setup ?? ""}\n${text}\nexport {};\n`,
  ]);
  expect(await typeCheck(Object.fromEntries(files))).toBe("");
});
