import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execute } from "../execute.ts";

/** A test runner, and the recipe that is written for it. */
export interface Runner {
  readonly name: string;
  /** The recipe's path from here. Vitest's is not a `.test.ts`, which this workspace's own run would pick up. */
  readonly recipe: string;
  /** A folder with the project's settings, and the ending of test files in it (default: those of the recipe). */
  readonly settings?: string;
  readonly ending?: string;
  /** The arguments of Node. */
  readonly args: readonly string[];
  /** The results of single tests in what the runner prints. */
  results(stdout: string): TestResult[];
}

interface TestResult {
  readonly file: string;
  readonly passed: boolean;
}

/** How many tests of a file passed and failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const here = fileURLToPath(new URL(".", import.meta.url));
const installed = fileURLToPath(new URL("../../node_modules", import.meta.url));
const folderOf = (name: string) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

export const runners: readonly Runner[] = [
  {
    name: "Vitest",
    recipe: "vitest/recipe.spec.ts",
    args: [join(folderOf("vitest"), "vitest.mjs"), "run", "--reporter=json"],
    results: resultsInJson,
  },
  {
    name: "node:test",
    recipe: "node-test/recipe.test.mjs",
    args: [
      "--test",
      ...reportTo("stdout", join(here, "node-test-reporter.mjs")),
      ...reportTo("stderr", "spec"),
    ],
    results: (stdout) => stdout.split("\n").flatMap((line) => (line === "" ? [] : JSON.parse(line))),
  },
  {
    name: "Jest",
    recipe: "jest/recipe.test.mjs",
    args: ["--experimental-vm-modules", join(folderOf("jest"), "bin", "jest.js"), "--json"],
    results: resultsInJson,
  },
  {
    name: "Jest in a CommonJS project",
    recipe: "jest/recipe.test.mjs",
    settings: "jest-commonjs",
    ending: ".test.js",
    args: [join(folderOf("jest"), "bin", "jest.js"), "--json"],
    results: resultsInJson,
  },
];

/** The text of a runner's recipe. */
export function recipeOf({ recipe }: Runner): string {
  return readFileSync(join(here, recipe), "utf8");
}

/**
 * Runs test files as their user would: in a project outside of this workspace, so that none of its settings are found,
 * with the built packages.
 *
 * @param texts the text of each file by its name, without the ending.
 */
export async function run(runner: Runner, texts: Readonly<Record<string, string>>) {
  const recipe = join(here, runner.recipe);
  const project = realpathSync(mkdtempSync(join(tmpdir(), "auto-extend-recipe-")));
  try {
    const settings = runner.settings ? join(here, runner.settings) : dirname(recipe);
    cpSync(settings, project, { recursive: true, filter: (source) => source !== recipe });
    symlinkSync(installed, join(project, "node_modules"), "junction");
    const ending = runner.ending ?? basename(recipe).replace("recipe", "");
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(project, `${name}${ending}`), text);
    const { exitCode, stdout, stderr } = await execute(process.execPath, runner.args, { cwd: project });
    const printed = stdout + stderr;
    const results = runner.results(stdout);
    const files: Record<string, Counts> = {};
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
