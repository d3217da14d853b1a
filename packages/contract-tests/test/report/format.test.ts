import { describe, expect, it } from "vitest";
import { formatServerReport, type ServerReport, serverCases } from "../../src/index.js";
import { runAgainst } from "../support/runs.js";

const statement = {
  id: "error-code/4",
  grade: "reference",
  claim: "Code 4 means this.",
  source: "a page",
} as const;
const common = { grade: "reference", statements: ["error-code/4"], unchecked: null, duration: 1 } as const;
const report: ServerReport = {
  target: "http://127.0.0.1:4010",
  passed: 2,
  failed: 1,
  skipped: 3,
  statements: { total: 9, tested: 4, confirmed: 2, contradicted: 1, notTested: 5 },
  cases: [
    { ...common, id: "a", title: "does a", outcome: "passed", problems: [], exchanges: [], skipped: null },
    {
      ...common,
      id: "u",
      title: "does u",
      outcome: "passed",
      problems: [],
      exchanges: [],
      unchecked: "the list is gone",
      skipped: null,
    },
    {
      ...common,
      id: "b",
      title: "does b",
      outcome: "failed",
      skipped: null,
      problems: [
        {
          exchange: 0,
          at: "body.error.code",
          message: "must be 4",
          actual: "35",
          level: null,
          contradicts: ["error-code/4"],
        },
        {
          exchange: 0,
          at: "status",
          message: "must be 200; it is 201",
          actual: null,
          level: "lawful",
          contradicts: ["error-code/4"],
        },
      ],
      exchanges: [
        {
          sent: {
            method: "POST",
            url: "http://127.0.0.1:4010/x",
            headers: { "content-type": "text/plain" },
            body: "{}",
          },
          expected: "a failure with code 4, HTTP 200",
          received: { status: 200, headers: {}, body: "\u001b[2Jnasty" },
        },
      ],
    },
    ...["rule/c", "rule/d"].map((id) => ({
      ...common,
      id,
      title: `does ${id}`,
      outcome: "skipped" as const,
      problems: [],
      exchanges: [],
      skipped: { reason: "it changes orders", option: "allowChanges" as const },
    })),
    {
      ...common,
      id: "e",
      title: "does e",
      outcome: "skipped",
      problems: [],
      exchanges: [],
      skipped: { reason: "nothing helps", option: null },
    },
  ],
  contradicted: [{ ...statement, by: ["b"] }],
  remarks: [
    {
      operation: "getBalance",
      at: "body.extra",
      message: "is an unknown field",
      level: "emits",
      by: ["a", "u"],
    },
    { operation: "listIpAddresses", at: "body.pages", message: "announces more", level: "lawful", by: ["a"] },
  ],
  notRestored: [
    {
      orderId: "11111",
      ipAddressId: "1",
      was: { autoExtend: false, rentPeriodDays: null },
      now: { autoExtend: true, rentPeriodDays: 30 },
      whatToDo: "Switch it off.",
    },
  ],
};

describe("formatServerReport", () => {
  it("shows failures, contradictions, remarks, what was unchecked, skipped or not restored, and the totals", () => {
    expect(
      formatServerReport(report, { optionNames: { allowChanges: "--allow-changes", orders: "--order" } }),
    ).toBe(
      `Contract tests of http://127.0.0.1:4010

failed  b: does b (reference)
    sent      POST http://127.0.0.1:4010/x
              content-type: text/plain
              {}
    expected  a failure with code 4, HTTP 200
    received  HTTP 200, no media type
              \\u001b[2Jnasty
    ! body.error.code: must be 4; it is 35
    ! status: must be 200; it is 201

The server contradicts the contract
  error-code/4 (reference): Code 4 means this.
      Source: a page. Contradicted in b.

Remarks: differences that did not fail a case
  getBalance body.extra: is an unknown field (the contract allows it, but the mock answers differently; in 2 cases)
  listIpAddresses body.pages: announces more (another case tests this assumption; in 1 case)

Passed, but only the answers were checked
  1 case, because the list is gone
      u

Skipped
  2 cases, each because it changes orders: set --allow-changes to run such cases
      rule/{c, d}
  1 case, because nothing helps
      e

Not restored
  order 11111, IP address 1: it was off before the run, and it is on (30 days) now
      Switch it off.

9 statements of the contract: 4 tested, 2 confirmed, 1 contradicted, 1 undecided, 5 not tested.
2 passed (1 with only the answers checked), 1 failed, 3 skipped, 1 not restored
`,
    );
  });

  it("shows each kind of problem once, and counts the cases that have it as well", async () => {
    const report = await runAgainst((_, response) => response.end("nonsense"), { only: "" });
    const text = formatServerReport(report);
    expect(text.split("\n").length).toBeLessThan(100);
    const inFull = text.match(/^failed /gm)?.length ?? 0;
    const repeated = [...text.matchAll(/^ {4}(\d+) more cases? failed in the same way: /gm)];
    expect(repeated.reduce((sum, [, count]) => sum + Number(count), inFull)).toBe(report.failed);
    const { passed, failed, skipped } = report;
    expect(text.endsWith(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`)).toBe(true);
    expect(passed + failed + skipped).toBe(serverCases.length);
  });

  it("shows no more than the beginning of a long page", async () => {
    const page = "<p>line</p>\n".repeat(30);
    const report = await runAgainst((_, response) => response.end(page));
    expect(formatServerReport(report)).toMatch(/(?: {14}<p>line<\/p>\n){8} {14}\.\.\.\n {4}! body: /);
  });

  it("uses colours if asked to, and no other escape sequence", () => {
    const coloured = formatServerReport(report, { colour: true });
    expect(coloured).toContain("\u001b[31m    ! body.error.code: must be 4; it is 35\u001b[0m");
    expect(coloured).not.toContain("\u001b[2J");
  });
});
