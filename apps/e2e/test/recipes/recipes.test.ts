import { startMockServer } from "@auto-extend/mock-server";
import { describe, expect, it } from "vitest";
import { recipeOf, run, runners } from "./runners.js";

describe.each(runners)("the recipe for $name", (runner) => {
  // The start of a runner takes most of the time, so there is one run. That a recipe alone passes, in a CommonJS project as well, is proven where docs/testing.md is run.
  it("passes beside other files that do the same, and fails with wrong code, says why, and ends", async () => {
    const taken = await startMockServer();
    try {
      const recipe = recipeOf(runner);
      const { printed, ...ended } = await run(runner, {
        one: recipe,
        "switches-off-and-is-not-refused": changed(
          changed(recipe, "    autoExtend: true,", "    autoExtend: false,"),
          "99999",
          "22222",
        ),
        "nothing-resets": changed(recipe, " beforeEach, after", " beforeEach: () => {}, after"),
        "cannot-start": changed(recipe, " });\n\n", ` }, { port: ${taken.port} });\n\n`),
      });
      const oneFailed = { passed: 1, failed: 1 };
      expect(ended, printed).toMatchObject({
        exitCode: 1,
        files: {
          one: { passed: 2, failed: 0 },
          "switches-off-and-is-not-refused": { passed: 0, failed: 2 },
          "nothing-resets": oneFailed,
          "cannot-start": { passed: 0 },
        },
      });
      expect(printed).toContain("EADDRINUSE");
    } finally {
      await taken.close();
    }
  });
});

/** A recipe with one thing in it changed; a change that finds nothing to change would prove nothing. */
function changed(recipe: string, text: string, instead: string): string {
  const parts = recipe.split(text);
  expect(parts).toHaveLength(2);
  return parts.join(instead);
}
