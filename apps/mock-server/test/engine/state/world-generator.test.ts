import { createHash } from "node:crypto";
import { BlockList } from "node:net";
import { isOrderNumber, proxyTypes, rentPeriodsSold } from "@auto-extend/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readWorld, type World } from "../../../src/engine/state/world.js";
import {
  generateWorld,
  generateWorldText,
  type WorldOptions,
} from "../../../src/engine/state/world-generator.js";
import { runProgram } from "../../support/program.js";

const text = (options?: WorldOptions) => [...generateWorldText(options)].join("");
const accountOf = ({ accounts: [account] }: World) => {
  if (!account) throw new Error("There is no account.");
  return account;
};
const ordersOf = (options?: WorldOptions) => accountOf(generateWorld(options)).orders;
const addressesOf = (options?: WorldOptions) => ordersOf(options).flatMap(({ ipAddresses }) => ipAddresses);

const optionsOfWorlds: fc.Arbitrary<WorldOptions> = fc
  .record(
    {
      orders: fc.integer({ min: 1, max: 60 }),
      extra: fc.integer({ min: 0, max: 500 }),
      seed: fc.nat(0xffff_ffff),
      balance: fc.integer({ min: 0, max: 1e9 }).map((cents) => cents / 100),
      onShare: fc.double({ min: 0, max: 1, noNaN: true }),
      types: fc.subarray([...proxyTypes], { minLength: 1 }),
    },
    { requiredKeys: [] },
  )
  .map(({ extra, ...options }) => ({
    ...options,
    ...(extra === undefined ? {} : { addresses: (options.orders ?? 100) + extra }),
  }));

