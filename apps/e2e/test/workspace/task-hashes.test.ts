// A task whose hash is the same comes from turbo's cache: each must change with everything that its task reads, and with
// nothing else. Turbo is asked, without running anything, in a copy of the checkout.
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));
const bin = join(checkout, "node_modules", ".bin");
const everyTest = [
  ...["core", "client", "contract-tests", "cli", "mock-server", "dashboard", "e2e", "bench"].map(
    (name) => `${name}#test`,
  ),
  "e2e#test:packed",
];

const everyTask = [
  ...everyTest,
  ...["core", "client", "contract-tests", "cli", "mock-server", "dashboard"].map((name) => `${name}#build`),
  "mock-server#document",
];

let copy: string;
let before: Map<string, string>;

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), "auto-extend-hashes-"));
  const listed = execFileSync("git", ["ls-files", "-z"], { cwd: checkout, encoding: "utf8" });
  for (const file of listed.split("\0").filter((path) => path !== "" && existsSync(join(checkout, path)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    restore(file);
  }
  before = await taskHashes();
});

afterAll(() => rmSync(copy, { recursive: true }));

describe("an edit changes the hashes of the tasks that read the file, and no others:", () => {
  it.each<[files: readonly string[], tasks: readonly string[]]>([
    [["packages/core/test/privacy/redact.test.ts"], ["core#test"]],
    [["packages/client/test/bulk/flow.test.ts"], ["client#test"]],
    [["packages/contract-tests/test/runner/target.test.ts"], ["contract-tests#test"]],
    [["packages/cli/test/files.test.ts"], ["cli#test"]],
    [["apps/mock-server/test/program/run.test.ts"], ["mock-server#test"]],
    [["apps/e2e/test/chromium.ts"], ["e2e#test", "e2e#test:packed"]],
    [["apps/e2e/test/packed/types.test.ts", "apps/e2e/test/packed/user/job.ts"], ["e2e#test:packed"]],
    [["apps/e2e/test/state/kill.test.ts"], ["e2e#test"]],
    [["apps/e2e/test/guide/blocks.ts"], ["e2e#test", "e2e#test:packed"]],
    [["README.md"], ["e2e#test"]],
    [["packages/cli/README.md"], ["e2e#test", "e2e#test:packed"]],
    [["docs/cli.md"], ["cli#test", "e2e#test"]],
    [["apps/mock-server/README.md"], ["e2e#test", "e2e#test:packed"]],
    [["docs/mock-server.md"], ["mock-server#test", "e2e#test"]],
    [["docs/testing.md"], ["e2e#test", "e2e#test:packed"]],
    [["docs/guide.md"], ["e2e#test"]],
    [["docs/decisions.md", "CONTRIBUTING.md", ".changeset/README.md"], ["e2e#test"]],
    [["scripts/release-dry.mjs", ".github/workflows/ci.yml"], []],
    [["packages/cli/bin/auto-extend.js"], ["cli#test", "e2e#test", "e2e#test:packed", "bench#test"]],
    [["packages/cli/src/index.ts"], ["cli#build", "cli#test", "e2e#test", "e2e#test:packed", "bench#test"]],
    [["apps/bench/test/bulk/crash.test.ts", "apps/bench/src/bulk/prove.mjs"], ["bench#test"]],
    [["vitest.shared.ts"], everyTest],
    [["scripts/mutation/vitest.ts"], everyTest],
    [["packages/core/src/index.ts"], everyTask],
  ])("%s", async (files, changed) => {
    onTestFinished(() => files.forEach(restore));
    for (const file of files) appendFileSync(join(copy, file), "\n");
    expect(changedSince(before, await taskHashes())).toEqual(new Set(changed));
  });
});

describe("a variable that tests read", () => {
  it.each<[string, readonly string[]]>([
    ["FUZZ_SEED", everyTest.filter((task) => task !== "e2e#test:packed")],
    ["CI", everyTest],
    ["FUZZ_RUNS", ["e2e#test"]],
    ["CHROMIUM_PATH", ["e2e#test", "e2e#test:packed"]],
    ["DEBIAN_PACKAGES", ["cli#test", "e2e#test", "e2e#test:packed"]],
  ])("changes the hashes of their tasks: %s", async (name, changed) => {
    expect(changedSince(before, await taskHashes({ [name]: "another value" }))).toEqual(new Set(changed));
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
  const listed = execFileSync("git", ["ls-files", "-z", "--", ...paths], { cwd: checkout, encoding: "utf8" });
  return listed
    .split("\0")
    .filter((file) => /\.[cm]?[jt]s$/.test(file) && existsSync(join(checkout, file)))
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

/** The hash of each task that a test run would have, by `member#task`. */
async function taskHashes(env: Record<string, string> = {}): Promise<Map<string, string>> {
  const { CI, FUZZ_SEED, FUZZ_RUNS, CHROMIUM_PATH, DEBIAN_PACKAGES, ...rest } = process.env;
  const { stdout } = await execa("turbo", ["run", "test", "test:packed", "--dry=json"], {
    cwd: copy,
    // Turbo looks for pnpm, too.
    env: { ...rest, PATH: `${bin}${delimiter}${process.env.PATH}`, TURBO_TELEMETRY_DISABLED: "1", ...env },
    extendEnv: false,
  });
  const { tasks } = JSON.parse(stdout) as { tasks: { taskId: string; command: string; hash: string }[] };
  return new Map(
    tasks
      .filter(({ command }) => command !== "<NONEXISTENT>")
      .map(({ taskId, hash }) => [taskId.replace("@auto-extend/", ""), hash]),
  );
}

function changedSince(earlier: Map<string, string>, later: Map<string, string>): Set<string> {
  expect([...later.keys()]).toEqual([...earlier.keys()]);
  return new Set([...later.keys()].filter((task) => earlier.get(task) !== later.get(task)));
}
