// The scores of a run, for each file and each group of files.
import { readFileSync } from "node:fs";
import { join, matchesGlob, relative, sep } from "node:path";
import { notSampled } from "./sample.mjs";

/** @typedef {import("@stryker-mutator/api/core").MutantResult} MutantResult */

/** In the order of the columns; `score` is worked out from the first four. */
const outcomes = /** @type {const} */ ([
  "killed",
  "timeout",
  "survived",
  "noCoverage",
  "failedToRun",
  "static",
  "excluded",
  "notSampled",
]);

/** @typedef {Record<typeof outcomes[number], number>} Counts */

/**
 * @param {object} run
 * @param {string} run.name
 * @param {string} run.folder
 * @param {Record<string, string[]>} run.groups
 * @param {number} run.sample
 * @param {number} run.seconds
 * @param {MutantResult[]} run.results
 */
export function summaryOf({ name, folder, groups, sample, seconds, results }) {
  /** @type {Map<string, MutantResult[]>} */
  const byFile = new Map();
  for (const result of results) {
    const file = relative(folder, result.fileName).replaceAll(sep, "/");
    byFile.set(file, [...(byFile.get(file) ?? []), result]);
  }
  const files = [...byFile].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    member: name,
    sample,
    seconds,
    groups: Object.entries(groups).map(([group, globs]) => {
      const members = files.filter(([file]) => isIn(file, globs));
      return {
        group,
        ...scored(members.flatMap(([, mutants]) => mutants)),
        files: members.map(([file, mutants]) => ({ file, ...scored(mutants) })),
      };
    }),
    undetected: files.flatMap(([file, mutants]) => undetected(folder, file, mutants)),
  };
}

/** @param {ReturnType<typeof summaryOf>} summary */
export function printReport({ member, sample, seconds, groups }) {
  const rows = groups.flatMap(({ group, files, ...total }) => [
    ...files.map(({ file, ...counts }) => row(file, counts)),
    row(`= ${group}`, total),
  ]);
  const table = [["", ...outcomes, "score"], ...rows];
  const widths = table[0]?.map((_, at) => Math.max(...table.map((cells) => cells[at]?.length ?? 0))) ?? [];
  console.log(`\n${member}: one mutant in ${sample}, ${seconds} s`);
  for (const [title = "", ...cells] of table) {
    const numbers = cells.map((cell, at) => cell.padStart(widths[at + 1] ?? 0));
    console.log([title.padEnd(widths[0] ?? 0), ...numbers].join("  "));
  }
}

/**
 * @param {string} title
 * @param {Counts & { score: number | null }} counts
 */
function row(title, counts) {
  const score = counts.score === null ? "-" : counts.score.toFixed(1);
  return [title, ...outcomes.map((outcome) => String(counts[outcome])), score];
}

/** @param {MutantResult[]} mutants */
function scored(mutants) {
  const counts = /** @type {Counts} */ (Object.fromEntries(outcomes.map((outcome) => [outcome, 0])));
  for (const mutant of mutants) counts[outcomeOf(mutant)] += 1;
  const detected = counts.killed + counts.timeout;
  const valid = detected + counts.survived + counts.noCoverage;
  return { ...counts, score: valid === 0 ? null : Math.round((detected / valid) * 1000) / 10 };
}

/**
 * A mutant that also runs while its module loads is not active then: where it is killed that proves something, and
 * where it survives it does not.
 *
 * @param {MutantResult} mutant
 * @returns {keyof Counts}
 */
function outcomeOf({ status, statusReason, static: runsAtLoad }) {
  switch (status) {
    case "Killed":
      return "killed";
    case "Timeout":
      return "timeout";
    case "Survived":
      return runsAtLoad ? "static" : "survived";
    case "NoCoverage":
      return "noCoverage";
    case "Ignored":
      return statusReason?.startsWith("Static mutant") ? "static" : "excluded";
    default:
      return statusReason === notSampled ? "notSampled" : "failedToRun";
  }
}

/**
 * @param {string} folder
 * @param {string} file
 * @param {MutantResult[]} mutants
 */
function undetected(folder, file, mutants) {
  const lines = readFileSync(join(folder, file), "utf8").split("\n");
  return mutants
    .filter(({ status }) => status === "Survived" || status === "NoCoverage")
    .map(({ status, location: { start, end }, mutatorName, replacement, static: runsAtLoad = false }) => {
      const code = lines.slice(start.line - 1, end.line);
      code.push((code.pop() ?? "").slice(0, end.column - 1));
      code.unshift((code.shift() ?? "").slice(start.column - 1));
      return {
        file,
        line: start.line,
        status,
        runsAtLoad,
        mutator: mutatorName,
        code: code.join("\n"),
        replacement,
      };
    })
    .sort((a, b) => a.line - b.line);
}

/**
 * @param {string} file
 * @param {string[]} globs
 */
function isIn(file, globs) {
  const excluded = globs.filter((glob) => glob.startsWith("!")).map((glob) => glob.slice(1));
  const included = globs.filter((glob) => !glob.startsWith("!"));
  const matches = (/** @type {string} */ glob) => matchesGlob(file, glob);
  return included.some(matches) && !excluded.some(matches);
}
