import { describe, expect, it } from "vitest";
import { largeWorld } from "../../src/speed/large-world.mjs";
import { createReport } from "../../src/speed/report.mjs";

function reported(...rows: Parameters<ReturnType<typeof createReport>["row"]>[]) {
  const lines: string[] = [];
  const report = createReport((line) => void lines.push(line));
  for (const row of rows) report.row(...row);
  return { lines: lines.map((line) => line.replace(/ +/g, " ")), missed: report.missed };
}

describe("the report of the bench", () => {
  it("tells median, least and most", () => {
    expect(reported(["ms to ready", [3, 1, 7]]).lines).toEqual(["ms to ready median 3 min 1 max 7"]);
    expect(reported(["share", [0.5], { digits: 2 }]).lines).toEqual(["share median 0.50 min 0.50 max 0.50"]);
  });

  it("holds the median to its bound, and says which bounds were missed", () => {
    const { lines, missed } = reported(
      ["ms to load", [1, 2_000, 5_000], { bound: 2_000 }],
      ["ms for a year", [1, 2_001, 2_001], { bound: 2_000 }],
    );
    expect(lines.map((line) => line.split("bound ")[1])).toEqual(["2000 kept", "2000 MISSED"]);
    expect(missed).toEqual(["ms for a year"]);
  });

  it("misses a bound where nothing was measured", () => {
    expect(reported(["ms to load", [], { bound: 2_000 }]).missed).toEqual(["ms to load"]);
  });
});

it("measures a large world: how long it takes to load, and a year over it", async () => {
  const { loading, year } = await largeWorld({ orders: 100, addresses: 500, rounds: 2 });
  expect([...loading, ...year].every((time) => time > 0)).toBe(true);
  expect([loading.length, year.length]).toEqual([2, 2]);
});
