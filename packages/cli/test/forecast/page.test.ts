import { describe, expect, it } from "vitest";
import { forecastPage } from "../../src/forecast/page.js";
import { forecastReport } from "../../src/forecast/report.js";
import { input, order, quietReport, shortInput, shortReport } from "./examples.js";

const page = forecastPage(shortReport);

describe("the page of a forecast", () => {
  it("is a whole document that may load nothing and run nothing", () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain(
      "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"",
    );
    expect(page).not.toMatch(
      /<(script|link|img|iframe|object|a|form|base)\b|\b(src|href|on\w+)=|url\(|@import|https?:/i,
    );
  });

  it("has the summary, the chart, and tables of renewals, expiries and days", () => {
    expect(page).toContain("<h1>Forecast of proxies.example</h1>");
    expect(page).toContain("60 days, from 2030-01-01 06:00 to 2030-03-02 06:00 UTC");
    expect(page).toContain('<dt>To be spent</dt><dd>8.80 USD</dd><dd class="note">in 3 renewals</dd></div>');
    expect(page).toContain("<p>To be spent by type: IPv4 6.60, ISP 2.20</p>");
    expect(page).toContain("<strong>The balance runs out on 2030-02-09 08:30.</strong>");
    expect(page).toContain("1.00 USD is missing. Top up 1.00 USD in all:");
    expect(page).toContain(
      "is covered until 2030-03-02 06:00.\nWithout a top-up, 2 IP addresses of 1 order expire.</p>",
    );
    expect(rowsOf("Every renewal ahead, paid or not (USD)")).toBe(5);
    expect(rowsOf("Everything that expires, and why")).toBe(3);
    expect(rowsOf("Renewals without a known price, which are assumed to fail")).toBe(1);
    expect(rowsOf("Orders that cannot be forecast")).toBe(1);
    expect(rowsOf("The balance at the end of each day, and the events of the day (USD)")).toBe(61);
    expect(page).toContain("second-1, second-2");
  });

  it("names the chart for those who cannot see it, and describes the day that is pointed at", () => {
    expect(page).toMatch(/<svg [^>]*role="img" aria-labelledby="chart-title chart-description">/);
    expect(page).toContain(
      "From 10.00 USD before 2030-01-01 to 1.20 USD on 2030-03-02. It runs out on 2030-02-09.",
    );
    expect(page).toContain("<title>2030-02-09: 1.20 USD, 1 failed, 2 IP addresses expired</title>");
    expect(page).toContain("<title>2030-01-05: 6.70 USD, 1 renewed</title>");
    expect(page.match(/<path class="failed"/g)).toHaveLength(2);
    expect(page).toMatch(/text-anchor="end">The balance runs out on 2030-02-09</);
  });

  it("keeps the text of the first shortage within the picture, whatever the day, also in large letters", () => {
    const { firstShortage, byDay } = shortReport;
    if (firstShortage === null) throw new Error("The example has no shortage.");
    for (const { date } of byDay) {
      const chart = forecastPage({ ...shortReport, firstShortage: { ...firstShortage, date } });
      const [, x, anchor, text = ""] =
        /class="bad" x="([\d.]+)" y="\d+" text-anchor="(\w+)">([^<]+)</.exec(chart) ?? [];
      // 24 pixels high and bold: 14 pixels a letter, at most.
      const length = (anchor === "start" ? 1 : -1) * text.length * 14;
      expect(Number(x) + length, date).toBeGreaterThanOrEqual(0);
      expect(Number(x) + length, date).toBeLessThanOrEqual(960);
    }
  });

  it("leaves out what is empty, or says so", () => {
    const rich = forecastPage(forecastReport({ ...shortInput, balance: 100, skipped: [] }));
    expect(rich).not.toMatch(/runs out on|class="short"|Not forecast/);
    const quiet = forecastPage(quietReport(5));
    expect(quiet).not.toContain("Without a known price");
    expect(quiet.match(/<p>None\.<\/p>/g)).toHaveLength(2);
  });

  it("escapes all that comes from elsewhere, wherever it stands", () => {
    const hostile = "</title></style><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>\u202e\u0000";
    const hostileOrder = order(hostile, "2030-01-05T00:00:00Z");
    const report = forecastReport({
      ...input,
      orders: [hostileOrder, { ...hostileOrder, orderId: `${hostile}2`, proxyType: "MOBILE" }],
      priceOf: ({ proxyType }) => (proxyType === "MOBILE" ? null : 11),
      host: hostile,
      currency: hostile,
      skipped: [{ orderId: hostile, reason: hostile }],
    });
    const attacked = forecastPage(report);
    expect(attacked).not.toMatch(/<script|<img|(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(attacked.match(/<\/title>/g)?.length).toBe(attacked.match(/<title[ >]/g)?.length);
    expect(attacked.match(/<\/style>/g)).toHaveLength(1);
    expect(attacked).toContain("&lt;img src=x onerror=alert(1)&gt;\\u202e\\u0000");
    expect(attacked).toContain("&quot;&#39;&amp;");
  });

  it.each([
    ["nothing", quietReport(0)],
    ["a balance below zero", quietReport(-1_234.5)],
    ["one day", quietReport(5, 1)],
    ["ten years", quietReport(5, 3650)],
    ["a huge amount", quietReport(8_999_999_999)],
    ["the least amount", quietReport(0.000_001)],
  ])("draws %s with coordinates that are numbers, within the picture", (_, report) => {
    const svg = /<svg.*<\/svg>/s.exec(forecastPage(report))?.[0] ?? "";
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    for (const [, x] of svg.matchAll(/ (?:x|x1|x2)="([^"]*)"/g)) expectWithin(Number(x), 960);
    for (const [, y] of svg.matchAll(/ (?:y|y1|y2)="([^"]*)"/g)) expectWithin(Number(y), 320);
    const line = /<path class="line" d="M([^"]*)"/.exec(svg)?.[1] ?? "";
    for (const number of line.split(/[^\d.]+/)) expectWithin(Number(number), 960);
    expect(svg.match(/<rect /g)?.length).toBeLessThanOrEqual(400);
  });

  it("gathers days in the picture, not in the table, where they are too many", () => {
    const years = forecastPage(quietReport(5, 3650));
    expect(years).toMatch(/<title>2030-01-01 to 2030-01-09: 5\.00 USD<\/title>/);
    expect(years).toContain("<td>2039-12-30</td>");
  });

  it("cuts a table before it is too long for a browser, and says how to see the rest", () => {
    const [renewal] = shortReport.renewals;
    const renewals = Array<typeof renewal & object>(10_003).fill(renewal as typeof renewal & object);
    const long = forecastPage({ ...shortReport, renewals });
    expect(long).toContain("<p>And 3 more; --json lists them all.</p>");
  });
});

function rowsOf(caption: string): number {
  const after = page.split(`<caption>${caption}</caption>`)[1] ?? "";
  return (after.split("</tbody>")[0]?.split("<tbody>")[1]?.match(/<tr/g) ?? []).length;
}

function expectWithin(coordinate: number, most: number): void {
  expect(coordinate).toBeGreaterThanOrEqual(0);
  expect(coordinate).toBeLessThanOrEqual(most);
}
