import { setAutoExtend, setAutoExtendByIpAddress, specOf, unknownApiKey } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { accountIdOf, ask, call, off, on, testEngine } from "../support/call.js";

describe("the documented answers", () => {
  it("come back byte for byte", () => {
    expect(call(testEngine(), on).body).toBe(
      '{"success":true,"proxyType":"IPv4","rentPeriodDays":30,"quantity":1,"ipAddressIds":["1111111111111111111"],"balance":5,"currency":"USD","error":null}',
    );
    expect(call(testEngine(), { ...on, proxyType: "SOCKS" }).body).toBe(
      '{"success":false,"proxyType":null,"rentPeriodDays":0,"quantity":0,"ipAddressIds":[],"balance":5,"currency":"USD","error":{"code":4,"message":"Incorrect proxy type"}}',
    );
  });

  it.each(Object.entries(specOf(setAutoExtend).examples.requests))(
    "hold for %s",
    (_, { request, success }) => {
      const { status, headers, json } = call(testEngine(), request);
      expect({ status, json }).toEqual({ status: 200, json: success });
      expect(headers["content-type"]).toBe("application/json");
    },
  );

  it("take the two orders of the reference, and count addresses, not orders", () => {
    const { json } = call(testEngine(), { ...on, orderIds: ["11111", "22222"] });
    expect(json).toMatchObject({ success: true, quantity: 3 });
    expect(json.ipAddressIds).toEqual(["1111111111111111111", "2222222222222222221", "2222222222222222222"]);
  });
});

describe("the rules", () => {
  const cases = specOf(setAutoExtend).rules.flatMap((rule) => rule.probes.map((probe) => ({ rule, probe })));
  const { IPv4, IPv6 } = specOf(setAutoExtend).examples.requests;

  it.each(cases)("refuse $probe.title with error $rule.code", ({ rule, probe }) => {
    const engine = testEngine();
    const start = engine.state("default").accounts[0]?.orders;
    const apiKey = probe.apiKey ?? "test-key-1";
    const { status, json, headers } = call(engine, probe.request(IPv4.request, IPv6.request), { apiKey });
    expect(status).toBe(200);
    expect(json).toMatchObject({ success: false, error: { code: rule.code } });
    expect(headers["mock-explanation"]).toContain(`${rule.id}: `);
    for (const { orders } of engine.state().accounts) expect(orders).toEqual(start);
    expect(engine.has(accountIdOf("test-key-1"))).toBe(probe.apiKey === undefined);
  });

  it("are tried in order, so the first broken one answers", () => {
    const engine = testEngine();
    const broken = { proxyType: "x", orderIds: ["x"], rentPeriodDays: 31, autoExtend: "x" };
    const codes = [
      call(engine, broken, { apiKey: unknownApiKey }),
      call(engine, broken),
      call(engine, { ...broken, proxyType: "IPv4" }),
      call(engine, { ...broken, proxyType: "IPv4", orderIds: ["11111"] }),
      call(engine, { ...broken, proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30 }),
    ].map(({ json }) => json.error.code);
    expect(codes).toEqual([2, 4, 29, 11, 35]);
  });

  it("show nothing of an account to an unknown API key", () => {
    const { json, headers } = call(testEngine(), on, { apiKey: unknownApiKey });
    expect(json).toMatchObject({
      balance: null,
      currency: null,
      error: { code: 2, message: "Error api key" },
    });
    expect(headers).not.toHaveProperty("mock-account");
  });

  it.each([
    ["orderIds", "orders", (index: number) => `bad-${index}`, 'this account has no order "bad-2"'],
    [
      "ipAddressIds",
      "addresses",
      (index: number) => `bad-${index}`,
      'this account has no IP address "bad-2"',
    ],
    ["orderIds", "numbers", (index: number) => index, ""],
  ] as const)("name three of many bad %s that are %s, and count the others", (field, _, badId, message) => {
    const { orderIds: __, ...rest } = on;
    const body = { ...rest, [field]: Array.from({ length: 50 }, (_, index) => badId(index)) };
    const operation = field === "orderIds" ? setAutoExtend : setAutoExtendByIpAddress;
    const explanation = ask(testEngine(), operation, body).headers["mock-explanation"];
    expect(explanation).toContain(`${field}[2]: ${message}`);
    expect(explanation).not.toContain(`${field}[3]`);
    expect(explanation).toContain(`${field}: 47 more are wrong`);
  });

  it("quote only the beginning of a long order ID", () => {
    const why = call(testEngine(), { ...on, orderIds: ["x".repeat(100_000)] }).headers["mock-explanation"];
    expect(why).toContain(`"${"x".repeat(60)}..."`);
  });

  it("say which type an order has, what its ID names otherwise, and which periods are sold", () => {
    const engine = testEngine();
    expect(call(engine, { ...on, orderIds: ["1111111111111111111"] }).headers["mock-explanation"]).toContain(
      '"1111111111111111111" is the ID of an IP address of order "11111", not of an order',
    );
    expect(call(engine, { ...on, orderIds: ["33333"] }).headers["mock-explanation"]).toContain(
      'order "33333" has type IPv6, not IPv4',
    );
    expect(call(engine, { ...on, rentPeriodDays: 60 }).headers["mock-explanation"]).toContain(
      "a rental period of 60 days is not sold for IPv4 (sold: 30)",
    );
  });

  it("sell nothing of a type whose periods are left out", () => {
    const world = structuredClone(testEngine().state());
    const [account] = world.accounts;
    if (account) account.rentPeriods = {};
    const { json, headers } = call(testEngine({ world }), on);
    expect(json.error.code).toBe(11);
    expect(headers["mock-explanation"]).toContain("no rental period is sold for");
  });
});

