// Mutation tests: changes the code in small ways, and counts the changes that no test of the member notices. A page in
// reports/mutation/ shows each of them.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, run } from "../toolchain.mjs";
import { memberGroups } from "./groups.mjs";

const names = Object.keys(memberGroups);
const usage = `Usage: npm run mutate -- ${names.join("|")} [options]

  --group NAME     only this group of the member's files; may be repeated
  --sample N       try one mutant in N (default: 1, all of them)
  --concurrency N  processes that run tests (default: 1)
  --help           show help

Groups:
${names.map((name) => `  ${name}: ${Object.keys(memberGroups[name]?.groups ?? {}).join(", ")}`).join("\n")}`;

const request = readRequestOrSayWhy();
if (request !== undefined) {
  const isBuilt = run("turbo", [
    ...["run", "build", "--output-logs=errors-only"],
    `--filter=@auto-extend/${request.name}`,
  ]);
  if (isBuilt) await mutate(request);
  else process.exitCode = 1;
}

/** Undefined if help was asked for, or something is wrong; both are printed. */
function readRequestOrSayWhy() {
  try {
    const request = readRequest();
    if (request === undefined) console.log(usage);
    return request;
  } catch (error) {
    const [problem] = (error instanceof Error ? error.message : String(error)).split(". ");
    console.error(`${problem?.replace(/\.$/, "")}. \`npm run mutate -- --help\` lists the options.`);
    process.exitCode = 2;
    return undefined;
  }
}

/** Undefined if help is asked for. */
function readRequest() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      group: { type: "string", multiple: true },
      sample: { type: "string", default: "1" },
      concurrency: { type: "string", default: "1" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return undefined;
  const [name = ""] = positionals;
  const member = positionals.length === 1 && Object.hasOwn(memberGroups, name) && memberGroups[name];
  if (!member) throw new Error(`Name one member: ${names.join(", ")}`);
  const chosen = values.group ?? Object.keys(member.groups);
  if (!chosen.every((group) => Object.hasOwn(member.groups, group)))
    throw new Error(`${name} has no such group`);
  const [sample, concurrency] = [Number(values.sample), Number(values.concurrency)];
  if (![sample, concurrency].every((count) => Number.isInteger(count) && count > 0)) {
    throw new Error("--sample and --concurrency must be whole numbers from 1");
  }
  return { name, member, files: chosen.flatMap((group) => member.groups[group] ?? []), sample, concurrency };
}

/** @param {NonNullable<ReturnType<typeof readRequest>>} request */
async function mutate({ name, member: { folder, tests = [] }, files, sample, concurrency }) {
  process.chdir(join(root, folder));
  // It takes long to load, and a mistyped option should not have to wait for it.
  const { Stryker } = await import("@stryker-mutator/core");
  const results = await new Stryker({
    mutate: files,
    testFiles: tests,
    mutator: {
      // Most strings are messages, whose wording the tests rightly leave open.
      excludedMutations: ["StringLiteral"],
    },
    // A mutant that throws while its module loads would count as survived, so those that only run then are set apart.
    ignoreStatic: true,
    coverageAnalysis: "perTest",
    testRunner: "vitest",
    // The tests of a mutant are known from the first run.
    vitest: { related: false },
    checkers: sample > 1 ? ["sample"] : [],
    ...(sample > 1 ? { sample } : {}),
    plugins: [
      import.meta.resolve("@stryker-mutator/vitest-runner"),
      new URL("sample.mjs", import.meta.url).href,
    ],
    concurrency,
    // Most endless loops are found by counting. On a busy machine a slow run must not pass for one.
    timeoutMS: 30_000,
    dryRunTimeoutMinutes: 30,
    // As deep as the members are, so that what they import from the top folder is found.
    tempDirName: join("..", "..", ".stryker-tmp"),
    // No such file: the sandbox's own needs no other paths.
    tsconfigFile: "none.json",
    ignorePatterns: ["reports", "bench"],
    reporters: ["progress-append-only", "clear-text", "html"],
    // The page shows the mutants.
    clearTextReporter: { reportTests: false, reportMutants: false },
    htmlReporter: { fileName: join(root, "reports", "mutation", `${name}.html`) },
    allowConsoleColors: false,
  }).runMutationTest();
  printScoreOfFunctions(results);
}

/**
 * Mutants of constants are tried only by tests that load their module again. All other tests pass, and the mutant counts as
 * survived. The score without them can be compared.
 *
 * @param {readonly import("@stryker-mutator/api/core").MutantResult[]} results
 */
function printScoreOfFunctions(results) {
  const inFunctions = results.filter((mutant) => !mutant.static);
  /** @param {string[]} statuses */
  const count = (...statuses) => inFunctions.filter(({ status }) => statuses.includes(status)).length;
  const found = count("Killed", "Timeout");
  const all = found + count("Survived", "NoCoverage");
  const score = all === 0 ? "none was tried" : `${((100 * found) / all).toFixed(1)} %, ${found} of ${all}`;
  console.log(`Without mutants of constants: ${score}.`);
}
