// Mutation tests: changes the code in small ways and counts the changes that no test of the member notices.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, run } from "../toolchain.mjs";
import { memberGroups } from "./groups.mjs";
import { printReport, summaryOf } from "./report.mjs";

const names = Object.keys(memberGroups);
const usage = `Usage: npm run mutate -- ${names.join("|")} [options]

  --group NAME     only this group of the member's files; may be repeated
  --files GLOB     these files of the member in place of its groups; may be repeated
  --sample N       try one mutant in N (default: 1, all of them)
  --concurrency N  processes that run tests (default: 1)
  --dry-run        run the tests once, without mutants
  --help           show help

Groups:
${names.map((name) => `  ${name}: ${Object.keys(memberGroups[name]?.groups ?? {}).join(", ")}`).join("\n")}`;

const request = readRequest();
if (request === "help") {
  console.log(usage);
} else if (typeof request === "string") {
  console.error(`${request} \`npm run mutate -- --help\` lists the options.`);
  process.exitCode = 2;
} else if (
  !run("turbo", ["run", "build", "--output-logs=errors-only", `--filter=@auto-extend/${request.name}`])
) {
  process.exitCode = 1;
} else {
  await mutate(request);
}

/** The request, or what is wrong with it. */
function readRequest() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        group: { type: "string", multiple: true },
        files: { type: "string", multiple: true },
        sample: { type: "string", default: "1" },
        concurrency: { type: "string", default: "1" },
        "dry-run": { type: "boolean", default: false },
        help: { type: "boolean" },
      },
    });
    if (values.help) return "help";
    const [name = "", ...others] = positionals;
    const member = Object.hasOwn(memberGroups, name) ? memberGroups[name] : undefined;
    if (!member) return `Name one member: ${names.join(", ")}.`;
    if (others.length > 0) return `Name one member: "${others[0]}" is too many.`;
    const groups = values.files ? { files: values.files } : chosen(member.groups, values.group);
    if (!groups) return `${name} has no such group.`;
    const [sample, concurrency] = [Number(values.sample), Number(values.concurrency)];
    if (![sample, concurrency].every((count) => Number.isInteger(count) && count > 0)) {
      return "--sample and --concurrency must be whole numbers from 1.";
    }
    const { folder, tests = [] } = member;
    return {
      name,
      folder: join(root, folder),
      tests,
      groups,
      sample,
      concurrency,
      dryRun: values["dry-run"],
    };
  } catch (error) {
    const [problem] = (error instanceof Error ? error.message : String(error)).split(". ");
    return `${problem}.`;
  }
}

/**
 * @param {Record<string, string[]>} groups
 * @param {string[] | undefined} names
 */
function chosen(groups, names) {
  if (names === undefined) return groups;
  if (!names.every((name) => Object.hasOwn(groups, name))) return null;
  return Object.fromEntries(names.map((name) => [name, groups[name] ?? []]));
}

/** @param {Exclude<ReturnType<typeof readRequest>, string>} request */
async function mutate({ name, folder, tests, groups, sample, concurrency, dryRun }) {
  const reports = join(root, "reports", "mutation");
  const whole = Object.keys(memberGroups[name]?.groups ?? {}).length === Object.keys(groups).length;
  const report = join(reports, whole ? name : [name, ...Object.keys(groups)].join("-"));
  mkdirSync(reports, { recursive: true });
  process.chdir(folder);
  const startedAt = Date.now();
  // It takes long to load, and a mistyped option should not have to wait for it.
  const { Stryker } = await import("@stryker-mutator/core");
  const results = await new Stryker({
    mutate: Object.values(groups).flat(),
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
    dryRunOnly: dryRun,
    // As deep as the members are, so that what they import from the top folder is found.
    tempDirName: join("..", "..", ".stryker-tmp"),
    // No such file: the sandbox's own needs no other paths.
    tsconfigFile: "none.json",
    ignorePatterns: ["reports", "bench"],
    reporters: ["progress-append-only", "json", "html"],
    jsonReporter: { fileName: `${report}.json` },
    htmlReporter: { fileName: `${report}.html` },
    allowConsoleColors: false,
  }).runMutationTest();
  if (dryRun) return;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const summary = summaryOf({ name, folder, groups, sample, seconds, results });
  writeFileSync(`${report}-summary.json`, `${JSON.stringify(summary, null, 2)}\n`);
  printReport(summary);
}
