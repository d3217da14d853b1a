import { describe, expect, it } from "vitest";
import { painter } from "../../src/app/context.js";
import { forecastReport } from "../../src/forecast/report.js";
import { forecastText } from "../../src/forecast/text.js";
import { input, order, quietReport, shortInput, shortReport } from "./examples.js";

const options = { width: 80, paint: painter(false) };

describe("the text of a forecast", () => {
  it("says first what it comes to, when the money is short, and what expires", () => {
    expect(forecastText(shortReport, options).split("Balance, day by day")[0]).toBe(
      [
        "Forecast of proxies.example for 60 days",
        "2030-01-01 06:00 to 2030-03-02 06:00",
        "",
        "Balance now     10.00 USD",
        "To be spent      8.80 USD  in 3 renewals",
        "Due in all      11.00 USD  if the balance were enough",
        "Balance at end   1.20 USD",
        "To be spent by type: IPv4 6.60, ISP 2.20",
        "",
        "The balance runs out on 2030-02-09 08:30.",
        "Order second costs 2.20 USD then, and 1.20 USD is left: 1.00 USD is missing.",
        "Top up 1.00 USD in all: then every renewal with a known price is covered until",
        "2030-03-02 06:00.",
        "",
        "Without a top-up, 2 IP addresses of 1 order expire:",
        "  Time              Order   Type  Addresses",
        "  2030-02-09 08:30  second  ISP           2",
        "",
        "1 IP address ends with auto-extend off.",
        "",
        "No price is known for these renewals, so they are assumed to fail:",
        "  Time              Order     Type    Days",
        "  2030-01-25 00:00  unpriced  MOBILE    30",
        "These orders cannot be forecast:",
        "  endless  it has no end",
        "",
        "",
      ].join("\n"),
    );
  });

  it("ends with the renewals as a table, and what it takes for true", () => {
    const [, after] = forecastText(shortReport, options).split("a renewal fails\n\n");
    expect(after).toBe(
      [
        "Time              Order     Type    Days  Addresses  Price  Balance  Outcome",
        "2030-01-05 12:00  first     IPv4      30          3   3.30     6.70  renewed",
        "2030-01-10 08:30  second    ISP       30          2   2.20     4.50  renewed",
        "2030-01-25 00:00  unpriced  MOBILE    30          1      ?     4.50  failed",
        "2030-02-04 12:00  first     IPv4      30          3   3.30     1.20  renewed",
        "2030-02-09 08:30  second    ISP       30          2   2.20     1.20  failed",
        "Not shown here: Until",
        "",
        "Times are in UTC. Assumed: a renewal is paid when the IP addresses end; a",
        "renewal that fails is not tried again.",
        "",
      ].join("\n"),
    );
  });

  it("says that the balance lasts if it does", () => {
    const rich = forecastText(forecastReport({ ...shortInput, balance: 100 }), options);
    expect(rich).toContain("The balance covers every renewal whose price is known until 2030-03-02 06:00.");
    expect(rich).not.toContain("runs out");
    const orders = [order("a", "2030-01-05T00:00:00Z")];
    const priced = forecastText(forecastReport({ ...input, orders, days: 10 }), options);
    expect(priced).toContain("The balance covers every renewal until 2030-01-11 06:00.");
  });

  it("says that there are no renewals if there are none, and shows no empty table", () => {
    const text = forecastText(quietReport(3), options);
    expect(text).toContain("There are no renewals in this time.");
    expect(text).not.toContain("Outcome");
  });

  it("shows the price of a renewal, or that it fails, also on a terminal of 40 columns", () => {
    const orders = [order("1112223334283d122", "2030-01-05T00:00:00Z")];
    const at40 = { ...options, width: 40 };
    const text = forecastText(forecastReport({ ...input, orders, days: 10 }), at40);
    expect(text).toMatch(/^Date +Order +Price\n2030-01-05 +1112223334283d122 +\d+\.\d\d$/m);
    const unpaid = forecastText(forecastReport({ ...input, orders, days: 10, balance: 0 }), at40);
    expect(unpaid).toMatch(/^2030-01-05 +1112223334283d122 +failed$/m);
  });

  it("cuts long lists, and says how to see the rest", () => {
    const orders = Array.from({ length: 33 }, (_, index) => order(`o${index}`, "2030-01-05T00:00:00Z"));
    const text = forecastText(
      forecastReport({
        ...input,
        orders,
        balance: 0,
        days: 10,
        skipped: Array(12).fill({ orderId: "s", reason: "r" }),
      }),
      options,
    );
    expect(text).toContain("Without a top-up, 33 IP addresses of 33 orders expire:");
    expect(text).toContain("  and 23 more lines; --json has all of them");
    expect(text).toContain("\nand 13 more lines; --json has all of them");
    expect(text).toContain("  and 2 more lines; --json has all of them");
  });

  it("states the assumptions about renewals, and the IPv6 orders that cannot be renewed", () => {
    const whole = order("six", "2030-01-05T00:00:00Z", { proxyType: "IPv6", quantity: 2 });
    const [first, ...rest] = whole.ipAddresses;
    const partly = {
      ...whole,
      ipAddresses: [{ ...first, autoExtend: false } as typeof first & object, ...rest],
    };
    const settings = { leadTimeHours: 24, retryHours: 1 };
    const text = forecastText(forecastReport({ ...input, orders: [partly], settings }), options);
    expect(text).toMatch(
      /IPv6 orders that cannot be renewed as a whole:\n.*\n {2}2030-01-05 00:00 {2}six {4}IPv6 {10}2\n/,
    );
    expect(text.replace(/\s+/g, " ")).toContain(
      "paid 24 hours before the IP addresses end; a renewal that fails is tried again after 1 hour.",
    );
  });

  it("paints a failed renewal and the bad news red, the good news green", () => {
    const paint = painter(true);
    expect(forecastText(shortReport, { width: 80, paint })).toContain("\u001b[31mThe balance runs out");
    expect(forecastText(shortReport, { width: 80, paint })).toMatch(/\[31m2030-02-09 08:30 {2}second/);
    const rich = forecastReport({ ...shortInput, balance: 100 });
    expect(forecastText(rich, { width: 80, paint })).toContain("\u001b[32mThe balance covers");
  });

  it("lets no text from elsewhere take over the terminal, break a line or turn the direction", () => {
    const hostile = `\u001b[2J\n\u202e\u2028\ud800${"x".repeat(200)}`;
    const report = forecastReport({
      ...input,
      orders: [order(hostile, "2030-01-05T00:00:00Z")],
      balance: 0,
      host: hostile,
      currency: hostile,
      skipped: [{ orderId: hostile, reason: hostile }],
    });
    const text = forecastText(report, options);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}]/u);
    expect(text).toContain("\\u001b[2J\\u000a\\u202e\\u2028");
    expect(text.replaceAll("\n", " ")).toMatch(/Order \\u001b\S{31,33}\.\.\. costs 1\.10 /);
  });

  it("leaves the currency out if the server names none", () => {
    const text = forecastText({ ...shortReport, currency: "" }, options);
    expect(text).toContain("\nBalance, day by day\n");
    expect(text).toContain("1.00 is missing.");
    expect(text).not.toMatch(/ $/m);
  });

  it.each([80, 40])("fits a terminal of %i columns, whatever it lists", (width) => {
    const changes = { orders: 2, unchanged: 1, addresses: 3, otherPeriods: 2, unpriced: 1 };
    const ifOn = { ...changes, addedDemand: 4.8, addedRenewals: 4, needed: 1 };
    const reason = "the list does not say for how long it is renewed";
    const report = {
      ...shortReport,
      skipped: [{ orderId: "skipped", reason }],
      ifOn: { ...ifOn, firstShortage: null, leftOut: [{ orderId: "left-out", reason }] },
    };
    const text = forecastText(report, { ...options, width });
    expect(text.split("\n").filter((line) => line.length > width)).toEqual([]);
    expect(text.replace(/\s+/g, " ").split(reason)).toHaveLength(2);
  });
});