describe("a generated world", () => {
  it("is the same, byte for byte, whenever it is made", () => {
    expect(text({ orders: 50, seed: 7 })).toBe(text({ orders: 50, seed: 7 }));
  });

  it("is the same as in the previous version: a change would have to be announced", () => {
    const hash = createHash("sha256")
      .update(text({ orders: 50, seed: 7 }))
      .digest("hex");
    expect(hash).toBe("18b7472bdb76a3fc23b8a173404a12ce7759bb5cf8d28797aecc805e1fec88e2");
  });

  it("is another with another seed", () => {
    const ids = new Set(addressesOf({ seed: 1 }).map(({ ipAddressId }) => ipAddressId));
    expect(addressesOf({ seed: 2 }).filter(({ ipAddressId }) => ids.has(ipAddressId))).toEqual([]);
    expect(text({ seed: 1 })).toBe(text());
  });

  it("has every proxy type from four orders on, or those that are asked for", () => {
    const types = (options: WorldOptions) => new Set(ordersOf(options).map(({ proxyType }) => proxyType));
    expect(types({ orders: 4 })).toEqual(new Set(proxyTypes));
    expect(types({ orders: 50, types: ["ISP", "MOBILE"] })).toEqual(new Set(["ISP", "MOBILE"]));
  });

  it("has small orders for the most part, and some large ones", () => {
    const sizes = ordersOf({ orders: 1_000 }).map(({ ipAddresses }) => ipAddresses.length);
    expect(Math.min(...sizes)).toBe(1);
    expect(Math.max(...sizes)).toBe(20);
    expect(sizes.filter((size) => size <= 5).length).toBeGreaterThan(500);
    expect(sizes.filter((size) => size > 10).length).toBeGreaterThan(100);
  });

  it("has as many addresses as are asked for, and one for each order at least", () => {
    expect(addressesOf({ orders: 7, addresses: 7 })).toHaveLength(7);
    expect(addressesOf({ orders: 1, addresses: 1_000 })).toHaveLength(1_000);
    expect(addressesOf({ orders: 333, addresses: 10_000 })).toHaveLength(10_000);
  });

  it("has auto-extend on for about the share that is asked for", () => {
    const share = (onShare: number) => {
      const addresses = addressesOf({ orders: 500, onShare });
      return addresses.filter(({ autoExtend }) => autoExtend).length / addresses.length;
    };
    expect(share(0)).toBe(0);
    expect(share(0.25)).toBeCloseTo(0.25, 1);
    expect(share(1)).toBe(1);
  });

  it("has the same state and period for all addresses of an order, but for a few orders that show what mixed ones do", () => {
    const orders = ordersOf({ orders: 1_000, types: ["IPv4", "ISP", "MOBILE"] });
    const mixed = (of: (address: (typeof orders)[number]["ipAddresses"][number]) => unknown) =>
      orders.filter(({ ipAddresses }) => new Set(ipAddresses.map(of)).size > 1).length / orders.length;
    for (const share of [
      mixed(({ rentPeriodDays }) => rentPeriodDays),
      mixed(({ autoExtend }) => autoExtend),
    ]) {
      expect(share).toBeGreaterThan(0.01);
      expect(share).toBeLessThan(0.06);
    }
  });

  it("has both kinds of order IDs, none of which stands for anything else", () => {
    const ids = ordersOf({ orders: 500 }).map(({ orderId }) => orderId);
    expect(ids.filter((id) => /^\d{8}$/.test(id)).length).toBeGreaterThan(100);
    expect(ids.filter((id) => /^(?=\d*[a-f])[\da-f]{17}$/.test(id)).length).toBeGreaterThan(100);
    expect(ids.filter((id) => !/^[\da-f]+$/.test(id) || isOrderNumber(id))).toEqual([]);
  });

  it("ends at several moments, none of which depends on the day it was made", () => {
    const ends = new Set(ordersOf({ orders: 500 }).map(({ endsAt }) => endsAt));
    expect([...ends]).toEqual(expect.arrayContaining(["+12h", "+3d", "+30d", "+360d"]));
    expect([...ends].filter((end) => !/^\+\d+[dh]$/.test(end ?? ""))).toEqual([]);
  });

  it("sells every period that the provider is thought to sell, the longer the cheaper a day, in whole cents", () => {
    const { rentPeriods, prices } = accountOf(generateWorld());
    for (const type of proxyTypes) {
      const periods = rentPeriodsSold[type].days;
      expect(rentPeriods[type]).toEqual(periods);
      expect(Object.keys(prices?.[type] ?? {})).toEqual(periods.map(String));
      const daily = periods.map((days) => (prices?.[type]?.[days] ?? 0) / days);
      expect(daily).toEqual([...new Set(daily)].sort((one, other) => other - one));
      for (const price of Object.values(prices?.[type] ?? {}))
        expect(`${price}`).toMatch(/^\d+(\.\d{1,2})?$/);
    }
  });

  it("spells IPv6 addresses the one way that is recommended, and has each of them once", () => {
    // More than one group of an address can number.
    const ips = addressesOf({ orders: 3, addresses: 66_000, types: ["IPv6"] }).map(({ ip }) => ip);
    expect(new Set(ips).size).toBe(ips.length);
    const some = ips.filter((_, index) => index % 20 === 0 || index > 65_000);
    expect(some.filter((ip) => new URL(`http://[${ip}]`).hostname !== `[${ip}]`)).toEqual([]);
  });

  it("is a world that the mock takes, whatever the options", () => {
    fc.assert(
      fc.property(optionsOfWorlds, (options) => {
        const world = JSON.parse(text(options)) as World;
        expect(() => readWorld(world)).not.toThrow();
        const { orders, rentPeriods, balance } = accountOf(world);
        const addresses = orders.flatMap(({ ipAddresses }) => ipAddresses);
        expect(balance).toBe(options.balance ?? 1_000);
        expect(orders).toHaveLength(options.orders ?? 100);
        if (options.addresses !== undefined) expect(addresses).toHaveLength(options.addresses);
        expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(orders.length);
        expect(new Set(addresses.map(({ ipAddressId }) => ipAddressId)).size).toBe(addresses.length);
        for (const { proxyType, ipAddresses } of orders) {
          // All at once: `expect` for each of them would take most of the time.
          const wrong = ipAddresses.filter(
            ({ ipAddressId, ip, rentPeriodDays }) =>
              !/^\d{19}$/.test(ipAddressId) ||
              !isDocumentation(ip, proxyType === "IPv6" ? "ipv6" : "ipv4") ||
              rentPeriodDays === undefined ||
              !rentPeriods[proxyType]?.includes(rentPeriodDays),
          );
          expect(wrong).toEqual([]);
          // An IPv6 order renews whole.
          const terms = ipAddresses.map(
            ({ autoExtend, rentPeriodDays }) => `${autoExtend} ${rentPeriodDays}`,
          );
          if (proxyType === "IPv6") expect(new Set(terms).size).toBe(1);
        }
      }),
      { seed: Number(process.env.FUZZ_SEED ?? 1), numRuns: 30 },
    );
  });

  it("is made in small pieces, with a line for each address", () => {
    let [length, longest, addresses] = [0, 0, 0];
    for (const piece of generateWorldText({ orders: 1_000, addresses: 5_000 })) {
      length += piece.length;
      longest = Math.max(longest, piece.length);
      if (/^ +\{ "ipAddressId": .+ \},?\n$/.test(piece)) addresses += 1;
    }
    expect(addresses).toBe(5_000);
    expect(longest).toBeLessThan(2_000);
    expect(length).toBeLessThan(1_000_000);
  });

  it.each([
    [{ orders: 0 }, "orders: must be at least 1"],
    [{ orders: 1.5 }, "orders: must be a whole number"],
    [{ addresses: 1_000_001 }, "addresses: must be at most 1000000"],
    [{ orders: 10, addresses: 9 }, "9 addresses are too few for 10 orders"],
    [{ seed: -1 }, "seed: must be at least 0"],
    [{ balance: 0.1234567 }, "before the decimal point and six after it"],
    [{ onShare: 1.1 }, "onShare: must be at most 1"],
    [{ onShare: Number.NaN }, "onShare: must be a number, not NaN"],
    [{ types: [] }, "types: must not be empty"],
    [{ types: ["ipv4"] as never }, "types[0]: must be one of IPv4, IPv6, MOBILE, ISP, in this spelling"],
    [{ order: 5 } as object, 'unknown field "order" (did you mean "orders"?)'],
  ])("is not made of %j", (options, says) => {
    // Already before the first piece is asked for.
    expect(() => generateWorldText(options)).toThrow(says);
  });
});

