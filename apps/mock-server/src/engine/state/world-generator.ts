import { isExactAmount, type ProxyType, proxyTypes, rentPeriodsSold } from "@auto-extend/core";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { z } from "zod/v3";
import { createGenerator } from "../../lib/random.js";
import { readWith, whole } from "../../lib/schemas.js";
import type { World } from "./world.js";

export const worldOptionsSchema = z.strictObject({
  orders: whole.min(1).max(100_000).default(100).describe("The number of orders."),
  addresses: whole
    .min(1)
    .max(1_000_000)
    .optional()
    .describe(
      "The number of IP addresses of all orders together, at least one for each (default: 1 to 20 for each, about six).",
    ),
  seed: whole.min(0).max(0xffff_ffff).default(1).describe("The same seed makes the same world."),
  balance: z
    .number()
    .refine(isExactAmount, "must have at most nine digits before the decimal point and six after it")
    .default(1_000)
    .describe("The balance, in USD."),
  onShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("The approximate share of addresses with auto-extend on."),
  types: z
    .array(z.enum(proxyTypes))
    .min(1)
    .readonly()
    .default(proxyTypes)
    .describe("The proxy types of the orders."),
});

/** The options of a generated world. */
export type WorldOptions = z.input<typeof worldOptionsSchema>;

/** The defaults of the options, except `addresses`, which are drawn. */
export const worldDefaults = worldOptionsSchema.parse({});

/**
 * Generates a world for the mock's option `world`: one template account with orders of every requested type, if there are
 * at least as many orders as types. The same options and package version give the same world.
 *
 * - All addresses are reserved for documentation: RFC 5737 for IPv4, MOBILE and ISP, RFC 3849 for IPv6. RFC 5737 has only
 *   762 hosts, so `ip` repeats in larger worlds; `orderId` and `ipAddressId` never do.
 * - Ends are spans from the start, from 12 hours to 360 days, so nothing depends on the day of generation.
 * - The rental periods sold are those of `rentPeriodsSold`. Prices are made up, in whole cents: longer periods are cheaper per
 *   day.
 * - The addresses of an order share auto-extend and rental period, except in a small share of the orders ({@link mixedShare}), where
 *   each has its own. An IPv6 order renews as a whole and is never one of those.
 *
 * @throws RangeError for invalid options.
 */
export function generateWorld(options: WorldOptions = {}): World {
  return JSON.parse([...generateWorldText(options)].join(""));
}

/**
 * Generates the text of a world file piece by piece, so that even a large one is never in memory as a whole: see
 * {@link generateWorld}. Each order and each address has its own line.
 *
 * @throws RangeError for invalid options, before the first piece.
 */
export function generateWorldText(options: WorldOptions = {}): Generator<string, void, undefined> {
  const settings = readWith(
    worldOptionsSchema,
    options,
    (problems) => new RangeError(`The world can't be generated: ${problems}.`),
  );
  const { orders, addresses = orders } = settings;
  if (addresses >= orders) return worldText(settings);
  throw new RangeError(
    `${addresses} addresses are too few for ${orders} orders: each needs at least one. Give more addresses or fewer orders.`,
  );
}

type Settings = z.output<typeof worldOptionsSchema>;

function* worldText(settings: Settings): Generator<string, void, undefined> {
  yield `{
  "version": 1,
  "accounts": [
    {
      "id": "default",
      "balance": ${JSON.stringify(settings.balance)},
      "currency": "USD",
      "rentPeriods": ${oneLine(byType(periodsOf))},
      "prices": ${oneLine(byType(pricesOf))},
      "orders": [
`;
  yield* orderLines(settings);
  yield `      ]
    }
  ]
}
`;
}

/** JSON on one line, with spaces. */
function oneLine(value: unknown): string {
  return JSON.stringify(value, null, 1).replaceAll(/\n */g, " ");
}

const spans = "+12h +1d +3d +7d +14d +21d +30d +45d +60d +90d +120d +180d +270d +360d".split(" ");
/** The share of orders whose addresses differ in auto-extend and rental period, as after they were switched one by one. */
const mixedShare = 0.05;
const countries = "BRA CAN DEU ESP FRA GBR IND ITA JPN NLD POL USA".split(" ");

