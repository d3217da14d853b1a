// Runs tools for the scripts in this folder. The workspace installs them in pinned versions, so that a machine needs
// nothing but Node, npm and git.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const windows = process.platform === "win32";

/**
 * Installs the workspace's dependencies if they differ from the lockfile; returns false if that fails.
 *
 * @param {readonly string[]} [packages] those that are needed (default: all); what they depend on is installed, too.
 */
export function install(packages = []) {
  if (!nodeIsNewEnough()) return false;
  if (installed()) return true;
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return run("npx", [
    "-y",
    "--prefer-offline",
    packageManager,
    "install",
    "--frozen-lockfile",
    "--prefer-offline",
    ...(packages.length === 0 ? [] : ["auto-extend-toolkit", ...packages.map((name) => `${name}...`)]).map(
      (name) => `--filter=${name}`,
    ),
  ]);
}

function nodeIsNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return true;
  console.error(
    `Node ${process.versions.node} is too old: install Node 20.19 or newer, then run this again.`,
  );
  return false;
}

/** Compares the lockfile with the copy that pnpm keeps of the one it installed from. */
function installed() {
  const copy = join(root, "node_modules", ".pnpm", "lock.yaml");
  return existsSync(copy) && readFileSync(copy).equals(readFileSync(join(root, "pnpm-lock.yaml")));
}

/**
 * Runs a program and waits for it; returns false if it fails. The workspace's tools take precedence over the machine's.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, quiet?: boolean }} [options] `quiet` shows the output only if the program fails.
 */
export function run(command, args, options) {
  return statusOf(command, args, options) === 0;
}

/**
 * The same, but returns the exit code; 1 if the program could not be run.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, quiet?: boolean }} [options]
 */
export function statusOf(command, args, { cwd = root, quiet = false } = {}) {
  const { status, error, stdout, stderr } = start(command, args, cwd, quiet ? "pipe" : "inherit");
  if (error) console.error(`Could not run ${command}: ${error.message}`);
  if (quiet && status !== 0) console.error(`${stdout}${stderr}`);
  return status ?? 1;
}

/**
 * Runs a program like `run` and returns its output; throws if the program fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string }} [options]
 */
export function outputOf(command, args, { cwd = root } = {}) {
  const { status, error, stdout, stderr } = start(command, args, cwd, "pipe");
  if (error) throw new Error(`Could not run ${command}: ${error.message}`);
  if (status !== 0) throw new Error(`\`${[command, ...args].join(" ")}\` failed.\n${stdout}${stderr}`);
  return stdout;
}

/**
 * The files that git has, or would add.
 *
 * @param {string} checkout
 * @param {...string} paths those within these (default: all)
 */
export function filesOf(checkout, ...paths) {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...paths];
  const listed = outputOf("git", args, { cwd: checkout }).split("\0");
  return listed.filter((path) => path !== "" && existsSync(join(checkout, path)));
}

/**
 * Copies all of these files into another folder.
 *
 * @param {string} checkout
 * @param {string} destination
 */
export function copyCheckout(checkout, destination) {
  for (const file of filesOf(checkout)) {
    mkdirSync(dirname(join(destination, file)), { recursive: true });
    copyFileSync(join(checkout, file), join(destination, file));
  }
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {"inherit" | "pipe"} stdio
 */
function start(command, args, cwd, stdio) {
  // On Windows the programs in node_modules/.bin are scripts, and only a shell can run those.
  const line = windows && command !== process.execPath ? [command, ...args].map(quote).join(" ") : null;
  return spawnSync(line ?? command, line === null ? args : [], {
    cwd,
    stdio,
    encoding: "utf8",
    shell: line !== null,
    maxBuffer: 64 * 1024 * 1024,
    env: {
      ...process.env,
      PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH}`,
      // Turbo makes it a part of each hash.
      NODE_VERSION: process.version,
      TURBO_TELEMETRY_DISABLED: "1",
      TURBO_NO_UPDATE_NOTIFIER: "1",
      DO_NOT_TRACK: "1",
      NPM_CONFIG_UPDATE_NOTIFIER: "false",
    },
  });
}

/** Stops this process when its parent ends: a signal to npm alone ends only the shell between npm and the program. */
export function stopWithParent() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 500).unref();
}

/** @param {string} argument */
function quote(argument) {
  return /[\s&|^<>()]/.test(argument) ? `"${argument.replaceAll('"', '\\"')}"` : argument;
}
