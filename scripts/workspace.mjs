// Runs a script of package.json on a machine that has nothing but Node, npm and git: checks its options, installs what is
// missing, then hands the work to turbo or another tool, or starts the mock server.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { packagesThatAre } from "./debian-packages.mjs";
import { members } from "./members.mjs";
import { placeholdersIn } from "./packing.mjs";
import { install, root, run, statusOf, stopWithParent } from "./toolchain.mjs";
import { printTotals } from "./totals.mjs";

/** Paths in arguments are relative to where they were typed. */
const callerFolder = process.env.INIT_CWD ?? root;

/** @typedef {{ type: "string" | "boolean", multiple?: boolean, value?: string, help: string }} Option */

/**
 * @typedef {object} Task
 * @property {string} purpose
 * @property {Record<string, Option>} [options] those that it takes (default: none)
 * @property {boolean} [handsOn] whether it hands all arguments on to a program that checks them itself
 * @property {(values: Record<string, any>, rest: string[]) => unknown} run returns, perhaps later, whether it succeeded
 */

/** @type {Option} */
const filter = {
  type: "string",
  multiple: true,
  value: "NAME",
  help: "only this member, such as core or cli; may be repeated",
};

/** @type {Option} */
const help = { type: "boolean", help: "show help" };

/** @type {Record<string, Task>} by the names of the scripts */
const tasks = {
  start: { purpose: "starts the mock", handsOn: true, run: (_, rest) => start(rest) },
  dev: { purpose: "runs the mock and its page with reload", handsOn: true, run: (_, rest) => develop(rest) },
  test: {
    purpose: "builds, and runs the tests of all members",
    options: { filter },
    run: test,
  },
  build: {
    purpose: "builds all members",
    options: { filter },
    run: (values) => turbo("build", ...filtersOf(values)),
  },
  types: {
    purpose: "checks the types of all members",
    options: { filter },
    run: (values) => turbo("types", ...filtersOf(values)),
  },
  lint: { purpose: "checks format, rules, unused code and guard rails", run: lint },
  format: {
    purpose: "writes every file in the agreed format",
    run: () => run("biome", ["check", "--write", "."]),
  },
  "docs:api": {
    purpose: "writes the OpenAPI document, the page of faults and tables into docs/",
    options: { check: { type: "boolean", help: "write nothing, and fail if a file is out of date" } },
    run: ({ check }) =>
      buildQuietly() && script("apps/e2e/scripts/write-docs.mjs", ...(check ? ["--check"] : [])),
  },
  "docs:screenshot": {
    purpose: "writes the picture and the terminal block of the README, with Chromium",
    run: () => buildQuietly() && script("apps/e2e/scripts/write-readme.mjs"),
  },
  site: {
    purpose: "builds the documentation site into docs/dist/",
    options: { serve: { type: "boolean", help: "serve it and show changes, in place of building it" } },
    run: ({ serve }) => (serve ? buildQuietly() && run("pnpm", ["--dir", "docs", "dev"]) : site()),
  },
  bench: { purpose: "measures speed", handsOn: true, run: (_, rest) => measure("speed", rest) },
  soak: {
    purpose: "runs the mock under load for long",
    handsOn: true,
    run: (_, rest) => measure("soak", rest),
  },
  bulk: {
    purpose: "switches many orders with faults and kills",
    handsOn: true,
    run: (_, rest) => measure("bulk", rest),
  },
  mutate: {
    purpose: "runs mutation tests",
    handsOn: true,
    run: (_, rest) => endsWell(statusOf(process.execPath, ["scripts/mutation/main.mjs", ...rest])),
  },
  changeset: {
    purpose: "asks what changed for users, and notes it",
    handsOn: true,
    run: (_, rest) => run("changeset", rest),
  },
  version: {
    purpose: "applies the pending changesets: versions, changelogs and lockfile",
    run: () =>
      run("changeset", ["version"]) &&
      run("pnpm", ["install", "--lockfile-only", "--no-frozen-lockfile", "--prefer-offline"]),
  },
  release: { purpose: "publishes the packages; only the release workflow runs it", run: release },
  totals: {
    purpose: "adds up what the last test run reported",
    options: { "no-skips": { type: "boolean", help: "fail if a test was skipped" } },
    run: (values) => printTotals(root, { allowSkips: !values["no-skips"] }),
  },
};

/**
 * Runs a task, and returns the exit code.
 *
 * @param {readonly string[]} args its name and its arguments
 */
export async function main([name = "", ...rest]) {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!task) {
    console.error(`No task "${name}". There are: ${Object.keys(tasks).join(", ")}.`);
    return 2;
  }
  let values = {};
  if (!task.handsOn) {
    try {
      values = parseArgs({ args: rest, options: { ...task.options, help } }).values;
      namesOf(values);
    } catch (error) {
      // The first sentence says what is wrong; the others are about programs with other options.
      const [problem] = /** @type {Error} */ (error).message.split(". ");
      console.error(`${problem}. \`npm run ${name} -- --help\` lists the options.`);
      return 2;
    }
    if ("help" in values) {
      console.log(helpText(name, task));
      return 0;
    }
  }
  // An image of the mock is built with what the mock needs alone.
  const needed = name === "build" ? namesOf(values) : [];
  return install(needed) && (await task.run(values, rest)) ? 0 : (process.exitCode ?? 1) || 1;
}

