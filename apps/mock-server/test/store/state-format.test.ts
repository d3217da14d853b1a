import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import type { OrderState } from "../../src/engine/state/world.js";
import { generateWorld } from "../../src/engine/state/world-generator.js";
import type { SavedEngine } from "../../src/engine/types.js";
import { readState, revisionIn, revisionLength, stateText } from "../../src/store/state-format.js";
import { accountIdOf, call, on, testEngine } from "../support/call.js";

const revision = { writer: "00000000-0000-4000-8000-000000000000", revision: 7 };

/** The state of an engine, with the hash of an API key. */
function savedOf(engine: Engine): SavedEngine {
  return { ...engine.save(), keyHashes: { "0123456789ab": "default" } };
}

describe("the text of a state file", () => {
  it.each([1, 199, 200, 201, 5_000])(
    "is read as what was saved, with %d addresses in an order",
    (addresses) => {
      const engine = testEngine({ world: generateWorld({ orders: 1, addresses, seed: addresses }) });
      const saved = savedOf(engine);
      expect(readState(textOf(saved), "state.json")).toEqual({ engine: saved, revision });
    },
  );

  it("is read as what was saved, with many orders and accounts, and without any", () => {
    const engine = testEngine({ world: generateWorld({ orders: 500, seed: 3 }) });
    for (let number = 0; number < 20; number += 1) call(engine, {}, { apiKey: `key-${number}` });
    const saved = savedOf(engine);
    expect(saved.accounts).toHaveLength(21);
    const [account] = saved.accounts;
    for (const each of [
      saved,
      { ...saved, accounts: [] },
      { ...saved, accounts: [{ ...account, orders: [] } as never] },
    ]) {
      expect(readState(textOf(each), "state.json")).toEqual({ engine: each, revision });
    }
  });

  it("contains of a copied account only the differences from the template account", () => {
    const engine = testEngine({ world: generateWorld({ orders: 500, seed: 3 }), accountLimit: 1_000 });
    const alone = textOf(savedOf(engine)).length;
    for (let number = 0; number < 200; number += 1) call(engine, {}, { apiKey: `key-${number}` });
    expect(textOf(savedOf(engine)).length).toBeLessThan(1.6 * alone);
    // Also after a restart: what they have in common is kept once.
    const { accounts } = readState(textOf(savedOf(engine)), "state.json").engine;
    expect(accounts[200]?.orders[7]).toBe(accounts[0]?.orders[7]);
  });

  it("depends on what an account is now, not on its origin", () => {
    const engine = testEngine();
    for (const apiKey of ["key-1", "key-2", "key-3"]) call(engine, {}, { apiKey });
    // One has another order, one of all orders but the last, and the default account itself is changed.
    call(engine, on, { apiKey: "key-1" });
    const { accounts } = engine.state();
    const put = (id: string, change: (orders: OrderState[]) => OrderState[]) => {
      const account = accounts.find((each) => each.id === id);
      engine.putState({ version: 1, accounts: [{ ...account, orders: change(account?.orders ?? []) }] }, id);
    };
    put(accountIdOf("key-2"), (orders) => orders.slice(0, -1));
    put("default", (orders) => orders.slice().reverse());
    expect(readState(textOf(savedOf(engine)), "state.json").engine).toEqual(savedOf(engine));
    put("default", (orders) =>
      orders
        .slice()
        .reverse()
        .map((order) => ({ ...order, ipAddresses: order.ipAddresses.slice(0, 1) })),
    );
    expect(readState(textOf(savedOf(engine)), "state.json").engine).toEqual(savedOf(engine));
  });

  it("has its revision at the very beginning", () => {
    const text = textOf(savedOf(testEngine()));
    expect(revisionIn(text.slice(0, revisionLength))).toEqual(revision);
    expect(revisionIn(JSON.stringify(JSON.parse(text), null, 2))).toBeNull();
  });

  it("has a line for each order", () => {
    const text = textOf(savedOf(testEngine()));
    expect(text.split("\n").filter((line) => line.includes('"orderId"'))).toHaveLength(6);
  });

  it("comes in small pieces, and is the state of one moment, whatever changes meanwhile", () => {
    const world = generateWorld({ orders: 1_000, addresses: 10_000, types: ["ISP"], onShare: 0 });
    for (const account of world.accounts) account.apiKey = "my-key";
    const engine = testEngine({ world });
    const [account] = engine.state().accounts;
    const ids = account?.orders.map(({ orderId }) => orderId).reverse() ?? [];
    const rentPeriodDays = account?.rentPeriods.ISP?.[0];
    const before = textOf(savedOf(engine));

    const pieces: string[] = [];
    for (const piece of stateText(savedOf(engine), revision)) {
      pieces.push(piece);
      // From the last on: these are still to be written.
      const orderIds = ids.splice(0, 100);
      const { json } = call(
        engine,
        { proxyType: "ISP", orderIds, rentPeriodDays, autoExtend: true },
        { apiKey: "my-key" },
      );
      expect(json.success).toBe(true);
    }
    expect(pieces.length).toBeGreaterThan(5);
    for (const piece of pieces) expect(piece.length).toBeLessThan(2 * 262_144);
    expect(pieces.join("")).toBe(before);
    expect(textOf(savedOf(engine))).not.toBe(before);
  });
});

function textOf(saved: SavedEngine): string {
  return [...stateText(saved, revision)].join("");
}
