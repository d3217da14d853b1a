// Adds up what the test runs of all members reported.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { members } from "./members.mjs";

/**
 * Prints `N passed, N failed` over all members; false where a test failed or a member left no report.
 *
 * @param {string} checkout its top folder
 */
export function printTotals(checkout) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { folder, manifest } of members(checkout)) {
    const report = join(folder, "reports", "tests.json");
    if (!existsSync(report)) {
      console.error(`No test report of ${manifest.name}: its tests did not run.`);
      total.failed += 1;
      continue;
    }
    const { numPassedTests, numFailedTests, numPendingTests, success } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    total.passed += numPassedTests;
    total.skipped += numPendingTests;
    // What fails outside a test, such as a file that can't be loaded, is in no count of tests and must not go unseen.
    total.failed += numFailedTests || (success ? 0 : 1);
  }
  const { passed, failed, skipped } = total;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return passed > 0 && failed === 0;
}
