// A task whose hash is the same comes from turbo's cache: each must change with everything that its task reads, and with
// nothing else. Turbo is asked what each hash is made of, without running anything, and for a few edits in a copy of the
// checkout whether the hashes change like that.
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { copyCheckout } from "../../../../scripts/toolchain.mjs";
import { checkout, dryRun, isEmpty, type Task, testTasks } from "./turbo-tasks.ts";

const everyTest = [
  ...["core", "client", "contract-tests", "cli", "mock-server", "dashboard", "e2e", "bench"].map(
    (name) => `${name}#test`,
  ),
  "e2e#test:packed",
  "e2e#test:site",
];
/** The site shows what these read. */
const site = ["docs#site", "e2e#test:site"];

const everyTask = [
  ...everyTest,
  "docs#site",
  ...["core", "client", "contract-tests", "cli", "mock-server", "dashboard"].map((name) => `${name}#build`),
  "mock-server#document",
];

let tasks: Task[];
let copy: string;

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), "auto-extend-hashes-"));
  copyCheckout(checkout, copy);
  tasks = await dryRun(copy, testTasks);
});

afterAll(() => rmSync(copy, { recursive: true }));

describe("an edit changes the hashes of the tasks that read the file, and no others:", () => {
  it.each<[files: readonly string[], tasks: readonly string[]]>([
    [["packages/client/test/bulk/flow.test.ts"], ["client#test"]],
    [["apps/e2e/test/packed/types.test.ts", "apps/e2e/test/packed/user/job.ts"], ["e2e#test:packed"]],
    [["apps/e2e/test/site/site.test.ts"], ["e2e#test:site"]],
    [["apps/e2e/test/state/kill.test.ts"], ["e2e#test"]],
    [["apps/e2e/test/guide/blocks.ts"], ["e2e#test", "e2e#test:packed"]],
    [["packages/cli/README.md"], ["e2e#test", "e2e#test:packed"]],
    [["docs/mock-server.md"], ["mock-server#test", "e2e#test", ...site]],
    [["docs/testing.md"], ["e2e#test", "e2e#test:packed", ...site]],
    [
      ["docs/decisions.md", "CONTRIBUTING.md", ".changeset/README.md"],
      ["e2e#test", ...site],
    ],
    [
      ["docs/.vitepress/config.mjs", "docs/tsconfig.json"],
      ["e2e#test", ...site],
    ],
    [["scripts/release-dry.mjs", ".github/workflows/ci.yml", ".ci/run"], ["e2e#test"]],
    [["pnpm-workspace.yaml"], ["e2e#test", "e2e#test:packed"]],
    [
      ["apps/dashboard/tsconfig.json"],
      [
        ...everyTest.filter((task) => !/^(?:core|client|contract-tests|cli)#|:site/.test(task)),
        "dashboard#build",
        "mock-server#build",
      ],
    ],
    [["packages/cli/bin/auto-extend.js"], ["cli#test", "e2e#test", "e2e#test:packed", "bench#test"]],
    [["apps/bench/test/bulk/crash.test.ts", "apps/bench/src/bulk/prove.mjs"], ["bench#test"]],
    [["vitest.shared.ts"], everyTest],
  ])("%s", (files, changed) => {
    for (const file of files) expect(existsSync(join(checkout, file)), file).toBe(true);
    const reading = tasks.filter(({ directory, inputs }) =>
      files.some((file) => posix.relative(directory, file) in inputs),
    );
    expect(withDependents(reading)).toEqual(new Set(changed));
  });

  it.each([
    ["packages/core/test/privacy/redact.test.ts", ["core#test"]],
    ["README.md", ["e2e#test", ...site]],
    ["packages/core/src/index.ts", everyTask],
  ])("%s, as the hashes themselves show", async (file, changed) => {
    onTestFinished(() => restore(file));
    appendFileSync(join(copy, file), "\n");
    expect(changedIn(await dryRun(copy, testTasks))).toEqual(new Set(changed));
  });
});

it("what was built is no part of a hash", async () => {
  const built = [
    "docs/dist/page.html",
    "docs/pages/page.md",
    "packages/core/dist/index.js",
    "packages/cli/reports/r",
  ];
  for (const file of built) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), "");
    onTestFinished(() => rmSync(join(copy, file)));
  }
  expect(changedIn(await dryRun(copy, testTasks))).toEqual(new Set());
});

describe("a variable", () => {
  it.each<[string, readonly string[]]>([
    ["FUZZ_SEED", everyTest.filter((task) => !task.startsWith("e2e#test:"))],
    ["CI", everyTest],
    ["FUZZ_RUNS", ["e2e#test"]],
    ["CHROMIUM_PATH", ["cli#test", "e2e#test", "e2e#test:packed", "e2e#test:site", "bench#test"]],
    ["DEBIAN_PACKAGES", ["cli#test", "e2e#test", "e2e#test:packed", "e2e#test:site"]],
  ])("is a part of the hashes of the tasks that read it: %s", (name, changed) => {
    const reading = tasks.filter(({ environmentVariables }) =>
      environmentVariables.specified.env.includes(name),
    );
    expect(withDependents(reading)).toEqual(new Set(changed));
  });

  it.each([
    ["FUZZ_RUNS", ["e2e#test"]],
    ["NODE_VERSION", everyTask],
  ])("changes the hashes of those tasks: %s", async (name, changed) => {
    expect(changedIn(await dryRun(copy, testTasks, { [name]: "another value" }))).toEqual(new Set(changed));
  });
});

function restore(file: string): void {
  copyFileSync(join(checkout, file), join(copy, file));
}

/** The names of some tasks and of all that depend on them. */
function withDependents(some: readonly Task[]): Set<string> {
  const names = new Set(some.map(({ taskId }) => taskId));
  for (const name of names) {
    for (const { taskId, dependencies } of tasks) if (dependencies.includes(name)) names.add(taskId);
  }
  const empty = tasks.filter(isEmpty).map(({ taskId }) => taskId);
  return new Set([...names].filter((name) => !empty.includes(name)));
}

function changedIn(later: readonly Task[]): Set<string> {
  const before = new Map(tasks.map(({ taskId, hash }) => [taskId, hash]));
  expect(later.map(({ taskId }) => taskId)).toEqual([...before.keys()]);
  const changed = later.filter((task) => before.get(task.taskId) !== task.hash && !isEmpty(task));
  return new Set(changed.map(({ taskId }) => taskId));
}
