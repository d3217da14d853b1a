import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { temporaryFolder } from "../../src/harness/programs.mjs";
import { concludeRun, createReport, withTable } from "../../src/harness/report.mjs";

function create() {
  const lines: string[] = [];
  return { lines, report: createReport((line: string) => void lines.push(line)) };
}

describe("the report of a bench", () => {
  it("prints tables with the median and the spread of each figure", () => {
    const { lines, report } = create();
    const row = report.table("start");
    row("ms to ready", [30, 10.25, 1_700]);
    row("share", [0.5]);
    expect(lines).toEqual([
      "",
      "| start | median (spread) |",
      "| --- | --- |",
      "| ms to ready | 30 (10.3–1,700) |",
      "| share | 0.50 |",
    ]);
  });

  it("compares the median with what was wanted, and lists what was missed", () => {
    const { lines, report } = create();
    report.wanted("ms to load", { atMost: 2_000 }, [1, 2_000, 5_000]);
    report.wanted("ms for a year", { atMost: 2_000 }, [1, 2_010, 2_010]);
    report.wanted("speed", { atLeast: 0.8 }, [0.7, 0.9, 0.7]);
    report.wanted("nothing was measured", { atMost: 1 }, []);
    expect(report.conclude()).toEqual(["ms for a year", "speed", "nothing was measured"]);
    expect(lines.slice(3, 6)).toEqual([
      "| ms to load | at most 2,000 | 2,000 (1–5,000) | met |",
      "| ms for a year | at most 2,000 | 2,010 (1–2,010) | missed by 10 |",
      "| speed | at least 0.80 | 0.70 (0.70–0.90) | missed by 0.10 |",
    ]);
  });

  it("replaces the rows of its tables in a document, and keeps the others", () => {
    const head = ["| page | median |", "| --- | --- |"];
    const other = "| client | median |\n| --- | --- |\n| page | 7 |\n";
    const document = ["Text.\n", ...head, "| a | 1 |", "| b | 2 |", `\nMore.\n\n${other}`].join("\n");
    expect(withTable(document, [...head, "| b | 3 |", "| c | 4 |"])).toBe(
      ["Text.\n", ...head, "| a | 1 |", "| b | 3 |", "| c | 4 |", `\nMore.\n\n${other}`].join("\n"),
    );
    expect(() => withTable(document, ["| nginx | median |"])).toThrow("no table that begins with: | nginx |");
  });

  it("prints its verdict, then writes every figure as JSON", () => {
    const file = join(temporaryFolder(), "bench.json");
    const { report } = create();
    report.table("world")("ms to load", [3, 1, 7]);
    report.wanted("ms to load", { atMost: 2 }, [3]);
    const log = vi.spyOn(console, "log").mockReturnValue();
    onTestFinished(() => {
      process.exitCode = undefined;
      vi.restoreAllMocks();
    });
    concludeRun(report, { json: file }, { settings: { rounds: 3 }, problems: ["A mistake."] });
    expect(process.exitCode).toBe(1);
    expect(log).toHaveBeenCalledWith("\nNot as expected:\n  A mistake.\n  Missed: ms to load");
    const written = JSON.parse(readFileSync(file, "utf8"));
    expect(written).toMatchObject({
      settings: { rounds: 3 },
      machine: { node: process.versions.node },
      problems: ["A mistake.", "Missed: ms to load"],
    });
    const summary = { column: "median (spread)", median: 3, min: 1, max: 7, figures: [3, 1, 7] };
    expect(written.rows[0]).toEqual({ table: "world", name: "ms to load", ...summary });

    log.mockClear();
    expect(() => concludeRun(report, { json: tmpdir() }, { settings: {}, problems: [] })).toThrow("EISDIR");
    expect(log).toHaveBeenCalled();
  });
});
