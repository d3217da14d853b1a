// A task that reads what is no part of its hash comes from the cache with a result that is no longer true. So the files of
// each task are searched for the paths of others and for variables, and the task must declare what they name.
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { filesOf } from "../../../../scripts/toolchain.mjs";
import { checkout, dryRun, isEmpty, type Task, testTasks } from "./turbo-tasks.ts";

const files = filesOf(checkout);
const isFile = new Set(files);
const { globalDependencies, globalPassThroughEnv } = JSON.parse(textOf("turbo.json"));
/** Turbo passes the first in any case. The others change no result: they are for whoever starts a task, or a task by hand. */
const passed = [
  ...globalPassThroughEnv,
  "PATH",
  "INIT_CWD",
  "GITHUB_ACTIONS",
  "MOCK_URL",
  "STRYKER_MUTATOR_WORKER",
];

let tasks: Map<string, Task>;

beforeAll(async () => {
  const all = await dryRun(checkout, [...testTasks, "types"]);
  tasks = new Map(all.map((task) => [task.taskId, task]));
});

it("each task declares the files that its own name", () => {
  const undeclared = [...tasks.values()]
    .filter((task) => !isEmpty(task))
    .flatMap((task) => {
      const declared = new Set([...globalDependencies, ...withDependencies(task).flatMap(inputsOf)]);
      return filesReadBy(task, () => true).flatMap((file) =>
        filesNamedIn(file, task)
          .filter((name) => !declared.has(name))
          .map((name) => `${task.taskId}: ${name}, in ${file}`),
      );
    });
  expect(undeclared).toEqual([]);
});

it("each task declares the variables that its files read", () => {
  const undeclared = [...tasks.values()]
    .filter((task) => !isEmpty(task))
    .flatMap((task) => {
      if (isTypeCheck(task)) return [];
      const ofTasks = withDependencies(task).flatMap(
        ({ environmentVariables }) => environmentVariables.specified.env,
      );
      const declared = [...passed, ...ofTasks];
      // The sources of a program get their variables from whoever starts it.
      return filesReadBy(task, (file) => !file.startsWith(`${task.directory}/src/`)).flatMap((file) =>
        variablesReadIn(file)
          .filter((name) => !declared.includes(name))
          .map((name) => `${task.taskId}: ${name}, in ${file}`),
      );
    });
  expect(undeclared).toEqual([]);
});

it("the tests across packages declare nearly everything: they copy the checkout, and check all of it", () => {
  const declared = new Set([taskOf("e2e#test")].flatMap(withDependencies).flatMap(inputsOf));
  const others = /^(?:packages|apps)\/[^/]+\/test\/|^apps\/bench\//;
  expect(files.filter((file) => !declared.has(file) && !others.test(file))).toEqual([]);
});

it("what files name is found", () => {
  const packed = taskOf("e2e#test:packed");
  expect(filesNamedIn("apps/e2e/test/packed/jest.test.ts", packed)).toContain(
    "apps/e2e/test/guide/blocks.ts",
  );
  expect(filesNamedIn("packages/cli/package.json", taskOf("cli#build"))).toEqual([
    "scripts/bundle-program.mjs",
  ]);
  expect(filesNamedIn("apps/bench/src/harness/report.mjs", taskOf("bench#test"))).toContain("docs/bench.md");
  expect(filesNamedIn("vitest.shared.ts", packed)).toEqual(["scripts/mutation/vitest.ts"]);
  expect(filesReadBy(packed, () => true)).toContain("scripts/mutation/skipped.ts");
  expect(variablesReadIn("apps/e2e/test/model/model.test.ts")).toEqual(["FUZZ_RUNS"]);
  expect(variablesReadIn("apps/e2e/test/workspace/turbo-tasks.ts")).toContain("DEBIAN_PACKAGES");
});

function taskOf(name: string): Task {
  const task = tasks.get(name);
  if (!task) throw new Error(`There is no task ${name}.`);
  return task;
}

function withDependencies(task: Task): Task[] {
  const found = new Set([task]);
  for (const { dependencies } of found) {
    for (const name of dependencies) {
      const dependency = tasks.get(name);
      if (dependency) found.add(dependency);
    }
  }
  return [...found];
}

function inputsOf({ directory, inputs }: Task): string[] {
  return Object.keys(inputs).map((path) => posix.join(directory, path));
}

/** Those of its member that a task starts with, and all that these name. */
function filesReadBy(task: Task, isStart: (file: string) => boolean): string[] {
  const own = inputsOf(task).filter((file) => file.startsWith(`${task.directory}/`) && isFile.has(file));
  const found = new Set(own.filter(isStart));
  for (const file of found) for (const name of filesNamedIn(file, task)) found.add(name);
  return [...found];
}

/** The files of the checkout that a file names by their paths from its folder. */
function filesNamedIn(file: string, task: Task): string[] {
  if (!/\.(?:[cm]?[jt]sx?|json)$/.test(file)) return [];
  const text = textOf(file);
  // A check of types follows imports alone.
  const pattern = isTypeCheck(task)
    ? /(?:\bfrom|\bimport\b\(?|"extends":)\s*["'`](\.\.?\/[^"'`\s]*)["'`]/g
    : file.endsWith(".json")
      ? /["\s](\.\.\/[^"\s*]*)["\s]/g
      : /["'`](\.\.?\/[^"'`\s]*|\.\.)["'`]/g;
  const home = `${task.directory}/`;
  const relative = [...text.matchAll(pattern)].map(([, path = ""]) => posix.join(posix.dirname(file), path));
  return relative.flatMap((path) => {
    const sources = [path, path.replace(/\.js$/, ".ts"), path.replace(/\.js$/, ".tsx")];
    const found = new Set(sources.filter((each) => isFile.has(each)));
    const folder = `${path.replace(/\/$/, "")}/`;
    // Of its own folder, each task declares all that it can read, and the top folder only leads to others.
    return found.size > 0 || home.startsWith(folder) || folder.startsWith(home)
      ? [...found]
      : files.filter((each) => each.startsWith(folder));
  });
}

function isTypeCheck({ taskId }: Task): boolean {
  return taskId.endsWith("#types");
}

function variablesReadIn(file: string): string[] {
  if (!/\.[cm]?[jt]sx?$/.test(file)) return [];
  const text = textOf(file);
  const destructured = [...text.matchAll(/\{([^{}]*)\} = process\.env\b/g)].flatMap(([, names = ""]) =>
    [...names.matchAll(/(?<!\.)\b[A-Z]\w*/g)].map(([name]) => name),
  );
  const single = [...text.matchAll(/\bprocess\.env\.(\w+)(?! = )\b/g)].map(([, name = ""]) => name);
  return [...destructured, ...single];
}

function textOf(file: string): string {
  return readFileSync(new URL(file, `file://${checkout}`), "utf8");
}
