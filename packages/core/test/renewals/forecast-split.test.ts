import {
  applyRenewals,
  type ForecastInput,
  forecastRenewals,
  nextRenewal,
  proxyTypes,
  type RenewableAddress,
  type RenewableOrder,
  type RenewalEvent,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { fc } from "../support/fuzz.js";

const start = Date.parse("2030-01-01T00:00:00.000Z");
const until = inHours(40 * 24);

function inHours(hours: number): string {
  return new Date(start + hours * 3_600_000).toISOString();
}

/** Moments few enough to meet: half days, from a little before the start on. */
const ends = fc.integer({ min: -2, max: 24 }).map((halfDays) => inHours(halfDays * 12));

type Bare = Omit<RenewableAddress, "ipAddressId">;

const address: fc.Arbitrary<Bare> = fc.record(
  {
    autoExtend: fc.constantFrom(true, true, true, false),
    rentPeriodDays: fc.constantFrom(1, 2, 3, 6, 30, 1.5),
    endsAt: ends,
    failedAt: fc.option(fc.integer({ min: -8, max: 4 }).map((count) => inHours(count * 6))),
  },
  { requiredKeys: ["autoExtend", "rentPeriodDays"] },
);

const addresses: fc.Arbitrary<Bare[]> = fc.oneof(
  fc.array(address, { maxLength: 5 }),
  // What most orders are: all alike.
  fc.tuple(address, fc.integer({ min: 1, max: 4 })).map(([each, count]) => Array<Bare>(count).fill(each)),
  // What comes to be alike.
  fc.array(
    fc
      .tuple(address, ends)
      .map(([each, endsAt]) => ({ ...each, autoExtend: true, rentPeriodDays: 1, endsAt })),
  ),
);

const order = fc.record({
  proxyType: fc.constantFrom(...proxyTypes),
  endsAt: ends,
  // A mock keeps other fields beside these, and needs them back.
  note: fc.constant("kept"),
  ipAddresses: addresses,
});

const orders = fc.array(order, { maxLength: 4 }).map((made) =>
  made.map((each, index) => ({
    ...each,
    orderId: `o${index}`,
    ipAddresses: each.ipAddresses.map((one, place) => ({
      ...one,
      ipAddressId: `o${index}-${place}`,
    })),
  })),
);

const settings = fc.record({
  leadTimeHours: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 72 }),
    fc.constantFrom(12, 24, 36, 60, 100, 0.3),
  ),
  retryHours: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 30 }), fc.constantFrom(6, 12, 24, 1 / 7)),
});

const input: fc.Arbitrary<ForecastInput> = fc.record({
  orders,
  balance: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(1_000)).map((amount) => amount / 10),
  priceOf: fc
    .tuple(fc.constantFrom(0.1, 0.4, 1.3), fc.constantFrom(0, 0, 6))
    .map(([unitPrice, unknown]): ForecastInput["priceOf"] => ({ ipAddressIds, rentPeriodDays }) => {
      return rentPeriodDays === unknown ? null : ipAddressIds.length * unitPrice;
    }),
  from: fc.constant(inHours(0)),
  until: fc.constant(until),
  settings,
});

/** The events of a forecast that stops at each of these times, and continues a millisecond later. */
function inParts(whole: ForecastInput, stops: readonly number[]): RenewalEvent[] {
  const all: RenewalEvent[] = [];
  let part = whole;
  for (const stop of [...stops.toSorted((a, b) => a - b), Date.parse(whole.until)]) {
    const { events, balance } = forecastRenewals({ ...part, until: new Date(stop).toISOString() });
    all.push(...events);
    const from = new Date(stop + 1).toISOString();
    part = { ...part, from, balance, orders: applyRenewals(part.orders, events) };
  }
  return all;
}

describe("a forecast in parts", () => {
  const stop = fc.oneof(
    fc.integer({ min: 0, max: 80 }).map((halfDays) => start + halfDays * 43_200_000),
    fc.integer({ min: 0, max: 40 * 24 * 6 }).map((tenMinutes) => start + tenMinutes * 600_000),
    fc.integer({ min: 0, max: 40 * 24 * 3_600_000 }).map((after) => start + after),
  );

  it("has the events of one forecast, wherever it is split", () => {
    fc.assert(
      fc.property(input, fc.array(stop, { minLength: 1, maxLength: 4 }), (whole, stops) => {
        expect(inParts(whole, stops)).toEqual(forecastRenewals(whole).events);
      }),
    );
  });

  it("has the events of one forecast if a clock steps from one event to the next", () => {
    fc.assert(
      fc.property(input, (whole) => {
        const all: RenewalEvent[] = [];
        let state: Pick<ForecastInput, "orders" | "from" | "balance"> = whole;
        for (
          let next = nextRenewal({ ...whole, ...state }).event;
          next !== null && next <= Date.parse(until);
          next = nextRenewal({ ...whole, ...state }).event
        ) {
          const time = new Date(next).toISOString();
          const { events, balance } = forecastRenewals({ ...whole, ...state, from: time, until: time });
          expect(events).not.toEqual([]);
          all.push(...events);
          const from = new Date(next + 1).toISOString();
          state = { orders: applyRenewals(state.orders, events), balance, from };
        }
        expect(all).toEqual(forecastRenewals(whole).events);
      }),
      { numRuns: 200 },
    );
  });
});

describe("what comes next", () => {
  it("is the first event, and the first renewal that is tried, whatever ends before: for one order as for all", () => {
    fc.assert(
      fc.property(input, (whole) => {
        const far = { ...whole, until: inHours(80 * 24) };
        for (const some of [whole.orders, ...whole.orders.map((each) => [each])]) {
          const { events } = forecastRenewals({ ...far, orders: some });
          expect(nextRenewal({ ...far, orders: some })).toEqual({
            event: parseLenientDate(events[0]),
            attempt: parseLenientDate(events.find(({ type }) => type !== "expired")),
          });
        }
      }),
    );
  });
});

function parseLenientDate(event: RenewalEvent | undefined): number | null {
  return event ? Date.parse(event.at) : null;
}

describe("the orders after the events", () => {
  it("are new ones: nothing that came in is changed, and what no event is about stays the same object", () => {
    fc.assert(
      fc.property(input, (whole) => {
        const before = structuredClone(whole.orders);
        deepFreeze(whole.orders);
        const { events } = forecastRenewals(whole);
        const after = applyRenewals(whole.orders, events);
        expect(whole.orders).toEqual(before);
        const touched = new Set(
          events.flatMap(({ type, group }) => (type === "expired" ? [] : group.ipAddressIds)),
        );
        for (const [index, now] of after.entries()) {
          const was = whole.orders[index] as RenewableOrder;
          const untouched = was.ipAddresses.filter(({ ipAddressId }) => !touched.has(ipAddressId));
          expect(now === was).toBe(untouched.length === was.ipAddresses.length);
          for (const one of untouched) expect(now.ipAddresses).toContain(one);
          expect({ ...now, ipAddresses: [] }).toEqual({ ...was, ipAddresses: [] });
        }
      }),
    );
  });
});

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
}
