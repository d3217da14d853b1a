import { describe, expect, it } from "vitest";
import { painter } from "../../src/app/context.js";
import { balanceChart } from "../../src/forecast/chart.js";
import { forecastReport } from "../../src/forecast/report.js";
import { input, order, quietReport, shortReport } from "./examples.js";

const paint = painter(false);

describe("the chart in the terminal", () => {
  it("shows the balance day by day, and marks the days on which a renewal fails", () => {
    expect(balanceChart(shortReport, { width: 70, paint })).toBe(
      [
        "10.00 ┤████",
        " 8.00 ┤████▃▃▃▃▃",
        " 6.00 ┤█████████▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂",
        " 4.00 ┤██████████████████████████████████",
        " 2.00 ┤██████████████████████████████████▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅",
        " 0.00 ┼────────────────────────✗──────────────✗─────────────────────",
        "       2030-01-01                2030-01-31               2030-03-02",
        "       ✗ a renewal fails",
      ].join("\n"),
    );
  });

  it("joins days if there is no room for each", () => {
    const lines = balanceChart(shortReport, { width: 50, paint }).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBe(50);
    expect(lines.at(-1)).toBe("       ✗ a renewal fails");
    expect(lines.at(-3)?.match(/✗/g)).toHaveLength(2);
  });

  it("colours nothing but the marks, and dims the axes, where colours are taken", () => {
    const coloured = balanceChart(shortReport, { width: 70, paint: painter(true) });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what is painted starts with one.
    expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(balanceChart(shortReport, { width: 70, paint }));
    expect(coloured.split("\u001b[31m✗\u001b[39m")).toHaveLength(4);
  });

  it("shows a balance of nothing as the axis alone", () => {
    const lines = balanceChart(quietReport(0), { width: 80, paint }).split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^0\.00 ┼─+$/);
  });

  it("lets a balance below zero hang from the axis", () => {
    const lines = balanceChart(quietReport(-12.345), { width: 80, paint }).split("\n");
    expect(lines[0]).toMatch(/^ {2}0\.00 ┼─+$/);
    expect(lines[1]).toMatch(/^ -2\.00 ┤█+$/);
    expect(lines[7]).toMatch(/^-14\.00 ┤▔+$/);
  });

  it("shows the least amount there is", () => {
    const lines = balanceChart(quietReport(0.000_001), { width: 80, paint }).split("\n");
    expect(lines[0]).toMatch(/^0\.000001 ┤█+$/);
    const orders = [order("a", "2030-01-03T00:00:00Z")];
    const nearlyNothing = forecastReport({ ...input, orders, balance: 1.100_001, days: 10 });
    expect(balanceChart(nearlyNothing, { width: 80, paint })).toMatch(/0\.20 ┤█+▁+$/m);
  });

  it("has no steps below a hundredth, unless an amount has more decimals", () => {
    const stepsOf = (amount: number) =>
      balanceChart(quietReport(amount), { width: 80, paint }).match(/^ *[\d.]+ (?=┤)/gm);
    expect(stepsOf(0.01)).toEqual(["0.01 "]);
    expect(stepsOf(0.03)).toEqual(["0.03 ", "0.02 ", "0.01 "]);
    expect(stepsOf(0.0125)).toHaveLength(7);
  });

  it("has both dates for one day, and for ten years", () => {
    const day = balanceChart(quietReport(5, 1), { width: 80, paint }).split("\n");
    expect(day[0]).toBe("5.00 ┤████████");
    expect(day.at(-1)).toBe("      2030-01-01 2030-01-02");
    const years = balanceChart(quietReport(5, 3650), { width: 80, paint }).split("\n");
    expect(years[0]).toHaveLength(80);
    expect(years.at(-1)).toMatch(/^ {6}2030-01-01 +2034-12-31 +2039-12-30$/);
  });

  it("labels huge amounts in full", () => {
    const lines = balanceChart(quietReport(8_999_999_999), { width: 80, paint }).split("\n");
    expect(lines[0]).toMatch(/^10,000,000,000\.00 ┤▄+$/);
    expect(lines[0]?.length).toBeLessThanOrEqual(80);
  });

  it("is never narrower than its dates", () => {
    expect(balanceChart(quietReport(5), { width: 1, paint })).toContain("2030-01-01 2030-03-02");
  });
});
