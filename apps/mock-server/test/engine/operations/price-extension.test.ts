import { getBalance, priceExtension } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { accountIdOf, ask, call, on, testEngine } from "../../support/call.js";

const request = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30 };
type Engine = ReturnType<typeof testEngine>;
const price = (engine: Engine, more: object = {}) => ask(engine, priceExtension, { ...request, ...more });
const balance = (engine: Engine) => ask(engine, getBalance, {}).json.balance;

/** The default world with other amounts. */
function worldWith(amounts: { balance?: number; rentPeriods?: object; prices?: object }) {
  const world = structuredClone(testEngine().state());
  return { ...world, accounts: world.accounts.map((account) => ({ ...account, ...amounts })) };
}

describe("the price of an extension", () => {
  it("has the reference's shape and key order", () => {
    expect(price(testEngine()).body).toBe(
      '{"success":true,"proxyType":"IPv4","balance":5,"price":0.8,"currency":"USD","discount":0,"promoCodeStatus":null,"error":null,"warnings":null}',
    );
    expect(price(testEngine(), { orderIds: ["99999"] }).body).toBe(
      '{"success":false,"proxyType":null,"balance":null,"price":null,"currency":null,"discount":null,"promoCodeStatus":null,"error":{"code":29,"message":"Incorrect orderIds"},"warnings":null}',
    );
  });

  it("is that of all IP addresses of the orders, each order once, counted exactly", () => {
    // 3 * 0.8 would be 2.4000000000000004.
    expect(price(testEngine(), { orderIds: ["11111", "22222", "11111"] }).json.price).toBe(2.4);
  });

  it("omits IP addresses that have ended", () => {
    const world = worldWith({});
    for (const { orders } of world.accounts) {
      const address = orders.find(({ orderId }) => orderId === "22222")?.ipAddresses[0];
      if (address) address.endsAt = "2029-12-31T00:00:00.000Z";
    }
    expect(price(testEngine({ world }), { orderIds: ["22222"] }).json.price).toBe(0.8);
  });

  it("spends nothing, and switches nothing", () => {
    const engine = testEngine();
    price(engine);
    expect(balance(engine)).toBe(5);
    const { accounts } = engine.state(accountIdOf("test-key-1"));
    expect(accounts[0]?.orders).toEqual(engine.state("default").accounts[0]?.orders);
  });

  it.each([
    ["11111", "IPv4"],
    ["22222", "IPv4"],
    ["66666", "IPv6"],
    ["44444", "MOBILE"],
  ])("of order %s is the amount of its next renewal", (orderId, proxyType) => {
    const engine = testEngine();
    const { json } = price(engine, { orderIds: [orderId], proxyType });
    call(engine, { ...on, orderIds: [orderId], proxyType });
    const before = balance(engine);
    engine.time.move({ toNextRenewal: true });
    expect(balance(engine)).toBe(Math.round((before - json.price) * 100) / 100);
    expect(json.price).toBeGreaterThan(0);
  });

  it("has a warning if the balance does not cover it, and the renewal then fails", () => {
    const engine = testEngine({ world: worldWith({ balance: 1.59 }) });
    const { json, headers } = price(engine, { orderIds: ["22222"] });
    expect(json).toMatchObject({
      success: true,
      price: 1.6,
      balance: 1.59,
      warnings: [{ code: 16, message: "Insufficient funds on balance" }],
    });
    expect(headers["mock-explanation"]).toContain("costs 1.6 USD, more than the balance of 1.59 USD");
    call(engine, { ...on, orderIds: ["22222"] });
    engine.time.move({ toNextRenewal: true });
    expect(balance(engine)).toBe(1.59);
  });

  it("has no warning if the balance just covers it, whatever the noise in its last digits", () => {
    const covered = testEngine({ world: worldWith({ balance: 1.6 }) });
    expect(price(covered, { orderIds: ["22222"] }).json.warnings).toBeNull();
    const world = worldWith({ balance: 0.7 + 0.1 });
    expect(world.accounts[0]?.balance).toBeLessThan(0.8);
    expect(price(testEngine({ world })).json.warnings).toBeNull();
  });

  it("is refused if the period is sold but has no price", () => {
    const world = worldWith({ rentPeriods: { IPv4: [30, 90] } });
    const { json, headers } = price(testEngine({ world }), { rentPeriodDays: 90 });
    expect(json.error.code).toBe(11);
    expect(headers["mock-explanation"]).toContain(
      "90 days are sold for IPv4, but this world has no price for them",
    );
    expect(price(testEngine({ world: worldWith({ prices: {} }) })).json.error.code).toBe(11);
  });
});

describe("a promo code", () => {
  it("does not change the price, since no promo code is known", () => {
    const { json } = price(testEngine(), { promoCode: "SUMMER" });
    expect(json).toMatchObject({ price: 0.8, discount: 0, promoCodeStatus: "NO_VALID" });
  });

  it.each([[""], [null]])("is ignored if it is %j", (promoCode) => {
    expect(price(testEngine(), { promoCode }).json.promoCodeStatus).toBeNull();
  });

  it("of another JSON type is one that was not found: no rule looks at it", () => {
    expect(price(testEngine(), { promoCode: 5 }).json).toMatchObject({
      success: true,
      promoCodeStatus: "NO_VALID",
    });
  });
});
