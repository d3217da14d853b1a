// Runs a task of the workspace on a machine that has nothing but Node, npm and git: installs what is missing, then hands
// the task to turbo, or starts the mock server.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packagesThatAre } from "./debian-packages.mjs";
import { members } from "./members.mjs";
import { install, root, run } from "./toolchain.mjs";
import { printTotals } from "./totals.mjs";

const [task, ...rest] = process.argv.slice(2);

const tasks = {
  start: () => start(),
  build: () => turbo("build", ...rest),
  test: () => test(),
  types: () => turbo("types", ...rest),
  bench: () => turbo("bench", ...rest),
  soak: () => turbo("soak", "--", ...rest),
  bulk: () => turbo("bulk", "--", ...rest),
  lint: () => lint(),
  totals: () => printTotals(root, { allowSkips: !rest.includes("--no-skips") }),
  docs: () => buildQuietly() && run(process.execPath, ["apps/e2e/scripts/write-docs.mjs", ...rest]),
};

if (!Object.hasOwn(tasks, task)) {
  console.error(`No task "${task}". There are: ${Object.keys(tasks).join(", ")}.`);
  process.exit(2);
}
if (!install() || !(await tasks[task]())) process.exitCode = 1;

/** The server runs in this very process, so signals and the terminal reach it without a go-between. */
async function start() {
  if (!buildQuietly("--filter=@auto-extend/mock-server", "--filter=@auto-extend/cli")) return false;
  const entry = join(root, "apps", "mock-server", "bin", "auto-extend-mock.js");
  process.argv = [process.execPath, entry, ...rest];
  // A path that was given is meant from where it was typed.
  process.chdir(process.env.INIT_CWD ?? root);
  await import(pathToFileURL(entry).href);
  return true;
}

function test() {
  // A report of an earlier run must not count; turbo restores those of tests that it need not repeat.
  for (const { folder } of members(root)) rmSync(join(folder, "reports"), { recursive: true, force: true });
  // A declared variable of the tasks: after a package was installed, results without it must not come from the cache.
  process.env.DEBIAN_PACKAGES = packagesThatAre(true).join(" ");
  const passed = turbo("test", "--continue=dependencies-successful", ...rest);
  return printTotals(root) && passed;
}

function lint() {
  const clean = run("biome", ["ci", "."]);
  return run("knip", []) && clean;
}

function buildQuietly(...filters) {
  return turbo("build", "--output-logs=errors-only", ...filters);
}

function turbo(...args) {
  return run("turbo", ["run", ...args]);
}