describe("auto-extend-mock world new", () => {
  it("writes the world that its options describe", async () => {
    expect((await runProgram(["world", "new"])).out).toBe(text());
    const argv =
      "world new --orders 30 --addresses 90 --seed 7 --balance 7.18 --on-share .25 --types ipv6,ISP";
    const options = { orders: 30, addresses: 90, seed: 7, balance: 7.18, onShare: 0.25 } as const;
    expect((await runProgram(argv.split(" "))).out).toBe(text({ ...options, types: ["IPv6", "ISP"] }));
  });

  it("writes large worlds in pieces of a handy size", async () => {
    const lengths: number[] = [];
    const { out } = await runProgram(["world", "new", "--orders", "1500", "--seed", "7"], {
      onOutput: (all) => lengths.push(all.length),
    });
    const pieces = lengths.map((length, index) => length - (lengths[index - 1] ?? 0));
    expect(pieces.length).toBeGreaterThan(10);
    for (const piece of pieces.slice(0, -1)) expect(piece).toBeGreaterThanOrEqual(65_536);
    for (const piece of pieces) expect(piece).toBeLessThan(70_000);
    expect(out).toBe(text({ orders: 1_500, seed: 7 }));
  });

  it("shows help with examples", async () => {
    const { code, out } = await runProgram(["world", "new", "--help"]);
    expect(code).toBe(0);
    expect(out).toContain("auto-extend-mock world new --orders 10000 --seed 7 > world.json");
    expect(out).toContain("--on-share");
  });

  it.each([
    ["--orders 0", "It must be at least 1."],
    ["--orders many", "Give a number in digits"],
    ["--addresses 1e3", "Give a number in digits"],
    ["--addresses 99", "99 addresses are too few for 100 orders"],
    ["--seed 4294967296", "It must be at most 4294967295."],
    ["--balance -1", "without a sign"],
    ["--balance 0.0000001", "before the decimal point and six after it"],
    ["--on-share 50", "It must be at most 1."],
    ["--on-share .x", "Give a number in digits"],
    ["--types IPv5", "Give one of IPv4, IPv6, MOBILE, ISP"],
    ["--port 1", "Unknown option --port."],
    ["more", "Too many arguments"],
  ])("refuses %s", async (words, says) => {
    const { code, out, err } = await runProgram(["world", "new", ...words.split(" ")]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(says);
    expect(err).toMatch(/\nAll options: auto-extend-mock world new --help\n$/);
  });

  it.each(["world", "world old"])("refuses %s, and says how to see its commands", async (words) => {
    const { code, err } = await runProgram(words.split(" "));
    expect(code).toBe(2);
    expect(err).toContain("auto-extend-mock world --help");
  });
});

const documentation = new BlockList();
documentation.addSubnet("192.0.2.0", 24, "ipv4");
documentation.addSubnet("198.51.100.0", 24, "ipv4");
documentation.addSubnet("203.0.113.0", 24, "ipv4");
documentation.addSubnet("2001:db8::", 32, "ipv6");

function isDocumentation(ip: string, family: "ipv4" | "ipv6"): boolean {
  return documentation.check(ip, family);
}
