// What `.ci/run` prints last: its log is long, so the reasons of a failure stand beside the totals.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { printTotals } from "../../../../scripts/totals.mjs";

const checkout = mkdtempSync(join(tmpdir(), "totals-"));

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(checkout, { recursive: true, force: true });
});

test("each failed test is named with its reason, before the totals", () => {
  mkdirSync(join(checkout, "apps"));
  const member = join(checkout, "packages/one");
  mkdirSync(join(member, "reports"), { recursive: true });
  writeFileSync(
    join(member, "package.json"),
    JSON.stringify({ name: "one", scripts: { test: "vitest run" } }),
  );
  const failed = {
    name: "/elsewhere/packages/one/test/a.test.ts",
    status: "failed",
    assertionResults: [
      { fullName: "a works", status: "passed" },
      { fullName: "b works", status: "failed", failureMessages: ["\u001b[31mexpected 1\n to be 2"] },
    ],
  };
  const unreadable = {
    name: "/elsewhere/packages/one/test/b.test.ts",
    status: "failed",
    message: "Cannot find module",
    assertionResults: [],
  };
  writeFileSync(
    join(member, "reports/tests.json"),
    JSON.stringify({
      numPassedTests: 1,
      numFailedTests: 1,
      success: false,
      testResults: [failed, unreadable],
    }),
  );
  const printed: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line) => printed.push(line));

  expect(printTotals(checkout)).toBe(false);
  expect(printed).toEqual([
    "FAILED: one#test, test/a.test.ts: b works: expected 1 to be 2",
    "FAILED: one#test, test/b.test.ts: Cannot find module",
    "1 passed, 2 failed",
  ]);
});
