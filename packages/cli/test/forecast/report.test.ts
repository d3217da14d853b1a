import { describe, expect, it } from "vitest";
import { forecastReport } from "../../src/forecast/report.js";
import { forecastResult } from "../../src/forecast/types.js";
import { input, order, priceOf, quietReport, shortInput, shortReport } from "./examples.js";

describe("the report of a forecast", () => {
  it("is what its schema says, as a value and as JSON", () => {
    expect(forecastResult.parse(shortReport)).toEqual(shortReport);
    expect(JSON.parse(JSON.stringify(shortReport))).toEqual(shortReport);
    expect(forecastResult.safeParse({ ...shortReport, apiKey: "k" }).success).toBe(false);
  });

  it("lists every renewal ahead, paid or not", () => {
    expect(shortReport.renewals).toMatchObject([
      { at: "2030-01-05T12:00:00.000Z", orderId: "first", quantity: 3, price: 3.3, balance: 6.7 },
      { orderId: "second", outcome: "renewed", endsAt: "2030-02-09T08:30:00.000Z" },
      { orderId: "unpriced", outcome: "failed", price: null, endsAt: null },
      { orderId: "first", balance: 1.2 },
      { at: "2030-02-09T08:30:00.000Z", orderId: "second", outcome: "failed", price: 2.2, balance: 1.2 },
    ]);
    expect(shortReport).toMatchObject({
      balance: { start: 10, end: 1.2 },
      spent: 8.8,
      spentByProxyType: [
        { proxyType: "IPv4", renewed: 2, spent: 6.6 },
        { proxyType: "ISP", renewed: 1, spent: 2.2 },
      ],
    });
  });

  it("says when the balance runs out, what is missing, what is needed, and what expires because of it", () => {
    expect(shortReport.firstShortage).toEqual({
      at: "2030-02-09T08:30:00.000Z",
      date: "2030-02-09",
      orderId: "second",
      proxyType: "ISP",
      quantity: 2,
      rentPeriodDays: 30,
      price: 2.2,
      balance: 1.2,
      missing: 1,
    });
    expect(shortReport.needed).toBe(1);
    expect(shortReport.expiring).toEqual([
      {
        at: "2030-02-09T08:30:00.000Z",
        orderId: "second",
        proxyType: "ISP",
        quantity: 2,
        ipAddressIds: ["second-1", "second-2"],
        because: "unpaid",
      },
    ]);
  });

  it("needs more than the first shortage where more fails later", () => {
    const orders = [order("a", "2030-01-02T00:00:00Z"), order("b", "2030-01-03T00:00:00Z")];
    const report = forecastReport({ ...input, orders, balance: 1, days: 10 });
    expect(report.firstShortage?.missing).toBe(0.1);
    expect(report.needed).toBe(1.2);
  });

  it("lists everything that expires, and why", () => {
    expect(shortReport.expiries.map(({ orderId, because }) => [orderId, because])).toEqual([
      ["off", "off"],
      ["unpriced", "unpaid"],
      ["second", "unpaid"],
    ]);
  });

  it("has an entry for every day in UTC, those without events included", () => {
    const { byDay } = shortReport;
    expect(byDay).toHaveLength(61);
    expect(byDay[0]).toEqual({
      date: "2030-01-01",
      balance: 10,
      demand: 0,
      spent: 0,
      renewed: 0,
      failed: 0,
      expired: 0,
    });
    expect(byDay[4]).toMatchObject({ date: "2030-01-05", balance: 6.7, spent: 3.3, renewed: 1 });
    expect(byDay[19]).toMatchObject({ date: "2030-01-20", expired: 1, failed: 0 });
    expect(byDay[39]).toMatchObject({ date: "2030-02-09", failed: 1, expired: 2, balance: 1.2 });
    expect(byDay.at(-1)?.date).toBe("2030-03-02");
  });

  it("looks at the last moment itself, and at nothing after it", () => {
    const orders = [order("a", "2030-01-11T06:00:00.000Z"), order("b", "2030-01-11T06:00:00.001Z")];
    const { renewals } = forecastReport({ ...input, orders, days: 10 });
    expect(renewals.map(({ orderId }) => orderId)).toEqual(["a"]);
  });

  it("lists what expires after the end because of a failure before it", () => {
    const orders = [
      order("short", "2030-01-12T00:00:00Z"),
      order("off", "2030-01-12T00:00:00Z", { autoExtend: false }),
      order("later", "2030-01-15T00:00:00Z"),
    ];
    const settings = { leadTimeHours: 48 };
    const report = forecastReport({ ...input, orders, balance: 1, days: 10, settings });
    expect(report.renewals).toMatchObject([{ orderId: "short", outcome: "failed" }]);
    expect(report.expiries).toEqual(report.expiring);
    expect(report.expiring).toMatchObject([{ orderId: "short", at: "2030-01-12T00:00:00.000Z" }]);
    expect(report.byDay.reduce((sum, { expired }) => sum + expired, 0)).toBe(0);
    expect(report.settings).toEqual({ leadTimeHours: 48, retryHours: null });
  });

  it("lists each try of a renewal, but what has no price once", () => {
    const settings = { leadTimeHours: 24, retryHours: 6 };
    const report = forecastReport({
      ...input,
      orders: [order("a", "2030-01-05T00:00:00Z")],
      priceOf: () => null,
      settings,
    });
    expect(report.renewals.length).toBe(4);
    expect(report.unpriced).toEqual([
      { at: "2030-01-04T00:00:00.000Z", orderId: "a", proxyType: "IPv4", quantity: 1, rentPeriodDays: 30 },
    ]);
    expect(report).toMatchObject({ firstShortage: null, needed: 0, expiring: [] });
    expect(report.expiries).toMatchObject([{ orderId: "a", because: "unpaid" }]);
  });

  it("does not blame the balance for a renewal that failed before the start", () => {
    const [failed] = [order("a", "2030-01-05T00:00:00Z")];
    const ipAddresses = failed?.ipAddresses.map((each) => ({ ...each, failedAt: "2029-12-31T00:00:00Z" }));
    const report = forecastReport({
      ...input,
      orders: [{ ...failed, ipAddresses } as typeof failed & object],
    });
    expect(report.expiries).toMatchObject([{ because: "unpaid" }]);
    expect(report.expiring).toEqual([]);
  });

  it("forgets a failure once the renewal is paid", () => {
    // The price is known from the second try on.
    let tries = 0;
    const report = forecastReport({
      ...input,
      orders: [order("a", "2030-01-05T00:00:00Z", { rentPeriodDays: 2 })],
      days: 5,
      priceOf: () => (++tries % 2 === 1 ? null : 1),
      settings: { leadTimeHours: 24, retryHours: 6 },
    });
    expect(report.renewals.map(({ outcome }) => outcome)).toContain("renewed");
    expect(report.expiring).toEqual([]);
  });

  it("keeps amounts exact", () => {
    const orders = [order("a", "2030-01-05T00:00:00Z", { quantity: 3 })];
    const report = forecastReport({ ...input, orders, balance: 0.3, priceOf: () => 3 * 0.8 });
    expect(report.renewals[0]?.price).toBe(2.4);
    expect(report.firstShortage?.missing).toBe(2.1);
    expect(report.needed).toBe(4.5);
  });

  it("needs a negative balance to be topped up only if something is to be renewed", () => {
    expect(quietReport(-5).needed).toBe(0);
    const orders = [order("a", "2030-01-05T00:00:00Z")];
    expect(forecastReport({ ...input, orders, balance: -5, days: 5 }).needed).toBe(6.1);
  });

  it("refuses an amount that cannot be counted exactly", () => {
    expect(() => forecastReport({ ...input, balance: 0.123_456_7 })).toThrow(/cannot be counted exactly/);
  });

  it("changes nothing that it is given", () => {
    const before = structuredClone({ ...shortInput, priceOf: null });
    forecastReport({ ...shortInput, priceOf });
    expect({ ...shortInput, priceOf: null }).toEqual(before);
  });
});