function* orderLines(settings: Settings): Generator<string, void, undefined> {
  const { orders, types, onShare } = settings;
  const dice = createDice(settings.seed);
  const ids = createIds(dice);
  const nextIp = createIps(dice);
  for (const [index, size] of orderSizes(settings).entries()) {
    // The first orders cover all types.
    const type = types[index] ?? dice.pick(types);
    const periods = periodsOf(type);
    const terms = () => `"autoExtend": ${dice.chance(onShare)}, "rentPeriodDays": ${dice.pick(periods)}`;
    const isMixed = type !== "IPv6" && dice.chance(mixedShare);
    const inCommon = isMixed ? undefined : terms();
    const country = dice.pick(countries);
    yield `        { "orderId": "${ids.order()}", "proxyType": "${type}", "endsAt": "${dice.pick(spans)}", "ipAddresses": [\n`;
    for (let left = size; left > 0; left -= 1) {
      const end = left > 1 ? "," : "";
      yield `          { "ipAddressId": "${ids.address()}", "ip": "${nextIp(type)}", "country": "${country}", ${inCommon ?? terms()} }${end}\n`;
    }
    yield `        ] }${index + 1 < orders ? "," : ""}\n`;
  }
}

/** The number of addresses per order: as drawn or, if their sum is given, in that proportion. */
function orderSizes({ orders, addresses, seed }: Settings): number[] {
  const dice = createDice(seed, "sizes");
  // Small numbers are more likely.
  const drawn = Array.from({ length: orders }, () => dice.number(1, dice.number(1, 20)));
  if (addresses === undefined) return drawn;
  const whole = drawn.reduce((sum, size) => sum + size, 0);
  let part = 0;
  let given = 0;
  return drawn.map((size) => {
    part += size;
    const due = Math.floor(((addresses - orders) * part) / whole);
    const own = 1 + due - given;
    given = due;
    return own;
  });
}

/** IDs in the provider's form. They start with a rising number, so that none repeats. */
function createIds(dice: Dice) {
  let lastOrder = 10_000_000;
  let lastAddress = 1_000_000_000;
  return {
    order() {
      lastOrder += dice.number(1, 800);
      if (dice.chance(0.5)) return `${lastOrder}`;
      const letter = dice.pick("abcdef".split(""));
      return `${lastOrder}${dice.digits(4)}${letter}${dice.number(0, 0xffff).toString(16).padStart(4, "0")}`;
    },
    address() {
      lastAddress += dice.number(1, 8_000);
      return `${lastAddress}${dice.digits(9)}`;
    },
  };
}

const documentationNetworks = ["192.0.2", "198.51.100", "203.0.113"];
const hostsOfNetwork = 254;

/** Consecutive addresses; IPv6 is spelled as RFC 5952 requires. */
function createIps(dice: Dice): (type: ProxyType) => string {
  let count4 = 0;
  let count6 = 0;
  return (type) => {
    if (type === "IPv6") {
      // RFC 5952 would shorten a zero group next to the colons, so all groups are larger.
      const [high, low] = [Math.floor(count6 / 0xffff), 1 + (count6 % 0xffff)];
      count6 += 1;
      return `2001:db8:${high.toString(16)}:${low.toString(16)}::${dice.number(1, 0xffff).toString(16)}`;
    }
    const network = Math.floor(count4 / hostsOfNetwork) % documentationNetworks.length;
    const host = 1 + (count4 % hostsOfNetwork);
    count4 += 1;
    return `${documentationNetworks[network]}.${host}`;
  };
}

function byType<Value>(of: (type: ProxyType) => Value): Record<string, Value> {
  return Object.fromEntries(proxyTypes.map((type) => [type, of(type)]));
}

function periodsOf(type: ProxyType): readonly number[] {
  return rentPeriodsSold[type].days;
}

/** The price of an address for 30 days, in cents. */
const monthlyCents = { IPv4: 80, IPv6: 10, MOBILE: 350, ISP: 160 };
/** The discount in per cent from a number of days on. */
const discounts = [
  [360, 25],
  [180, 15],
  [90, 10],
  [60, 5],
  [0, 0],
] as const;

function pricesOf(type: ProxyType): Record<string, number> {
  return Object.fromEntries(
    periodsOf(type).map((days) => {
      const [, discount] = discounts.find(([least]) => days >= least) ?? [0, 0];
      return [days, Math.round((monthlyCents[type] * days * (100 - discount)) / 3_000) / 100];
    }),
  );
}

type Dice = ReturnType<typeof createDice>;

function createDice(seed: number, stream: "all" | "sizes" = "all") {
  const generator = createGenerator(seed);
  if (stream === "sizes") generator.jump();
  const number = (from: number, to: number) => uniformInt(generator, from, to);
  return {
    /** A whole number, both bounds included. */
    number,
    /** A number of decimal digits, with leading zeros. */
    digits: (count: number) => `${number(0, 10 ** count - 1)}`.padStart(count, "0"),
    pick: <Item>(items: readonly Item[]) => items[number(0, items.length - 1)] as Item,
    chance: (probability: number) => number(0, 999_999) < probability * 1_000_000,
  };
}
