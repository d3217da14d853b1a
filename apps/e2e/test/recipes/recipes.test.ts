import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startMockServer } from "@auto-extend/mock-server";
import { describe, expect, it } from "vitest";
import { execute, nodeOptions } from "../execute.ts";
import { savedAs } from "../guide/blocks.ts";

/** A test runner, and the recipe that is written for it. */
interface Runner {
  readonly name: string;
  /** The name under which docs/testing.md has the reader save the recipe. */
  readonly recipe: string;
  /** The settings of the project by the names of their files. */
  readonly settings: Readonly<Record<string, string>>;
  /** The arguments of Node. */
  readonly args: readonly string[];
  /** The results of single tests in what the runner prints. */
  results(stdout: string): TestResult[];
}

interface TestResult {
  readonly file: string;
  readonly passed: boolean;
}

const installed = fileURLToPath(new URL("../../node_modules", import.meta.url));
const folderOf = (name: string) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

const page = "docs/testing.md";
const esModules = { "package.json": '{ "type": "module" }' };

const runners: readonly Runner[] = [
  {
    name: "Vitest",
    recipe: "vitest/mock.test.ts",
    settings: {},
    args: [
      join(folderOf("vitest"), "vitest.mjs"),
      "run",
      "--reporter=json",
      "--no-isolate",
      "--maxWorkers=1",
    ],
    results: resultsInJson,
  },
  {
    name: "node:test",
    recipe: "node-test/mock.test.js",
    settings: esModules,
    args: [
      "--test",
      ...reportTo("stdout", fileURLToPath(new URL("node-test-reporter.mjs", import.meta.url))),
      ...reportTo("stderr", "spec"),
    ],
    results: (stdout) => stdout.split("\n").flatMap((line) => (line === "" ? [] : JSON.parse(line))),
  },
  {
    name: "Jest",
    recipe: "jest/mock.test.js",
    settings: { ...esModules, "jest.config.json": savedAs(page, "jest/jest.config.json") },
    args: ["--experimental-vm-modules", join(folderOf("jest"), "bin", "jest.js"), "--json", "--runInBand"],
    results: resultsInJson,
  },
];

describe.each(runners)("the recipe for $name", (runner) => {
  // The start of a runner takes most of the time, so there is one run. That a recipe alone passes, in a CommonJS project as well, is
  // proven where docs/testing.md is run.
  it("passes beside other files that do the same, and fails with wrong code, says why, and ends", async () => {
    const taken = await startMockServer();
    try {
      const recipe = savedAs(page, runner.recipe);
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

/**
 * Runs test files as their user would: in a project outside of this workspace, so that none of its settings are found,
 * with the built packages.
 *
 * @param texts the text of each file by its name, without the ending.
 */
async function run(runner: Runner, texts: Readonly<Record<string, string>>) {
  const project = realpathSync(mkdtempSync(join(tmpdir(), "auto-extend-recipe-")));
  try {
    for (const [name, text] of Object.entries(runner.settings)) writeFileSync(join(project, name), text);
    symlinkSync(installed, join(project, "node_modules"), "junction");
    const ending = basename(runner.recipe).replace("mock", "");
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(project, `${name}${ending}`), text);
    const env = { NODE_OPTIONS: nodeOptions };
    const { exitCode, stdout, stderr } = await execute(process.execPath, runner.args, { cwd: project, env });
    const printed = stdout + stderr;
    const results = runner.results(stdout);
    const files: Record<string, { passed: number; failed: number }> = {};
    for (const name of Object.keys(texts)) {
      const own = results.filter(({ file }) => file === join(project, `${name}${ending}`));
      const passed = own.filter((result) => result.passed).length;
      files[name] = { passed, failed: own.length - passed };
    }
    return { exitCode, files, printed };
  } finally {
    rmSync(project, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Vitest prints the JSON of Jest. */
function resultsInJson(stdout: string): TestResult[] {
  const { testResults } = JSON.parse(stdout) as {
    testResults: { name: string; assertionResults: { status: string }[] }[];
  };
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ status }) => ({ file: name, passed: status === "passed" })),
  );
}

function reportTo(destination: string, reporter: string): string[] {
  return [`--test-reporter=${reporter}`, `--test-reporter-destination=${destination}`];
}
