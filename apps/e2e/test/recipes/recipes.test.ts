import { readFileSync } from "node:fs";
import { startMockServer } from "@auto-extend/mock-server";
import { describe, expect, it } from "vitest";
import { type Runner, recipeOf, run, runners } from "./runners.js";

const readme = readFileSync(new URL("../../../mock-server/README.md", import.meta.url), "utf8");
const blocks = [...readme.matchAll(/```[jt]s\n(.*?)```/gs)].map(([, text]) => text);

describe.each(runners)("the recipe for $name", (runner) => {
  it("stands in the README as it is", () => {
    expect(blocks).toContain(recipeOf(runner));
  });

  it("passes", async () => {
    const { ended, printed } = await run(runner, [recipeOf(runner)]);
    expect(ended, printed).toEqual({ code: 0, passed: 2, failed: 0 });
  });

  it("passes beside another file that does the same: each has a mock of its own", async () => {
    const recipe = recipeOf(runner);
    const { ended, printed } = await run(runner, [recipe, recipe]);
    expect(ended, printed).toEqual({ code: 0, passed: 4, failed: 0 });
  });

  it.each([
    ["code that switches an order off", "    autoExtend: true,", "    autoExtend: false,"],
    ["code that is not refused", "99999", "22222"],
    ["a mock that nothing resets", " beforeEach, after", " beforeEach: () => {}, after"],
  ])("fails with %s", async (_, text, instead) => {
    const { ended, printed } = await run(runner, [changed(runner, text, instead)]);
    expect(ended, printed).toEqual({ code: 1, passed: 1, failed: 1 });
  });

  it("fails with a mock that can't start, says why, and ends", async () => {
    const taken = await startMockServer();
    try {
      const recipe = changed(runner, " });\n\n", ` }, { port: ${taken.port} });\n\n`);
      const { ended, printed } = await run(runner, [recipe]);
      expect(ended, printed).toMatchObject({ code: 1, passed: 0 });
      expect(printed).toContain("EADDRINUSE");
    } finally {
      await taken.close();
    }
  });
});

it.each(["jest", "jest-commonjs"])("the README shows the configuration of %s", (folder) => {
  const config = readFileSync(new URL(`${folder}/jest.config.json`, import.meta.url), "utf8");
  const shown = [...readme.matchAll(/`(\{.*?\})`|```json\n(.*?)\n```/gs)].map(
    ([, inline, block]) => inline ?? block,
  );
  expect(shown).toContain(config.trim());
});

/** A recipe with one thing in it changed; a change that finds nothing to change would prove nothing. */
function changed(runner: Runner, text: string, instead: string): string {
  const parts = recipeOf(runner).split(text);
  expect(parts).toHaveLength(2);
  return parts.join(instead);
}
