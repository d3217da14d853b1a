// Adds up what the test runs of all members reported.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Prints `N passed, N failed` over all members; false where a test failed or a member left no report. */
export function printTotals(root) {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  let missing = 0;
  for (const member of members(root)) {
    const report = join(member, "reports", "tests.json");
    if (!existsSync(report)) {
      console.error(`No test report in ${member}: its tests did not run.`);
      missing += 1;
      continue;
    }
    const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites, success } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    passed += numPassedTests;
    skipped += numPendingTests;
    // A suite that fails before its tests run reports no failed test; it still has to count.
    failed += numFailedTests || (success ? 0 : Math.max(1, numFailedTestSuites));
  }
  console.log(`${passed} passed, ${failed + missing} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return passed > 0 && failed + missing === 0;
}

function members(root) {
  return ["packages", "apps"]
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))
    .filter((member) => existsSync(join(member, "package.json")));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  if (!printTotals(root)) process.exitCode = 1;
}