describe("a switch", () => {
  const addresses = (engine: ReturnType<typeof testEngine>) =>
    engine.state(accountIdOf("test-key-1")).accounts[0]?.orders.flatMap(({ ipAddresses }) => ipAddresses) ??
    [];

  it("switches on every address of the orders, and no other", () => {
    const engine = testEngine();
    call(engine, { ...on, orderIds: ["22222"] });
    const switched = addresses(engine).filter(({ autoExtend }) => autoExtend);
    expect(switched.map(({ ipAddressId }) => ipAddressId)).toEqual([
      "2222222222222222221",
      "2222222222222222222",
    ]);
  });

  it("stores the rental period when turning on, and leaves it when turning off", () => {
    const world = structuredClone(testEngine().state());
    for (const account of world.accounts) account.rentPeriods = { IPv4: [30, 90] };
    const engine = testEngine({ world });
    call(engine, { ...on, rentPeriodDays: 90 });
    expect(addresses(engine)[0]).toMatchObject({ autoExtend: true, rentPeriodDays: 90 });
    call(engine, { ...off, rentPeriodDays: 30 });
    expect(addresses(engine)[0]).toMatchObject({ autoExtend: false, rentPeriodDays: 90 });
  });

  it("does no harm when repeated, nor with an order listed twice", () => {
    const engine = testEngine();
    const first = call(engine, on).body;
    const state = engine.state();
    expect(call(engine, on).body).toBe(first);
    expect(call(engine, { ...on, orderIds: ["11111", "11111"] }).body).toBe(first);
    expect(engine.state()).toEqual(state);
  });

  it("lists the address IDs in the order in which the orders were named, each time", () => {
    const engine = testEngine();
    const ask = () => call(engine, { ...on, orderIds: ["22222", "11111"] }).json.ipAddressIds;
    expect(ask()).toEqual(["2222222222222222221", "2222222222222222222", "1111111111111111111"]);
    expect(ask()).toEqual(ask());
  });

  it("ignores fields that it does not know, and names them", () => {
    const { json, headers } = call(testEngine(), { ...on, promoCode: "X", note: 1 });
    expect(json.success).toBe(true);
    expect(headers["mock-explanation"]).toContain('ignored fields: "promoCode", "note"');
  });

  it("names them if a fault refuses the request, too", () => {
    const engine = testEngine();
    engine.faults.add({ preset: "error" });
    const { headers } = call(engine, { ...on, note: 1 });
    expect(headers["mock-explanation"]).toContain('ignored fields: "note"');
  });
});
