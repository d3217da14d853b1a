import {
  AmountError,
  defaultRenewalSettings,
  type ForecastInput,
  forecastRenewals,
  isExactAmount,
  priceOfGroup,
  proxyTypes,
  type RenewableOrder,
  type RenewalEvent,
  roundAmount,
  sumOfAmounts,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { fc } from "../support/fuzz.js";

const from = "2030-01-01T00:00:00.000Z";
const inDays = (days: number) => new Date(Date.parse(from) + days * 86_400_000).toISOString();

interface Made {
  days?: number;
  type?: RenewableOrder["proxyType"];
  on?: readonly boolean[];
  periods?: readonly number[];
}

function order(
  orderId: string,
  { days = 10, type = "IPv4", on = [true], periods = [] }: Made = {},
): RenewableOrder {
  const ipAddresses = on.map((autoExtend, index) => ({
    ipAddressId: `${orderId}-${index}`,
    autoExtend,
    rentPeriodDays: periods[index] ?? 30,
  }));
  return { orderId, proxyType: type, endsAt: inDays(days), ipAddresses };
}

/** A forecast over 60 days, where each address costs 1 unless said otherwise. */
function forecast(orders: readonly RenewableOrder[], input: Partial<ForecastInput> = {}) {
  return forecastRenewals({
    orders,
    balance: 100,
    priceOf: ({ ipAddressIds }) => ipAddressIds.length,
    from,
    until: inDays(60),
    ...input,
  });
}

/** An order of one address, with something about it changed. */
function withAddress(change: Partial<RenewableOrder["ipAddresses"][number]>): RenewableOrder {
  const made = order("b");
  return { ...made, ipAddresses: made.ipAddresses.map((address) => ({ ...address, ...change })) };
}

/** The events in short: what, which order, on which day, and the balance after it. */
function summaryOf({ events }: ReturnType<typeof forecast>) {
  return events.map(({ type, group, at, balance }) => [
    type,
    group.orderId,
    (Date.parse(at) - Date.parse(from)) / 86_400_000,
    balance,
  ]);
}

describe("a forecast", () => {
  it("renews what has auto-extend on, again and again, and lets the rest expire", () => {
    const ahead = forecast([order("a"), order("b", { days: 5, on: [false] })]);
    expect(summaryOf(ahead)).toEqual([
      ["expired", "b", 5, 100],
      ["renewed", "a", 10, 99],
      ["renewed", "a", 40, 98],
    ]);
    expect(ahead).toMatchObject({ balance: 98, spent: 2, firstShortage: null });
    expect(ahead.events[1]).toMatchObject({ price: 1, endsAt: inDays(40) });
  });

  it("fails what the balance does not cover, lets it expire, and then renews what is cheaper", () => {
    const ahead = forecast([order("dear", { on: [true, true, true] }), order("cheap", { days: 11 })], {
      balance: 2,
    });
    expect(summaryOf(ahead)).toEqual([
      ["failed", "dear", 10, 2],
      ["expired", "dear", 10, 2],
      ["renewed", "cheap", 11, 1],
      ["renewed", "cheap", 41, 0],
    ]);
    expect(ahead.firstShortage).toMatchObject({ type: "failed", group: { orderId: "dear" }, price: 3 });
    expect(ahead.events[1]).toMatchObject({ because: "unpaid" });
  });

  it("at one moment renews before it lets expire, and goes by the order of the input", () => {
    const orders = [order("off", { on: [false] }), order("z"), order("a")];
    expect(summaryOf(forecast(orders, { balance: 1, until: inDays(10) }))).toEqual([
      ["renewed", "z", 10, 0],
      ["failed", "a", 10, 0],
      ["expired", "off", 10, 0],
      ["expired", "a", 10, 0],
    ]);
  });

  it("renews the addresses of an order by rental period, each group with one price", () => {
    const mixed = order("a", { on: [true, true, true, false], periods: [30, 90, 30, 30] });
    const { events } = forecast([mixed], { until: inDays(10) });
    expect(events.map(({ type, group }) => [type, group.rentPeriodDays, group.ipAddressIds])).toEqual([
      ["renewed", 30, ["a-0", "a-2"]],
      ["renewed", 90, ["a-1"]],
      ["expired", 30, ["a-3"]],
    ]);
  });

  it("renews an IPv6 order whole, or not at all", () => {
    const whole = order("whole", { type: "IPv6", on: [true, true] });
    const partly = order("partly", { type: "IPv6", on: [true, false] });
    const { events } = forecast([whole, partly], { until: inDays(10) });
    expect(events).toMatchObject([
      { type: "renewed", group: { ipAddressIds: ["whole-0", "whole-1"] } },
      { type: "expired", because: "incomplete", group: { ipAddressIds: ["partly-0", "partly-1"] } },
    ]);
  });

  it("pays IPv4 before IPv6, MOBILE and ISP at the same time, whatever the order of the input", () => {
    const types = ["ISP", "MOBILE", "IPv6", "IPv4"] as const;
    const orders = types.map((type) => order(type, { type, on: [true, true] }));
    const ahead = forecast(orders, { balance: 5, until: inDays(10) });
    expect(summaryOf(ahead)).toEqual([
      ["renewed", "IPv4", 10, 3],
      ["renewed", "IPv6", 10, 1],
      ["failed", "MOBILE", 10, 1],
      ["failed", "ISP", 10, 1],
      ["expired", "MOBILE", 10, 1],
      ["expired", "ISP", 10, 1],
    ]);
  });

  it("pays the orders of a type in the order of the input, however many IP addresses each has", () => {
    const orders = [
      order("big", { type: "ISP", on: [true, true, true] }),
      order("first", { on: [true, true] }),
      order("second"),
      order("third", { on: [true, false, true] }),
    ];
    expect(summaryOf(forecast(orders, { until: inDays(10) })).map(([type, id]) => `${type} ${id}`)).toEqual([
      "renewed first",
      "renewed second",
      "renewed third",
      "renewed big",
      "expired third",
    ]);
  });

  it("fails what has no known price, and does not call that a shortage", () => {
    const ahead = forecast([order("a")], { priceOf: () => null });
    expect(summaryOf(ahead).map(([type]) => type)).toEqual(["failed", "expired"]);
    expect(ahead.firstShortage).toBeNull();
  });

  it("pays ahead of the end, and tries again while the order lasts, if the settings say so", () => {
    const settings = { leadTimeHours: 72, retryHours: 24 };
    expect(summaryOf(forecast([order("a")], { settings, until: inDays(10) }))).toEqual([
      ["renewed", "a", 7, 99],
    ]);
    expect(summaryOf(forecast([order("a")], { settings, balance: 0, until: inDays(10) }))).toEqual([
      ["failed", "a", 7, 0],
      ["failed", "a", 8, 0],
      ["failed", "a", 9, 0],
      ["expired", "a", 10, 0],
    ]);
  });

  it("does not go back in time where the lead time is longer than a period", () => {
    const { events } = forecast([order("a")], { settings: { leadTimeHours: 24 * 45 }, balance: 5 });
    const times = events.map(({ at }) => Date.parse(at));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBe(Date.parse(from));
  });

  it("looks at its span alone, both ends included", () => {
    const orders = [
      order("past", { days: -1 }),
      order("first", { days: 0 }),
      order("last", { days: 60 }),
      order("later", { days: 61 }),
    ];
    expect(summaryOf(forecast(orders)).map(([, id, at]) => [id, at])).toEqual([
      ["first", 0],
      ["first", 30],
      ["first", 60],
      ["last", 60],
    ]);
  });

  it.each([
    [{ from: "soon" }, "soon"],
    [{ until: "later" }, "later"],
    [{ balance: 0.000_000_1 }, "exactly"],
    [{ balance: Number.NaN }, "exactly"],
    [{ priceOf: () => 1 / 3 }, "exactly"],
    [{ settings: { leadTimeHours: -1 } }, "leadTimeHours must be 0 or more"],
    [{ settings: { leadTimeHours: Number.POSITIVE_INFINITY } }, "leadTimeHours must be 0 or more"],
    [{ settings: { retryHours: 0 } }, "retryHours must be above 0"],
    [{ orders: [{ ...order("a"), endsAt: "x" }] }, "is not a timestamp in ISO 8601: x."],
    [{ orders: [{ ...order("a"), endsAt: undefined }] }, "IP address a-0 of order a has no end"],
    [{ orders: [withAddress({ endsAt: "x" })] }, "is not a timestamp in ISO 8601: x."],
    [{ orders: [{ ...order("a"), endsAt: "2027-02-29T00:00:00Z" }] }, "is not a timestamp"],
    [{ orders: [{ ...order("a"), endsAt: "2027-02-29 00:00:00Z" }] }, "is not a timestamp"],
    [{ orders: [{ ...order("a"), endsAt: "2027-02-29t00:00:00z" }] }, "is not a timestamp"],
    [{ orders: [{ ...order("a"), endsAt: "Feb 29 2027" }] }, "is not a timestamp"],
    [{ orders: [{ ...order("a"), endsAt: "2027/02/30" }] }, "is not a timestamp"],
    [{ orders: [withAddress({ failedAt: "2100-02-29" })] }, "is not a timestamp"],
    [{ from: "2027-04-31T00:00:00+02:00" }, "is not a timestamp"],
    [{ until: "2027-01-01T24:00:00Z" }, "is not a timestamp"],
    [{ orders: [withAddress({ failedAt: "x" })] }, "The failedAt of IP address b-0 is not a timestamp"],
    [{ orders: [order("a", { periods: [0] })] }, "a rental period shorter than a day"],
  ])("refuses %j", (input: Partial<ForecastInput>, says) => {
    expect(() => forecast([order("a")], input)).toThrow(says);
  });
});

it("has default settings", () => {
  const input = { balance: 0, until: inDays(10) };
  const settings = defaultRenewalSettings;
  expect(forecast([order("a")], { ...input, settings })).toEqual(forecast([order("a")], input));
});

describe("amounts", () => {
  it("of a group are counted exactly", () => {
    expect(3 * 0.8).not.toBe(2.4);
    expect(priceOfGroup(0.8, 3)).toBe(2.4);
    expect(priceOfGroup(0.8, 0)).toBe(0);
    expect(priceOfGroup(0.000_001, 7)).toBe(0.000_007);
  });

  it("add up exactly", () => {
    expect(0.1 + 0.2).not.toBe(0.3);
    expect(sumOfAmounts([0.1, 0.2])).toBe(0.3);
    expect(sumOfAmounts([5, -0.8, -0.8, -0.8])).toBe(2.6);
    expect(sumOfAmounts([])).toBe(0);
  });

  it.each([
    [() => priceOfGroup(0.8, 1.5), "whole number"],
    [() => priceOfGroup(0.8, -1), "whole number"],
    [() => priceOfGroup(1 / 3, 3), "exactly"],
    [() => priceOfGroup(1_000_000_000, 10_000), "exactly"],
    [() => sumOfAmounts([0.1, Number.NaN]), "exactly"],
  ])("are refused where they can't be: %s", (count, says) => {
    expect(count).toThrow(says);
  });

  it("from a server are rounded to six decimals, unless they are too large", () => {
    expect([4.333333333, -5.12345678, 0.1234567, 3 * 0.8].map(roundAmount)).toEqual([
      4.333333, -5.123457, 0.123457, 2.4,
    ]);
    for (const amount of [1e10, -1e10, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(() => roundAmount(amount), String(amount)).toThrow(AmountError);
    }
    expect(() => sumOfAmounts([9_000_000_000, 9_000_000_000])).toThrow(AmountError);
  });

  it("are exact for large sums with six decimals", () => {
    expect(sumOfAmounts([999_999_999.999_999, 0.000_001])).toBe(1_000_000_000);
    expect(sumOfAmounts([123_456_789.123_456, 0.000_001, -0.000_001])).toBe(123_456_789.123_456);
    expect(priceOfGroup(1_234.567_891, 700_000)).toBe(864_197_523.7);
    expect(() => priceOfGroup(9_000_000_000, 2)).toThrow("cannot be counted exactly");
    expect(() => sumOfAmounts([0.123_456_7])).toThrow("cannot be counted exactly");
  });

  it("are exact for all sums that have at most 15 digits", () => {
    const units = fc.integer({ min: -450_000_000_000_000, max: 450_000_000_000_000 });
    fc.assert(
      fc.property(units, units, (a, b) => {
        expect(sumOfAmounts([a / 1e6, b / 1e6])).toBe((a + b) / 1e6);
        expect(isExactAmount(a / 1e6)).toBe(true);
      }),
    );
  });

  it("can be tested for it", () => {
    const noisy = 5 * 1_234.567_891;
    expect(noisy).not.toBe(6_172.839_455);
    for (const amount of [0, -5, 0.000_001, 3 * 0.8, noisy, -noisy, 123_456_789.123_456]) {
      expect(isExactAmount(amount), String(amount)).toBe(true);
    }
    for (const amount of [0.000_000_1, 1 / 3, Number.NaN, Number.POSITIVE_INFINITY, 1e16, 100.000_000_1]) {
      expect(isExactAmount(amount), String(amount)).toBe(false);
    }
  });

  it("stay exact over 10,000 renewals, where adding numbers would drift", () => {
    const orders = Array.from({ length: 10_000 }, (_, index) => order(`o${index}`));
    const { balance, spent } = forecast(orders, { balance: 8_000.1, priceOf: () => 0.8, until: inDays(10) });
    expect({ balance, spent }).toEqual({ balance: 0.1, spent: 8_000 });
    let drifted = 8_000.1;
    for (let count = 0; count < 10_000; count += 1) drifted -= 0.8;
    expect(drifted).not.toBe(0.1);
  });

  it("may come out of a product, noise and all", () => {
    const { balance } = forecast([order("a", { on: [true, true, true] })], {
      priceOf: ({ ipAddressIds }) => ipAddressIds.length * 0.8,
      until: inDays(10),
    });
    expect(3 * 0.8).not.toBe(2.4);
    expect(balance).toBe(97.6);
  });

  it("add up: what was there is what is left and what was spent", () => {
    const cents = fc.integer({ min: 0, max: 100_000 }).map((amount) => amount / 100);
    const orders = fc.array(
      fc.record({
        days: fc.integer({ min: 0, max: 60 }),
        on: fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
      }),
    );
    fc.assert(
      fc.property(cents, cents, orders, (balance, price, made) => {
        const ahead = forecast(
          made.map((each, index) => order(`o${index}`, each)),
          { balance, priceOf: () => price },
        );
        const renewals = ahead.events.filter(({ type }) => type === "renewed").length;
        expect(Math.round(ahead.spent * 100)).toBe(renewals * Math.round(price * 100));
        expect(Math.round((ahead.balance + ahead.spent) * 100)).toBe(Math.round(balance * 100));
        expect(ahead.balance).toBeGreaterThanOrEqual(0);
        const times = ahead.events.map(({ at }) => at);
        expect(times).toEqual([...times].sort());
      }),
    );
  });
});

it("reads an order no more often for being renewed more often", () => {
  let reads = 0;
  const orders = Array.from({ length: 1_000 }, (_, index) => {
    const { ipAddresses, ...made } = order(`o${index}`, { days: index % 30, on: [true, true] });
    return Object.defineProperty(made as RenewableOrder, "ipAddresses", {
      get() {
        reads++;
        return ipAddresses;
      },
    });
  });
  const readsUntil = (days: number) => {
    reads = 0;
    const { events } = forecast(orders, { balance: 1_000_000_000, until: inDays(days) });
    return { reads, renewals: events.length };
  };
  const [month, year] = [readsUntil(30), readsUntil(365)];
  expect(year.renewals).toBeGreaterThan(12 * orders.length);
  expect(year.reads).toBe(month.reads);
});

it("puts events in order of time, renewals before expiries, then proxy type, then input, whatever comes in", () => {
  const type = fc.constantFrom(...proxyTypes);
  const orders = fc.array(fc.record({ days: fc.integer({ min: 0, max: 20 }), type, on: fc.boolean() }));
  fc.assert(
    fc.property(orders, fc.integer({ min: 0, max: 40 }), (made, balance) => {
      const given = made.map(({ on, ...each }, index) => order(`o${index}`, { ...each, on: [on] }));
      const sortKeys = ({ at, type, group }: RenewalEvent) => [
        Date.parse(at),
        Number(type === "expired"),
        proxyTypes.indexOf(group.proxyType),
        given.findIndex(({ orderId }) => orderId === group.orderId),
      ];
      const keys = forecast(given, { balance }).events.map(sortKeys);
      expect(keys.length).toBeGreaterThanOrEqual(made.length);
      expect(keys).toEqual([...keys].sort((a, b) => firstDifference(a, b)));
    }),
  );
});

function firstDifference(a: readonly number[], b: readonly number[]): number {
  return a.map((value, index) => value - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
