import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../src/harness/programs.mjs";
import { createReport, writeResult } from "../../src/harness/report.mjs";

function reportOf(...rows: Parameters<ReturnType<typeof createReport>["row"]>[]) {
  const lines: string[] = [];
  const report = createReport((line: string) => void lines.push(line));
  for (const row of rows) report.row(...row);
  return { lines: lines.map((line) => line.replace(/ +/g, " ")), missed: report.missed(), report };
}

describe("the report of a bench", () => {
  it("shows the median, the least and the most", () => {
    expect(reportOf(["ms to ready", [3, 1, 7]]).lines).toEqual(["ms to ready median 3 min 1 max 7"]);
    expect(reportOf(["share", [0.5], { digits: 2 }]).lines).toEqual(["share median 0.50 min 0.50 max 0.50"]);
  });

  it("compares the median with its bound, and lists the bounds that were missed", () => {
    const { lines, missed } = reportOf(
      ["ms to load", [1, 2_000, 5_000], { bound: 2_000 }],
      ["ms for a year", [1, 2_001, 2_001], { bound: 2_000 }],
    );
    expect(lines.map((line) => line.split("bound ")[1])).toEqual(["2000 met", "2000 MISSED"]);
    expect(missed).toEqual(["ms for a year"]);
  });

  it("misses a bound if nothing was measured", () => {
    expect(reportOf(["ms to load", [], { bound: 2_000 }]).missed).toEqual(["ms to load"]);
  });

  it("writes every figure as JSON", () => {
    const file = join(temporaryFolder(), "bench.json");
    const { rows } = reportOf(["ms to load", [3, 1, 7], { bound: 2 }]).report;
    writeResult(file, { settings: { rounds: 3 }, problems: ["Over the bound: ms to load"], rows });
    const written = JSON.parse(readFileSync(file, "utf8"));
    expect(written).toMatchObject({
      settings: { rounds: 3 },
      machine: { node: process.version },
      problems: ["Over the bound: ms to load"],
    });
    expect(written.rows).toEqual([
      { name: "ms to load", median: 3, min: 1, max: 7, figures: [3, 1, 7], bound: 2, isWithinBound: false },
    ]);
  });
});
