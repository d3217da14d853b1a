import { describe, expect, it } from "vitest";
import { createStore } from "../../../src/engine/state/store.js";

const address = (ipAddressId: string) => ({
  ipAddressId,
  ip: "192.0.2.1",
  country: "DE",
  autoExtend: false,
  rentPeriodDays: 30,
  endsAt: "2031-01-01T00:00:00.000Z",
});
const order = (orderId: string) => ({
  orderId,
  proxyType: "IPv4" as const,
  ipAddresses: [address(`${orderId}-0`), address(`${orderId}-1`)],
});
const account = {
  id: "original",
  balance: 5,
  currency: "USD",
  rentPeriods: {},
  prices: {},
  orders: [order("a"), order("b")],
};
const on = (orderId: string) => ({
  orderId,
  runningAt: "2030-01-01T00:00:00.000Z",
  autoExtend: true,
  rentPeriodDays: 60,
});

function filled() {
  let changes = 0;
  const store = createStore(() => {
    changes += 1;
  });
  store.put(account);
  store.copy("original", "copy");
  return { store, changes: () => changes };
}

describe("a copied account", () => {
  it("has its own changes, and shares every other order with its original", () => {
    const { store } = filled();
    store.switchOrders("copy", [on("a")]);
    const [original, copy] = [store.get("original")?.orders, store.get("copy")?.orders];
    expect(copy?.ofIpAddress("a-1")).toMatchObject({
      order: { orderId: "a" },
      ipAddress: { ipAddressId: "a-1", autoExtend: true, rentPeriodDays: 60 },
    });
    expect(original?.ofIpAddress("a-1")?.ipAddress.autoExtend).toBe(false);
    expect(original?.ofIpAddress("b-0")?.order).toBe(copy?.ofIpAddress("b-0")?.order);
    expect(copy?.ofIpAddress("c-0")).toBeUndefined();
  });
});

describe("a switch of orders", () => {
  it("changes nothing if one of its orders does not exist", () => {
    const { store, changes } = filled();
    const before = store.view();
    expect(() => store.switchOrders("copy", [on("a"), on("c")])).toThrow('no order "c" in account "copy"');
    expect(() => store.switchOrders("nobody", [])).toThrow('no account "nobody"');
    expect(store.view()).toEqual(before);
    expect(changes()).toBe(2);
  });

  it("returns the orders that changed, and reports a change only if there is one", () => {
    const { store, changes } = filled();
    const [first] = store.switchOrders("copy", [on("a")]);
    expect(first?.order.ipAddresses[0]?.autoExtend).toBe(true);
    expect(first?.change).toEqual({
      orderId: "a",
      ipAddresses: 2,
      autoExtend: { from: [false], to: [true] },
      rentPeriodDays: { from: [30], to: [60] },
    });
    expect(changes()).toBe(3);
    expect(store.switchOrders("copy", [on("a")])).toEqual([]);
    expect(changes()).toBe(3);
  });

  it("switches only addresses that have not ended", () => {
    const { store } = filled();
    const later = { ...on("a"), runningAt: "2031-01-01T00:00:00.000Z" };
    expect(store.switchOrders("copy", [later])).toEqual([]);
  });
});
