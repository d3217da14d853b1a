// A task whose hash is the same comes from turbo's cache: each must change with everything that its task reads, and with
// nothing else. Turbo is asked what each hash is made of, without running anything, and for a few edits in a copy of the
// checkout whether the hashes change like that.
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { copyCheckout, filesOf } from "../../../../scripts/toolchain.mjs";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));
const bin = join(checkout, "node_modules", ".bin");
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
  tasks = await dryRun();
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
    [["scripts/release-dry.mjs"], []],
    [[".github/workflows/ci.yml"], ["e2e#test"]],
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
    expect(changedIn(await dryRun())).toEqual(new Set(changed));
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
  expect(changedIn(await dryRun())).toEqual(new Set());
});

describe("a variable that tests read", () => {
  it.each<[string, readonly string[]]>([
    ["FUZZ_SEED", everyTest.filter((task) => !task.startsWith("e2e#test:"))],
    ["CI", everyTest],
    ["FUZZ_RUNS", ["e2e#test"]],
    ["CHROMIUM_PATH", ["e2e#test", "e2e#test:packed", "e2e#test:site"]],
    ["DEBIAN_PACKAGES", ["cli#test", "e2e#test", "e2e#test:packed", "e2e#test:site"]],
  ])("is a part of the hashes of their tasks: %s", (name, changed) => {
    const reading = tasks.filter(({ environmentVariables }) =>
      environmentVariables.specified.env.includes(name),
    );
    expect(withDependents(reading)).toEqual(new Set(changed));
  });

  it("changes the hashes of their tasks, as FUZZ_RUNS shows", async () => {
    expect(changedIn(await dryRun({ FUZZ_RUNS: "another value" }))).toEqual(new Set(["e2e#test"]));
  });

  it.each(["core", "client", "contract-tests", "cli", "mock-server", "dashboard", "e2e", "bench"])(
    "is declared by the tasks of its member, wherever it is read: %s",
    (member) => {
      const { globalPassThroughEnv, tasks } = JSON.parse(readFileSync(join(checkout, "turbo.json"), "utf8"));
      const own = Object.keys(tasks).filter((name) => name.startsWith(`@auto-extend/${member}#test`));
      const declared = new Set([
        ...globalPassThroughEnv,
        ...(own.length > 0 ? own : ["test"]).flatMap((name) => tasks[name].env),
        // Turbo passes it in any case.
        "PATH",
      ]);
      const undeclared = readsOf(member).filter(({ name }) => !declared.has(name));
      expect(undeclared).toEqual([]);
    },
  );

  it("is found where it is read", () => {
    const found = readsOf("e2e").map(({ file, name }) => `${file}: ${name}`);
    expect(found).toContain("apps/e2e/test/model/model.test.ts: FUZZ_RUNS");
    expect(found).toContain("scripts/debian-packages.mjs: CHROMIUM_PATH");
    expect(found).toContain("apps/e2e/test/workspace/task-hashes.test.ts: DEBIAN_PACKAGES");
  });
});

/** The variables that the tests of a member read, with what they run of its sources and of the workspace's scripts. */
function readsOf(member: string): { file: string; name: string }[] {
  const folder = ["apps", "packages"].map((group) => `${group}/${member}`);
  // The CLI's tests use it, too, but nothing that depends on a variable of its own.
  const shared = member === "e2e" ? ["scripts/debian-packages.mjs"] : [];
  const sources = member === "bench" ? folder.map((each) => `${each}/src`) : [];
  const paths = [...folder.map((each) => `${each}/test`), ...sources, ...shared];
  return filesOf(checkout, ...paths)
    .filter((file) => /\.[cm]?[jt]s$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(checkout, file), "utf8");
      const destructured = [...text.matchAll(/\{([^{}]*)\} = process\.env\b/g)].flatMap(([, names = ""]) =>
        [...names.matchAll(/(?<!\.)\b[A-Z]\w*/g)].map(([name]) => name),
      );
      const single = [...text.matchAll(/\bprocess\.env(?:\.|\[["'])(\w+)/g)].map(([, name = ""]) => name);
      return [...destructured, ...single].map((name) => ({ file, name }));
    });
}

function restore(file: string): void {
  copyFileSync(join(checkout, file), join(copy, file));
}

/** A task that a test run would have, and what its hash is made of, besides the tasks that it depends on. */
interface Task {
  readonly taskId: string;
  readonly command: string;
  readonly hash: string;
  readonly directory: string;
  /** By their paths from the directory. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly environmentVariables: { readonly specified: { readonly env: readonly string[] } };
  readonly dependencies: readonly string[];
}

async function dryRun(env: Record<string, string> = {}): Promise<Task[]> {
  const { CI, FUZZ_SEED, FUZZ_RUNS, CHROMIUM_PATH, DEBIAN_PACKAGES, ...rest } = process.env;
  const { stdout } = await execa("turbo", ["run", "test", "test:packed", "test:site", "--dry=json"], {
    cwd: copy,
    // Turbo looks for pnpm, too.
    env: { ...rest, PATH: `${bin}${delimiter}${process.env.PATH}`, TURBO_TELEMETRY_DISABLED: "1", ...env },
    extendEnv: false,
  });
  return (JSON.parse(stdout.replaceAll("@auto-extend/", "")) as { tasks: Task[] }).tasks;
}

/** The names of some tasks and of all that depend on them. */
function withDependents(some: readonly Task[]): Set<string> {
  const names = new Set(some.map(({ taskId }) => taskId));
  for (const name of names) {
    for (const { taskId, dependencies } of tasks) if (dependencies.includes(name)) names.add(taskId);
  }
  return new Set([...names].filter((name) => !isEmpty(name)));
}

/** Whether a member has no such script, so that the task only waits for others. */
function isEmpty(name: string): boolean {
  return tasks.find(({ taskId }) => taskId === name)?.command === "<NONEXISTENT>";
}

function changedIn(later: readonly Task[]): Set<string> {
  const before = new Map(tasks.map(({ taskId, hash }) => [taskId, hash]));
  expect(later.map(({ taskId }) => taskId)).toEqual([...before.keys()]);
  const changed = later.filter(({ taskId, hash }) => before.get(taskId) !== hash && !isEmpty(taskId));
  return new Set(changed.map(({ taskId }) => taskId));
}