/**
 * @param {string} name
 * @param {Task} task
 */
function helpText(name, { purpose, options = {} }) {
  const lines = Object.entries({ ...options, help }).map(
    ([option, { value = "", help: text }]) => `  ${`--${option} ${value}`.padEnd(15)}${text}`,
  );
  return [`Usage: npm run ${name} -- [options]`, "", `This ${purpose}.`, "", "Options:", ...lines].join("\n");
}

/**
 * The full names of the members that `--filter` names.
 *
 * @param {{ filter?: string[] }} values
 */
function namesOf({ filter: names = [] }) {
  const known = members(root).map(({ manifest }) => manifest.name);
  return names.map((name) => {
    const found = known.find((each) => each === name || each === `@auto-extend/${name}`);
    if (found) return found;
    throw new Error(
      `There is no member "${name}": there are ${known.join(", ").replaceAll("@auto-extend/", "")}`,
    );
  });
}

/** @param {{ filter?: string[] }} values */
function filtersOf(values) {
  return namesOf(values).map((name) => `--filter=${name}`);
}

/**
 * The server runs in this very process, so signals and the terminal reach it without a go-between.
 *
 * @param {string[]} args
 */
async function start(args) {
  if (!buildQuietly("--filter=@auto-extend/mock-server", "--filter=@auto-extend/cli")) return false;
  const entry = join(root, "apps", "mock-server", "bin", "auto-extend-mock.js");
  process.argv = [process.execPath, entry, ...args];
  process.chdir(callerFolder);
  stopWithParent();
  await import(pathToFileURL(entry).href);
  return !process.exitCode;
}

/** @param {string[]} args */
async function develop(args) {
  if (!buildQuietly("--filter=@auto-extend/mock-server")) return false;
  const { dev } = await import("./dev.mjs");
  return endsWell(await dev(args));
}

/**
 * Started without turbo, so that signals, the terminal and the caller's folder reach the program.
 *
 * @param {string} subject
 * @param {string[]} args
 */
function measure(subject, args) {
  if (!args.includes("--help") && !buildQuietly("--filter=@auto-extend/bench^...")) return false;
  const program = join(root, "apps", "bench", "src", subject, "main.mjs");
  return endsWell(statusOf(process.execPath, [program, ...args], { cwd: callerFolder }));
}

/**
 * Passes the exit code of a program on.
 *
 * @param {number} status
 */
function endsWell(status) {
  process.exitCode = status;
  return status === 0;
}

/** @param {{ filter?: string[] }} values */
function test(values) {
  const only = namesOf(values);
  // A report of an earlier run must not count; turbo restores those of tests that it need not repeat.
  for (const { folder, manifest } of members(root)) {
    if (only.length > 0 && !only.includes(manifest.name)) continue;
    rmSync(join(folder, "reports"), { recursive: true, force: true });
  }
  // A declared variable of the tasks: after a package was installed, results without it must not come from the cache.
  process.env.DEBIAN_PACKAGES = packagesThatAre(true).join(" ");
  const filters = filtersOf(values);
  // Built first, so that no test keeps a processor from a build that others wait for. A failure shows again below.
  buildQuietly(...filters);
  const passed = run("turbo", [
    "run",
    "test",
    "test:packed",
    "test:site",
    // More at a time only make the longest slower: they keep two processors busy.
    "--concurrency=3",
    "--continue=dependencies-successful",
    ...filters,
  ]);
  return printTotals(root, { only }) && passed;
}

function site() {
  const isBuilt = turbo("site");
  if (isBuilt) console.log("The site is in docs/dist/. `npm run site -- --serve` shows it.");
  return isBuilt;
}

function lint() {
  const passed = [run("biome", ["ci", "."]), run("knip", []), script("scripts/guard-rails.mjs")];
  return passed.every(Boolean);
}

function release() {
  const pending = readdirSync(join(root, ".changeset")).filter((name) => /(?<!README)\.md$/.test(name));
  const problems = [
    ...placeholdersIn(root),
    ...(pending.length === 0
      ? []
      : [`merge the pull request that applies .changeset/${pending.join(", ")} first`]),
    ...(process.env.GITHUB_ACTIONS
      ? []
      : ["leave it to the release workflow, which proves where packages come from"]),
  ];
  if (problems.length > 0) {
    console.error(`Nothing was published:\n  ${problems.join("\n  ")}`);
    return false;
  }
  return turbo("types") && turbo("build") && run("changeset", ["publish"]);
}

/** @param {string[]} filters */
function buildQuietly(...filters) {
  return turbo("build", "--output-logs=errors-only", ...filters);
}

/** @param {string[]} args */
function turbo(...args) {
  return run("turbo", ["run", ...args]);
}

/**
 * @param {string} path
 * @param {string[]} args
 */
function script(path, ...args) {
  return run(process.execPath, [path, ...args]);
}

// By its name alone: a path that leads through a link is another than that of the module.
if (process.argv[1]?.endsWith("workspace.mjs")) process.exitCode = await main(process.argv.slice(2));
