// Runs a task of the workspace on a machine that has nothing but Node, npm and git: installs what is missing with
// the pinned pnpm, then hands the task to turbo, or starts the mock server.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { printTotals } from "./totals.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, "node_modules", ".bin");
const [task, ...rest] = process.argv.slice(2);

const tasks = {
  start: () => start(rest),
  build: () => turbo(["build", ...rest]),
  test: () => test(),
  types: () => turbo(["types", ...rest]),
  bench: () => turbo(["bench", ...rest]),
  lint: () => pnpm("biome ci . && knip"),
  docs: () => turbo(["build"]) && run(process.execPath, ["apps/e2e/scripts/write-docs.mjs"]),
};

if (!Object.hasOwn(tasks, task)) {
  console.error(`No task "${task}". There are: ${Object.keys(tasks).join(", ")}.`);
  process.exit(2);
}
checkNode();
if (!installed() && !pnpm("pnpm install --frozen-lockfile --prefer-offline")) process.exit(1);
if (!(await tasks[task]())) process.exitCode = 1;

/** The server runs in this very process, so signals and the terminal reach it without a go-between. */
async function start(args) {
  if (
    !turbo([
      "build",
      "--filter=@auto-extend/mock-server",
      "--filter=@auto-extend/cli",
      "--output-logs=errors-only",
    ])
  )
    return false;
  const entry = join(root, "apps", "mock-server", "bin", "auto-extend-mock.js");
  process.argv = [process.execPath, entry, ...args];
  await import(pathToFileURL(entry).href);
  return true;
}

function test() {
  const passed = turbo(["test", "--continue", ...rest]);
  return printTotals(root) && passed;
}

/** pnpm keeps a copy of the lockfile that it installed from. */
function installed() {
  const current = join(root, "node_modules", ".pnpm", "lock.yaml");
  return existsSync(current) && readFileSync(current).equals(readFileSync(join(root, "pnpm-lock.yaml")));
}

function turbo(args) {
  return pnpm(["turbo", "run", ...args].join(" "));
}

/** Runs one command line with the pinned pnpm on the PATH (turbo looks for it there), without a global install. */
function pnpm(commandLine) {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return run("npx", ["-y", "--prefer-offline", "-p", packageManager, "-c", commandLine]);
}

function run(command, args) {
  const windows = process.platform === "win32";
  const result = spawnSync(windows ? [command, ...args.map(quote)].join(" ") : command, windows ? [] : args, {
    cwd: root,
    stdio: "inherit",
    shell: windows,
    env: {
      ...process.env,
      PATH: `${bin}${windows ? ";" : ":"}${process.env.PATH}`,
      TURBO_TELEMETRY_DISABLED: "1",
      TURBO_NO_UPDATE_NOTIFIER: "1",
      DO_NOT_TRACK: "1",
      NPM_CONFIG_UPDATE_NOTIFIER: "false",
    },
  });
  if (result.error) console.error(`Could not run ${command}: ${result.error.message}`);
  return result.status === 0;
}

function quote(argument) {
  return /[\s&|]/.test(argument) ? `"${argument.replaceAll('"', '\\"')}"` : argument;
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Node ${process.versions.node} is too old: install Node 20.19 or newer, then run this again.`,
  );
  process.exit(1);
}
