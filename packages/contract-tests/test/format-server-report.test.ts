import { describe, expect, it } from "vitest";
import { formatServerReport, type ServerReport, serverCases } from "../src/index.js";
import { runAgainst } from "./server-runs.js";

const statement = {
  id: "error-code/4",
  grade: "reference",
  claim: "Code 4 means this.",
  source: "a page",
} as const;
const common = { grade: "reference", statements: ["error-code/4"], duration: 1 } as const;
const report: ServerReport = {
  target: "http://127.0.0.1:4010",
  passed: 1,
  failed: 1,
  skipped: 2,
  cases: [
    { ...common, id: "a", title: "does a", outcome: "passed", problems: [], exchanges: [], skipped: null },
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
          expected: "4",
          came: "35",
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
          wanted: "a failure with code 4, HTTP 200",
          came: { status: 200, headers: {}, body: "\u001b[2Jnasty" },
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
  ],
  contradicted: [{ ...statement, by: ["b"] }],
};

describe("formatServerReport", () => {
  it("shows what was sent, wanted and came, the difference, what is contradicted, and the totals", () => {
    expect(
      formatServerReport(report, { optionNames: { allowChanges: "--allow-changes", orders: "--order" } }),
    ).toBe(
      `Server cases against http://127.0.0.1:4010

failed  b: does b (reference)
    sent    POST http://127.0.0.1:4010/x
            content-type: text/plain
            {}
    wanted  a failure with code 4, HTTP 200
    came    HTTP 200, no media type
            \\u001b[2Jnasty
    body.error.code
    - expected: 4
    + came:     35

The server contradicts the contract
  error-code/4 (reference): Code 4 means this.
      Source: a page. Disproved by b.

Skipped
  2 x it changes orders: --allow-changes lets it run
      rule/{c, d}

1 passed, 1 failed, 2 skipped
`,
    );
  });

  it("shows each kind of problem once, and counts the cases that have it as well", async () => {
    const report = await runAgainst((_, response) => response.end("nonsense"), { only: "" });
    const text = formatServerReport(report);
    expect(text.split("\n").length).toBeLessThan(100);
    const inFull = text.match(/^failed /gm)?.length ?? 0;
    const counted = [...text.matchAll(/^ {4}The same kind of problem in (\d+) more: /gm)];
    expect(counted.reduce((sum, [, count]) => sum + Number(count), inFull)).toBe(report.failed);
    const { passed, failed, skipped } = report;
    expect(text.endsWith(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`)).toBe(true);
    expect(passed + failed + skipped).toBe(serverCases.length);
  });

  it("shows no more than the beginning of a long page", async () => {
    const page = "<p>line</p>\n".repeat(30);
    const report = await runAgainst((_, response) => response.end(page));
    expect(formatServerReport(report)).toMatch(/(?: {12}<p>line<\/p>\n){8} {12}\.\.\.\n {4}content-type\n/);
  });

  it("uses colours where they are wanted, and no other escape sequence", () => {
    const coloured = formatServerReport(report, { colour: true });
    expect(coloured).toContain("\u001b[31m    + came:     35\u001b[0m");
    expect(coloured).not.toContain("\u001b[2J");
  });
});
