import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { defaultWorld } from "@auto-extend/mock-server";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { savedAs } from "../guide/blocks.js";

const require = createRequire(import.meta.url);
const schema = JSON.parse(
  readFileSync(require.resolve("@auto-extend/mock-server/world.schema.json"), "utf8"),
);
const fits = new Ajv({ strict: false, validateFormats: false }).compile(schema);

const shown = JSON.parse(savedAs("docs/worlds.md", "world.json"));

type Json = Record<string, unknown>;

/** The default world with one thing changed in its first account, or in that one's first order. */
function changed(account: Json, order: Json = {}): unknown {
  const [first, ...rest] = structuredClone(defaultWorld.accounts);
  const [firstOrder, ...orders] = first?.orders ?? [];
  return {
    ...defaultWorld,
    accounts: [{ ...first, orders: [{ ...firstOrder, ...order }, ...orders], ...account }, ...rest],
  };
}

describe("the JSON Schema of a world file, as an editor reads it", () => {
  it("takes the default world, and the one that the documents show", () => {
    expect(fits(defaultWorld), JSON.stringify(fits.errors)).toBe(true);
    expect(fits(shown), JSON.stringify(fits.errors)).toBe(true);
    expect(fits(changed({ apiKey: "my-key" }, { endsAt: "2030-01-31T12:00:00+02:00" }))).toBe(true);
    expect(fits({ ...defaultWorld, renewals: { retryHours: null } })).toBe(true);
  });

  it.each([
    ["no version", { accounts: defaultWorld.accounts }],
    ["no account", { version: 1, accounts: [] }],
    ["a balance in quotes", changed({ balance: "5" })],
    ["a field that there is not", changed({ ballance: 5 })],
    ["a proxy type that there is not", changed({}, { proxyType: "SOCKS5" })],
    ["a moment in words", changed({}, { endsAt: "tomorrow" })],
    ["an order without addresses", changed({}, { ipAddresses: [] })],
    ["a price for a period in words", changed({ prices: { IPv4: { month: 2 } } })],
    ["a retry after no time", { ...defaultWorld, renewals: { retryHours: 0 } }],
  ])("refuses %s", (_, world) => {
    expect(fits(world)).toBe(false);
  });

  it("describes every field to whoever fills it in", () => {
    const order = schema.properties.accounts.items.properties.orders.items;
    for (const part of [
      schema,
      schema.properties.accounts.items,
      order,
      order.properties.ipAddresses.items,
    ]) {
      for (const [name, property] of Object.entries<Json>(part.properties))
        expect(property.description, name).toBeTruthy();
    }
  });
});
