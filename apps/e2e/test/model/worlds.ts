import type { World } from "@auto-extend/mock-server";
import fc from "fast-check";
import type { AccountValue, WorldValue } from "./world-value.js";

export type JudgedWorld = World & WorldValue;

export const startsAt = "2030-01-01T00:00:00.000Z";
export const types = ["IPv4", "IPv6", "MOBILE", "ISP"] as const;
/** Those of the accounts that a world may have, two that are new, and one of nobody. */
export const apiKeys = ["key-1", "key-2", "key-3", "key-4", "unknown-api-key"] as const;

/** Short ones, so that renewals follow one another, and one that is no account's. */
const periods = [1, 2, 3, 30, 90];
const start = Date.parse(startsAt);
const time = (hours: number) => new Date(start + hours * 3_600_000).toISOString();

/** A generated order without its IDs. */
type Bare = AccountValue["orders"][number]["ipAddresses"][number];

/** Few different ends, so that some are the same: moments and spans, from a little before the start on. */
const end = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 20 }).map((count) => `+${count * 12}h`) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }).map((count) => `+${count}d`) },
  { weight: 1, arbitrary: fc.integer({ min: -4, max: 12 }).map((count) => time(count * 12)) },
);

const failedAt = fc.integer({ min: -6, max: 2 }).map((count) => time(count * 6));

const address: fc.Arbitrary<Omit<Bare, "ipAddressId">> = fc.record(
  {
    autoExtend: fc.boolean(),
    rentPeriodDays: fc.constantFrom(...periods),
    endsAt: end,
    failedAt,
  },
  { requiredKeys: ["autoExtend", "rentPeriodDays"] },
);

const sameState = fc.record({ autoExtend: fc.boolean(), rentPeriodDays: fc.constantFrom(...periods) });

const addresses: fc.Arbitrary<Omit<Bare, "ipAddressId">[]> = fc.oneof(
  fc.array(address, { minLength: 1, maxLength: 4 }),
  // As those of most orders are.
  fc
    .tuple(sameState, fc.integer({ min: 1, max: 3 }))
    .map(([each, count]) => Array<typeof each>(count).fill(each)),
  // Alike, but not tried at the same time.
  fc
    .tuple(sameState, fc.array(fc.record({ failedAt }, { requiredKeys: [] }), { minLength: 2, maxLength: 3 }))
    .map(([each, failures]) => failures.map((failure) => ({ ...each, ...failure }))),
);

const order = fc.record({ proxyType: fc.constantFrom(...types), endsAt: end, addresses });

/** A value for each of these, or, now and then, for some of them. */
function forEach<Name extends string | number, Value>(names: readonly Name[], value: fc.Arbitrary<Value>) {
  const all = fc.tuple(...names.map((name) => value.map((each) => [name, each] as const)));
  return fc
    .oneof({ weight: 3, arbitrary: all }, { weight: 1, arbitrary: all.chain((pairs) => fc.subarray(pairs)) })
    .map((pairs): Record<string, Value> => Object.fromEntries(pairs));
}

/** In whole cents; some periods have no price. */
const prices = forEach(
  periods,
  fc.constantFrom(0, 10, 35, 80, 333).map((cents) => cents / 100),
);

const account = fc.record({
  balance: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.constantFrom(-5, 5_000)).map((cents) => cents / 100),
  rentPeriods: forEach(types, fc.oneof(fc.constant([...periods]), fc.subarray(periods))),
  prices: forEach(types, prices),
  orders: fc.array(order, { minLength: 1, maxLength: 6 }),
});

type Generated = typeof account extends fc.Arbitrary<infer Value> ? Value : never;

/** Small worlds: one account or two, of which mostly one is the pattern for new API keys, and few orders. */
export const worlds: fc.Arbitrary<JudgedWorld> = fc
  .record({
    renewals: fc.record({
      leadTimeHours: fc.constantFrom(0, 24, 72),
      retryHours: fc.constantFrom(null, 12, 24),
    }),
    first: account,
    second: fc.option(account),
    hasPattern: fc.oneof(
      { weight: 9, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  })
  .map(({ renewals, first, second, hasPattern }) => ({
    version: 1,
    startsAt,
    renewals,
    accounts: [
      named(first, hasPattern ? "default" : "first", "key-1"),
      ...(second ? [named(second, "second", "key-2")] : []),
    ],
  }));

function named({ orders, ...rest }: Generated, id: string, apiKey: string) {
  return {
    id,
    apiKey,
    currency: "USD",
    ...rest,
    orders: orders.map(({ proxyType, endsAt, addresses }, index) => ({
      orderId: `o${index + 1}`,
      proxyType,
      endsAt,
      ipAddresses: addresses.map((each, place) => ({
        ipAddressId: `o${index + 1}-${place + 1}`,
        ip: proxyType === "IPv6" ? "2001:db8::1" : "192.0.2.1",
        country: "DE",
        ...each,
      })),
    })),
  };
}
