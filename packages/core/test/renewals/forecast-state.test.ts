import {
  applyRenewals,
  type ForecastInput,
  forecastRenewals,
  nextRenewal,
  type RenewableOrder,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";

const from = "2030-01-01T00:00:00.000Z";
const inDays = (days: number) => new Date(Date.parse(from) + days * 86_400_000).toISOString();

interface Made {
  days?: number;
  type?: RenewableOrder["proxyType"];
  on?: readonly boolean[];
  periods?: readonly number[];
  /** The days at which addresses end on their own. */
  ends?: readonly number[];
  /** The days at which their renewals last failed. */
  failed?: readonly (number | null)[];
}

function order(orderId: string, made: Made = {}): RenewableOrder {
  const { days = 10, type = "IPv4", on = [true], periods = [], ends = [], failed = [] } = made;
  const ipAddresses = on.map((autoExtend, index) => ({
    ipAddressId: `${orderId}-${index}`,
    autoExtend,
    rentPeriodDays: periods[index] ?? 30,
    ...(ends[index] === undefined ? {} : { endsAt: inDays(ends[index]) }),
    ...(typeof failed[index] === "number" ? { failedAt: inDays(failed[index]) } : {}),
  }));
  return { orderId, proxyType: type, endsAt: inDays(days), ipAddresses };
}

/** A forecast over 60 days, where each address costs 1. */
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

/** The events in short, with the addresses: what, which of them, on which day. */
function members({ events }: ReturnType<typeof forecast>) {
  return events.map(({ type, group, at }) => [
    type,
    group.ipAddressIds.join(" "),
    (Date.parse(at) - Date.parse(from)) / 86_400_000,
  ]);
}

describe("a rental period of one day", () => {
  it("is the shortest", () => {
    const daily = order("a", { days: 1, periods: [1] });
    expect(members(forecast([daily], { until: inDays(3) }))).toEqual([
      ["renewed", "a-0", 1],
      ["renewed", "a-0", 2],
      ["renewed", "a-0", 3],
    ]);
    expect(() => forecast([order("a", { periods: [0.5] })])).toThrow("a rental period shorter than a day");
  });
});

describe("a group that is renewed", () => {
  it("does not take in a group of the same end that is off", () => {
    const apart = order("a", { on: [true, false], ends: [5, 35] });
    expect(members(forecast([apart], { until: inDays(36) }))).toEqual([
      ["renewed", "a-0", 5],
      ["renewed", "a-0", 35],
      ["expired", "a-1", 35],
    ]);
  });
});

describe("the last failed renewal of an IPv6 order", () => {
  const settings = { leadTimeHours: 240, retryHours: 24 };
  const attempts = (failed: readonly (number | null)[]) => {
    const six = order("six", { type: "IPv6", on: failed.map(() => true), failed });
    return members(forecast([six], { settings, balance: 0, until: inDays(10) }))[0];
  };

  it("is the latest of its IP addresses", () => {
    expect(attempts([1, 3])).toEqual(["failed", "six-0 six-1", 4]);
    expect(attempts([3, 1])).toEqual(["failed", "six-0 six-1", 4]);
    expect(attempts([null, 2])).toEqual(["failed", "six-0 six-1", 3]);
    expect(attempts([2, null])).toEqual(["failed", "six-0 six-1", 3]);
    expect(attempts([null, null])).toEqual(["failed", "six-0 six-1", 0]);
  });

  it("may be null", () => {
    const made = order("a");
    const ipAddresses = made.ipAddresses.map((each) => ({ ...each, failedAt: null }));
    expect(members(forecast([{ ...made, ipAddresses }], { until: inDays(10) }))).toEqual([
      ["renewed", "a-0", 10],
    ]);
  });
});

describe("IP addresses with ends of their own", () => {
  it("renew apart, from the old end on, and what has ended before stays out", () => {
    const apart = order("a", { on: [true, true, false, true], ends: [20, 5, 7, -1] });
    const ahead = forecast([apart], { until: inDays(30) });
    expect(members(ahead)).toEqual([
      ["renewed", "a-1", 5],
      ["expired", "a-2", 7],
      ["renewed", "a-0", 20],
    ]);
    expect(ahead.events[0]).toMatchObject({ endsAt: inDays(35) });
  });

  it("need no end of their order, and go by it where they have none", () => {
    const { endsAt: _, ...own } = order("own", { ends: [5] });
    expect(members(forecast([own, order("whole", { days: 6 })], { until: inDays(10) }))).toEqual([
      ["renewed", "own-0", 5],
      ["renewed", "whole-0", 6],
    ]);
  });

  it("become one group when a renewal gives them the same end", () => {
    const meeting = order("a", { on: [true, true, true], ends: [35, 5, 5], periods: [30, 30, 90] });
    expect(members(forecast([meeting]))).toEqual([
      ["renewed", "a-1", 5],
      ["renewed", "a-2", 5],
      ["renewed", "a-0 a-1", 35],
    ]);
  });

  it("become one group when their renewals fail together", () => {
    const meeting = order("a", { on: [true, true], failed: [1, 2] });
    const settings = { retryHours: 24 };
    const ahead = forecast([meeting], { from: inDays(8), until: inDays(10), balance: 0, settings });
    expect(members(ahead)).toEqual([
      ["failed", "a-0", 8],
      ["failed", "a-1", 8],
      ["failed", "a-0 a-1", 9],
      ["expired", "a-0 a-1", 10],
    ]);
  });

  it("at one moment come by their place in the input, whichever was due first", () => {
    const orders = [
      order("a", { on: [true, true], ends: [35, 5], periods: [90, 30] }),
      order("b", { days: 5 }),
    ];
    expect(members(forecast(orders, { from: inDays(1) })).slice(2)).toEqual([
      ["renewed", "a-0", 35],
      ["renewed", "a-1", 35],
      ["renewed", "b-0", 35],
    ]);
  });
});

describe("an IPv6 order with several ends", () => {
  it("renews nothing while other addresses live, and what is left then", () => {
    const apart = order("a", { type: "IPv6", on: [true, true, false], ends: [20, 5, 7] });
    const { events } = forecast([apart], { until: inDays(20) });
    expect(events).toMatchObject([
      { type: "expired", at: inDays(5), because: "incomplete", group: { ipAddressIds: ["a-1"] } },
      { type: "expired", at: inDays(7), because: "off", group: { ipAddressIds: ["a-2"] } },
      { type: "renewed", at: inDays(20), group: { ipAddressIds: ["a-0"] } },
    ]);
  });

  it("renews what is left right after the expiry that it waited for, where it is due", () => {
    const apart = order("a", { type: "IPv6", on: [false, true], ends: [9, 10] });
    const settings = { leadTimeHours: 72 };
    expect(members(forecast([apart, order("b", { days: 12 })], { settings, until: inDays(9) }))).toEqual([
      ["renewed", "b-0", 9],
      ["expired", "a-0", 9],
      ["renewed", "a-1", 9],
    ]);
  });

  it("ends incomplete where what ends together is only partly on, and off where all of it is", () => {
    const orders = [
      order("part", { type: "IPv6", on: [false, true, true], ends: [5, 5, 4] }),
      order("periods", { type: "IPv6", on: [true, true], periods: [30, 90] }),
      order("off", { type: "IPv6", on: [false, false], periods: [30, 90] }),
    ];
    const ends = forecast(orders).events.map((event) => [
      event.group.ipAddressIds.join(" "),
      event.type === "expired" && event.because,
    ]);
    expect(ends).toEqual([
      ["part-2", "incomplete"],
      ["part-0 part-1", "incomplete"],
      ["periods-0 periods-1", "incomplete"],
      ["off-0 off-1", "off"],
    ]);
  });

  it("was last tried when any of it was", () => {
    const tried = order("a", { type: "IPv6", on: [true, true, true], failed: [7, 8, null] });
    const input = { from: inDays(8.5), until: inDays(10), settings: { leadTimeHours: 72, retryHours: 24 } };
    expect(members(forecast([tried], input))).toEqual([["renewed", "a-0 a-1 a-2", 9]]);
  });
});

describe("a renewal that has failed", () => {
  const failed = order("a", { failed: [7] });

  it("is tried again where the last try left off", () => {
    const input = { from: inDays(7.5), until: inDays(10), settings: { leadTimeHours: 96, retryHours: 24 } };
    expect(members(forecast([failed], input))).toEqual([["renewed", "a-0", 8]]);
    expect(members(forecast([failed], { ...input, from: inDays(8.5) }))).toEqual([["renewed", "a-0", 8.5]]);
  });

  it.each([null, undefined, 72, Number.POSITIVE_INFINITY])(
    "is not tried again where that would be never, or not before the end (%s hours)",
    (retryHours) => {
      const { events } = forecast([failed], { settings: { retryHours } });
      expect(events).toMatchObject([{ type: "expired", at: inDays(10), because: "unpaid" }]);
    },
  );

  it("is forgotten once one is paid", () => {
    const settings = { retryHours: 24, leadTimeHours: 48 };
    expect(members(forecast([failed], { settings }))).toEqual([
      ["renewed", "a-0", 8],
      ["renewed", "a-0", 38],
    ]);
  });
});

describe("the orders after the events", () => {
  const retries = { settings: { leadTimeHours: 48, retryHours: 24 } };
  const extra = { note: "kept" };

  it("have the new ends, at their addresses, and keep what else they are", () => {
    const orders = [
      { ...order("a", { on: [true, false], ends: [10, 20] }), ...extra },
      order("b", { days: 90 }),
    ];
    const [a, b] = applyRenewals(orders, forecast(orders).events);
    expect(a).toEqual({ ...order("a", { on: [true, false], ends: [70, 20] }), ...extra });
    expect(a?.ipAddresses[1]).toBe(orders[0]?.ipAddresses[1]);
    expect(b).toBe(orders[1]);
  });

  it("know when a renewal failed, until one is paid", () => {
    const { events } = forecast([order("a")], { ...retries, balance: 1, until: inDays(40) });
    const after = (count: number) => applyRenewals([order("a")], events.slice(0, count))[0]?.ipAddresses[0];
    expect(events.map(({ type }) => type)).toEqual(["renewed", "failed", "failed", "expired"]);
    expect(after(1)).toMatchObject({ endsAt: inDays(40) });
    expect(after(1)).not.toHaveProperty("failedAt");
    expect(after(2)).toMatchObject({ endsAt: inDays(40), failedAt: inDays(38) });
    expect(after(4)).toMatchObject({ endsAt: inDays(40), failedAt: inDays(39) });

    const failed = order("a", { failed: [7] });
    const paid = applyRenewals([failed], forecast([failed], { ...retries, until: inDays(10) }).events);
    expect(paid[0]?.ipAddresses[0]).toMatchObject({ endsAt: inDays(40), failedAt: null });
  });

  it("have no end written down by a failure alone", () => {
    const { events } = forecast([order("a")], { balance: 0 });
    const [address] = applyRenewals([order("a")], events)[0]?.ipAddresses ?? [];
    expect(address).toStrictEqual(order("a", { failed: [10] }).ipAddresses[0]);
  });
});

describe("what comes next", () => {
  const days = (at: number | null) => (at === null ? null : (at - Date.parse(from)) / 86_400_000);
  const next = (orders: readonly RenewableOrder[], settings = {}) => {
    const { event, attempt } = nextRenewal({ orders, from, settings });
    return [days(event), days(attempt)];
  };

  it("is the first try or expiry, and the first try", () => {
    expect(next([order("a"), order("b", { days: 5, on: [false] })])).toEqual([5, 10]);
    const late = order("b", { days: 8, on: [false] });
    expect(next([order("a"), late], { leadTimeHours: 72 })).toEqual([7, 7]);
    expect(next([order("a", { failed: [7] })], { retryHours: 24 })).toEqual([8, 8]);
    expect(next([order("a", { failed: [7] })])).toEqual([10, null]);
  });

  it("is no try at what is left of an IPv6 order before the rest of it has ended", () => {
    const apart = order("a", { type: "IPv6", ends: [5, 10], on: [true, true] });
    expect(next([apart], { leadTimeHours: 240 })).toEqual([5, 5]);
    expect(next([apart])).toEqual([5, 10]);
  });

  it("is null where nothing lies ahead", () => {
    expect(next([order("past", { days: -1 }), order("none", { on: [] })])).toEqual([null, null]);
  });
});
