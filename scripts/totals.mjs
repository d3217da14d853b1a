// Adds up what the test runs of all members reported.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { packageMissedBy } from "./debian-packages.mjs";
import { members } from "./members.mjs";

/**
 * Prints `N passed, N failed` over all members, below what was skipped and what failed; false if a test failed or a
 * member left no report.
 *
 * @param {string} checkout its top folder
 * @param {{ allowSkips?: boolean, only?: string[] }} [options] `only` names the members to count (default: all).
 */
export function printTotals(checkout, { allowSkips = true, only = [] } = {}) {
  const total = { passed: 0, failed: 0 };
  const skipped = [];
  const failures = [];
  const tested = members(checkout).filter(
    ({ manifest }) => only.length === 0 || only.includes(manifest.name),
  );
  for (const { folder, task, file } of tested.flatMap(reportsOf)) {
    if (!existsSync(file)) {
      console.error(`No test report of ${task}: its tests did not run.`);
      total.failed += 1;
      continue;
    }
    const report = JSON.parse(readFileSync(file, "utf8"));
    total.passed += report.numPassedTests;
    const failed = failuresIn(report, task);
    total.failed += failed.length;
    failures.push(...failed);
    skipped.push(
      ...skipsIn(report, folder).map((skip) => ({ ...skip, file: relative(checkout, skip.file) })),
    );
  }
  for (const line of skipLines(skipped)) console.log(line);
  for (const line of failures) console.log(line);
  if (skipped.length > 0 && !allowSkips) console.error("No test may be skipped here.");
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.passed > 0 && total.failed === 0 && (allowSkips || skipped.length === 0);
}

/**
 * The report of each test task of a member: `test` writes reports/tests.json, and `test:packed` reports/packed.json.
 *
 * @param {ReturnType<typeof members>[number]} member
 */
function reportsOf({ folder, manifest }) {
  return Object.keys(manifest.scripts ?? {})
    .filter((name) => name === "test" || name.startsWith("test:"))
    .map((name) => ({
      folder,
      task: `${manifest.name}#${name}`,
      file: join(folder, "reports", `${name === "test" ? "tests" : name.slice("test:".length)}.json`),
    }));
}

/**
 * A line for each failure, with its reason: the logs of tasks that ran side by side are long, and often only their end is kept.
 *
 * @param {Report} report
 * @param {string} task
 */
function failuresIn({ success, testResults }, task) {
  const failures = testResults
    .filter(({ status }) => status === "failed")
    .flatMap(({ name, message, assertionResults }) => {
      const where = `${task}, ${name.replace(/^.*?[\\/](?=test[\\/])/, "")}`;
      const failed = assertionResults.filter(({ status }) => status === "failed");
      if (failed.length === 0) return [`FAILED: ${where}: ${beginningOf(message)}`];
      return failed.map(
        ({ fullName, failureMessages = [] }) =>
          `FAILED: ${where}: ${fullName}: ${beginningOf(failureMessages[0])}`,
      );
    });
  // Such as an error that nothing caught, after the last test.
  const outside = `FAILED: ${task}, outside of its tests: its log says why`;
  return failures.length === 0 && !success ? [outside] : failures;
}

function beginningOf(message = "no reason given") {
  return stripVTControlCharacters(message).replace(/\s+/g, " ").trim().slice(0, 300);
}

/**
 * @typedef {object} Report what vitest's reporter "json" writes, as far as it is read here
 * @property {boolean} success
 * @property {{
 *   name: string,
 *   status: string,
 *   message?: string,
 *   assertionResults: { fullName: string, status: string, failureMessages?: string[] }[],
 * }[]} testResults
 */

/**
 * @param {Report} report
 * @param {string} folder of the member; paths in a report that was restored from the cache are those of another machine
 */
function skipsIn({ testResults }, folder) {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => !["passed", "failed"].includes(status))
      .map(({ fullName }) => ({
        file: join(folder, "test", name.replace(/^.*?[\\/]test[\\/]/, "")),
        reason: reasonOf(fullName),
      })),
  );
}

/** @param {string} title */
function reasonOf(title) {
  const missed = packageMissedBy(title);
  return missed === undefined ? "for another reason" : `without the Debian package ${missed}`;
}

/** @param {{ file: string, reason: string }[]} skipped */
function skipLines(skipped) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { file, reason } of skipped) {
    const what = `${file}, ${reason}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `${count} skipped in ${what}`);
}
