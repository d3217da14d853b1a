import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { transform } from "esbuild";
import { expect, inject, it, onTestFinished } from "vitest";
import { execute } from "../execute.ts";
import { savedAs } from "../guide/blocks.ts";

const { projects } = inject("packed");
const require = createRequire(import.meta.url);

// Only npm's layout, with the packages inside node_modules, shows whether Jest translates them.
it("Jest runs the recipe in a CommonJS project, also written with require()", async () => {
  const project = realpathSync(mkdtempSync(join(tmpdir(), "auto-extend-jest-")));
  onTestFinished(() => rmSync(project, { recursive: true, force: true, maxRetries: 3 }));
  const settings = savedAs("docs/testing.md", "jest-commonjs/jest.config.json");
  writeFileSync(join(project, "jest.config.json"), settings);
  symlinkSync(join(projects[0]?.folder ?? "", "node_modules"), join(project, "node_modules"), "junction");
  const recipe = savedAs("docs/testing.md", "jest/mock.test.js");
  writeFileSync(join(project, "import.test.js"), recipe);
  const { code: required } = await transform(recipe, { format: "cjs" });
  expect(required).toContain('require("@auto-extend/mock-server/testing")');
  writeFileSync(join(project, "require.test.js"), required);

  const jest = join(dirname(require.resolve("jest/package.json")), "bin", "jest.js");
  // SWC comes from this workspace, rather than by one more installation.
  const transforms = JSON.stringify({ "[.]js$": require.resolve("@swc/jest") });
  const args = [jest, "--json", "--transform", transforms];
  const { exitCode, stdout, stderr } = await execute(process.execPath, args, { cwd: project });
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ numPassedTests: 4, numFailedTests: 0 });
});
