import { proxyTypes, type RenewableOrder, sumOfAmounts } from "@auto-extend/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { balanceChart } from "../../src/forecast/chart.js";
import { forecastPage } from "../../src/forecast/page.js";
import { forecastReport, type ReportInput } from "../../src/forecast/report.js";
import { forecastText } from "../../src/forecast/text.js";
import { forecastResult } from "../../src/forecast/types.js";

/** The same on every run, unless FUZZ_SEED asks for another. */
const seed = Number(process.env.FUZZ_SEED ?? 1);

fc.configureGlobal({ seed, numRuns: 150 });
console.log(`FUZZ_SEED=${seed}`);

const start = Date.parse("2030-01-01T06:00:00.000Z");

function inHours(hours: number): string {
  return new Date(start + hours * 3_600_000).toISOString();
}

/** Any character. `unit: "binary"` draws the same ones, but first makes a table of the million that there are. */
const anyCharacter = fc
  .nat({ max: 0x10_ffff - 0x800 })
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

const address = fc.record({
  autoExtend: fc.constantFrom(true, true, true, false),
  rentPeriodDays: fc.constantFrom(1, 2, 3, 30),
  endsAt: fc.integer({ min: -2, max: 90 }).map((sixths) => inHours(sixths * 6)),
});

const orders: fc.Arbitrary<RenewableOrder[]> = fc
  .array(
    fc.record({
      name: fc.string({ unit: anyCharacter, maxLength: 12 }),
      proxyType: fc.constantFrom(...proxyTypes),
      addresses: fc.array(address, { maxLength: 4 }),
    }),
    { maxLength: 5 },
  )
  .map((made) =>
    made.map(({ name, proxyType, addresses }, index) => ({
      orderId: `${index}${name}`,
      proxyType,
      ipAddresses: addresses.map((each, place) => ({ ...each, ipAddressId: `${index}-${place}` })),
    })),
  );

/** Prices of an IP address by type, in hundredths; `null` where none is known. */
const prices = fc.record({
  IPv4: fc.option(fc.integer({ min: 0, max: 200 }), { freq: 6 }),
  IPv6: fc.integer({ min: 0, max: 50 }),
  MOBILE: fc.integer({ min: 100, max: 5000 }),
  ISP: fc.option(fc.integer({ min: 0, max: 200 }), { freq: 6 }),
});

const inputs: fc.Arbitrary<ReportInput> = fc
  .record({
    orders,
    prices,
    cents: fc.integer({ min: -500, max: 10_000 }),
    days: fc.integer({ min: 1, max: 40 }),
    currency: fc.constantFrom("USD", "", "\u001b[2J<b>"),
    leadTimeHours: fc.constantFrom(0, 0, 12, 72),
    retryHours: fc.constantFrom(null, null, 5, 24),
  })
  .map(({ prices, cents, leadTimeHours, retryHours, ...rest }) => ({
    ...rest,
    balance: cents / 100,
    from: inHours(0),
    host: "proxies.example",
    isComplete: true,
    skipped: [],
    settings: { leadTimeHours, retryHours },
    priceOf({ proxyType, ipAddressIds }) {
      const price = prices[proxyType];
      return price === null ? null : (price * ipAddressIds.length) / 100;
    },
  }));

const inputsWithReports = inputs.map((input) => ({ input, report: forecastReport(input) }));

function checked(check: (made: { input: ReportInput; report: ReturnType<typeof forecastReport> }) => void) {
  return () => fc.assert(fc.property(inputsWithReports, check));
}

describe("any forecast", () => {
  it(
    "is what its schema says",
    checked(({ report }) => {
      expect(forecastResult.parse(report)).toEqual(report);
    }),
  );

  it(
    "adds up: what is spent is what is paid, day by day, by type, and from the balance",
    checked(({ report: { renewals, spent, byDay, spentByProxyType, balance, days } }) => {
      const paid = renewals.filter(({ outcome }) => outcome === "renewed");
      expect(sumOfAmounts(paid.map(({ price }) => price ?? Number.NaN))).toBe(spent);
      expect(sumOfAmounts(byDay.map((day) => day.spent))).toBe(spent);
      expect(sumOfAmounts(spentByProxyType.map((each) => each.spent))).toBe(spent);
      expect(sumOfAmounts([balance.start, -spent])).toBe(balance.end);
      expect(byDay.at(-1)?.balance).toBe(balance.end);
      expect(byDay.length).toBe(days + 1);
      expect(byDay.reduce((sum, { renewed }) => sum + renewed, 0)).toBe(paid.length);
      expect(byDay.reduce((sum, { failed }) => sum + failed, 0)).toBe(renewals.length - paid.length);
      for (const [index, day] of byDay.entries()) {
        expect(sumOfAmounts([byDay[index - 1]?.balance ?? balance.start, -day.spent])).toBe(day.balance);
      }
    }),
  );

  it(
    "has no renewal fail for lack of money once the needed amount is topped up",
    checked(({ input, report: { needed } }) => {
      const paidIn = forecastReport({ ...input, balance: sumOfAmounts([input.balance, needed]) });
      expect(paidIn).toMatchObject({ firstShortage: null, expiring: [], needed: 0 });
      expect(paidIn.renewals.filter(({ outcome, price }) => outcome === "failed" && price !== null)).toEqual(
        [],
      );
    }),
  );

  it(
    "has one fail where a cent less is paid in, and needs nothing where none fails",
    checked(({ input, report: { needed, firstShortage } }) => {
      expect(needed > 0).toBe(firstShortage !== null);
      if (needed === 0) return;
      const balance = sumOfAmounts([input.balance, needed, -0.01]);
      expect(forecastReport({ ...input, balance }).firstShortage).not.toBeNull();
    }),
  );

  it(
    "blames the balance only for what it reports to expire unpaid",
    checked(({ report: { expiring, expiries, firstShortage } }) => {
      for (const expiry of expiring) {
        expect(expiries).toContainEqual(expiry);
        expect(expiry.because).toBe("unpaid");
        expect(expiry.at >= (firstShortage?.at ?? "none")).toBe(true);
      }
    }),
  );

  it("is drawn within any width, without a character that could take over a terminal", () => {
    fc.assert(
      fc.property(inputsWithReports, fc.integer({ min: 40, max: 200 }), (made, width) => {
        const paint = (_: string, text: string) => text;
        const chart = balanceChart(made.report, { width, paint });
        for (const line of chart.split("\n")) {
          expect(line.length).toBeLessThanOrEqual(width);
          expect(line).toBe(line.trimEnd());
        }
        expect(forecastText(made.report, { width, paint })).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
      }),
    );
  });

  it(
    "makes a page in which each tag is our own",
    checked(({ report }) => {
      const tags = new Set([...forecastPage(report).matchAll(/<\/?([^\s>/]*)/g)].map(([, name]) => name));
      for (const tag of tags) expect(ownTags).toContain(tag);
    }),
  );
});

const ownTags = [
  ..."!doctype html head meta title style body header h1 p main section h2 dl div dt dd span figure figcaption svg desc".split(
    " ",
  ),
  ..."line text path rect table caption thead tbody tr th td code strong footer".split(" "),
];
