import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execute } from "../execute.ts";

/** A test runner, and the recipe that is written for it. */
export interface Runner {
  readonly name: string;
  /** The recipe's path from here. Vitest's is no `.test.ts`, for then the tests of this workspace would take it in. */
  readonly recipe: string;
  /** A folder with the project's settings, and the recipe's name in it (default: those of the recipe). */
  readonly settings?: string;
  readonly file?: string;
  /** What Node is to be told. */
  readonly args: readonly string[];
  /** Where it prints how many tests have passed and failed. */
  readonly passed: RegExp;
  readonly failed: RegExp;
}

const here = fileURLToPath(new URL(".", import.meta.url));
const installed = fileURLToPath(new URL("../../node_modules", import.meta.url));
const folderOf = (name: string) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

/** Vitest speaks Jest's JSON. */
const inJson = { passed: /"numPassedTests":(\d+)/, failed: /"numFailedTests":(\d+)/ };

export const runners: readonly Runner[] = [
  {
    name: "Vitest",
    recipe: "vitest/recipe.spec.ts",
    args: [join(folderOf("vitest"), "vitest.mjs"), "run", "--reporter=json"],
    ...inJson,
  },
  {
    name: "node:test",
    recipe: "node-test/recipe.test.mjs",
    args: ["--test", "--test-reporter=tap"],
    passed: /^# pass (\d+)$/m,
    failed: /^# fail (\d+)$/m,
  },
  {
    name: "Jest",
    recipe: "jest/recipe.test.mjs",
    args: ["--experimental-vm-modules", join(folderOf("jest"), "bin", "jest.js"), "--json"],
    ...inJson,
  },
  {
    name: "Jest in a CommonJS project",
    recipe: "jest/recipe.test.mjs",
    settings: "jest-commonjs",
    file: "recipe.test.js",
    args: [join(folderOf("jest"), "bin", "jest.js"), "--json"],
    ...inJson,
  },
];

/** The text of a runner's recipe. */
export function recipeOf({ recipe }: Runner): string {
  return readFileSync(join(here, recipe), "utf8");
}

/**
 * Runs test files of these texts as their user would: in a project that is none of this workspace, so that none of its
 * settings are found, with the built packages.
 */
export async function run(runner: Runner, texts: readonly string[]) {
  const recipe = join(here, runner.recipe);
  const project = realpathSync(mkdtempSync(join(tmpdir(), "auto-extend-recipe-")));
  try {
    const settings = runner.settings ? join(here, runner.settings) : dirname(recipe);
    cpSync(settings, project, { recursive: true, filter: (source) => source !== recipe });
    symlinkSync(installed, join(project, "node_modules"), "junction");
    for (const [index, text] of texts.entries()) {
      writeFileSync(join(project, `${index}-${runner.file ?? basename(recipe)}`), text);
    }
    const { exitCode, stdout, stderr } = await execute(process.execPath, runner.args, { cwd: project });
    const count = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1]);
    const counts = { passed: count(runner.passed), failed: count(runner.failed) };
    return { ended: { code: exitCode, ...counts }, printed: stdout + stderr };
  } finally {
    rmSync(project, { recursive: true, force: true, maxRetries: 3 });
  }
}
