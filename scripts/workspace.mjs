// Runs a task of the workspace on a machine that has nothing but Node, npm and git: installs what is missing, then hands
// the task to turbo, or starts the mock server.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packagesThatAre } from "./debian-packages.mjs";
import { members } from "./members.mjs";
import { placeholdersIn } from "./packing.mjs";
import { install, root, run } from "./toolchain.mjs";
import { printTotals } from "./totals.mjs";

const [task, ...rest] = process.argv.slice(2);
/** Paths in arguments are relative to where they were typed. */
const callerFolder = process.env.INIT_CWD ?? root;

const tasks = {
  start: () => start(),
  dev: async () => buildQuietly("--filter=@auto-extend/mock-server") && (await import("./dev.mjs")).dev(rest),
  build: () => turbo("build", ...rest),
  test: () => test(),
  types: () => turbo("types", ...rest),
  bench: () => measure("speed"),
  soak: () => measure("soak"),
  bulk: () => measure("bulk"),
  mutate: () => run(process.execPath, ["scripts/mutation/main.mjs", ...rest]),
  lint: () => lint(),
  release: () => release(),
  totals: () => printTotals(root, { allowSkips: !rest.includes("--no-skips") }),
  site: () => buildQuietly() && run("pnpm", ["--dir", "docs", ...(rest.length === 0 ? ["site"] : rest)]),
  docs: () => buildQuietly() && run(process.execPath, ["apps/e2e/scripts/write-docs.mjs", ...rest]),
};

if (!Object.hasOwn(tasks, task)) {
  console.error(`No task "${task}". There are: ${Object.keys(tasks).join(", ")}.`);
  process.exit(2);
}
if (!install(task === "build" ? builtOnly() : []) || !(await tasks[task]())) process.exitCode = 1;

/** The packages that a build is limited to, such as in the image of the mock; empty for all. */
function builtOnly() {
  return rest.flatMap((argument) => /^--filter=(@auto-extend\/[\w-]+)$/.exec(argument)?.[1] ?? []);
}

/** The server runs in this very process, so signals and the terminal reach it without a go-between. */
async function start() {
  if (!buildQuietly("--filter=@auto-extend/mock-server", "--filter=@auto-extend/cli")) return false;
  const entry = join(root, "apps", "mock-server", "bin", "auto-extend-mock.js");
  process.argv = [process.execPath, entry, ...rest];
  process.chdir(callerFolder);
  await import(pathToFileURL(entry).href);
  return true;
}

/** Started without turbo, so that signals, the terminal and the caller's folder reach the program. */
function measure(subject) {
  if (!buildQuietly("--filter=@auto-extend/bench^...")) return false;
  const program = join(root, "apps", "bench", "src", subject, "main.mjs");
  return run(process.execPath, [program, ...rest], { cwd: callerFolder });
}

function test() {
  // A report of an earlier run must not count; turbo restores those of tests that it need not repeat.
  for (const { folder } of members(root)) rmSync(join(folder, "reports"), { recursive: true, force: true });
  // A declared variable of the tasks: after a package was installed, results without it must not come from the cache.
  process.env.DEBIAN_PACKAGES = packagesThatAre(true).join(" ");
  // Built first, so that no test keeps a processor from a build that others wait for. A failure shows again below.
  buildQuietly(...turboOptions(rest));
  // Three at a time suit a small machine: there is work while some of them wait for programs and time-outs.
  const passed = turbo(
    "test",
    "test:packed",
    "--concurrency=3",
    "--continue=dependencies-successful",
    ...rest,
  );
  return printTotals(root) && passed;
}

/**
 * Leaves out the arguments after `--`, which are for the program of a task.
 *
 * @param {readonly string[]} args
 */
function turboOptions(args) {
  const end = args.indexOf("--");
  return end === -1 ? args : args.slice(0, end);
}

function lint() {
  const passed = [
    run("biome", ["ci", "."]),
    run("knip", []),
    run(process.execPath, ["scripts/guard-rails.mjs"]),
  ];
  return passed.every(Boolean);
}

function release() {
  const placeholders = placeholdersIn(root);
  if (placeholders.length > 0) {
    console.error(`Nothing was published:\n  ${placeholders.join("\n  ")}`);
    return false;
  }
  return turbo("types") && turbo("build") && run("changeset", ["publish"]);
}

function buildQuietly(...filters) {
  return turbo("build", "--output-logs=errors-only", ...filters);
}

function turbo(...args) {
  return run("turbo", ["run", ...args]);
}
