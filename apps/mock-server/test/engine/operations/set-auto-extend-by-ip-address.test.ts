import { setAutoExtendByIpAddress } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { accountIdOf, ask, call, off, testEngine, testNow } from "../../support/call.js";

const [first, second] = ["2222222222222222221", "2222222222222222222"];
const on = { proxyType: "IPv4", ipAddressIds: [first], rentPeriodDays: 30, autoExtend: true };
const [sixty1, sixty2] = ["6666666666666666661", "6666666666666666662"];
const day = 86_400_000;

type Engine = ReturnType<typeof testEngine>;
const send = (engine: Engine, request: object) => ask(engine, setAutoExtendByIpAddress, request);
const switchedOn = (engine: Engine, account = accountIdOf("test-key-1")) =>
  engine
    .state(account)
    .accounts[0]?.orders.flatMap(({ ipAddresses }) => ipAddresses)
    .filter(({ autoExtend }) => autoExtend)
    .map(({ ipAddressId }) => ipAddressId);

describe("switching single IP addresses", () => {
  it("switches only those of their orders", () => {
    const engine = testEngine();
    expect(send(engine, on).body).toBe(
      `{"success":true,"proxyType":"IPv4","rentPeriodDays":30,"quantity":1,"ipAddressIds":["${first}"],"balance":5,"currency":"USD","error":null}`,
    );
    expect(switchedOn(engine)).toEqual([first]);
    expect(engine.request("request-1")?.entry.changes).toMatchObject([{ orderId: "22222", ipAddresses: 1 }]);
    send(engine, { ...on, autoExtend: false });
    expect(switchedOn(engine)).toEqual([]);
  });

  it("accepts IP addresses of several orders, and lists each once, in the order of the request", () => {
    const engine = testEngine();
    const ipAddressIds = [second, "1111111111111111111", second];
    const { json, headers } = send(engine, { ...on, ipAddressIds });
    expect(json).toMatchObject({ quantity: 2, ipAddressIds: [second, "1111111111111111111"] });
    expect(headers["mock-explanation"]).toContain('2 IP addresses of IPv4 orders "22222", "11111"');
    expect(switchedOn(engine)).toEqual(["1111111111111111111", second]);
  });

  it("accepts a whole IPv6 order in any order of its addresses", () => {
    const engine = testEngine();
    send(engine, { ...on, proxyType: "IPv6", ipAddressIds: [sixty2, sixty1] });
    expect(switchedOn(engine)).toEqual([sixty1, sixty2]);
  });

  it("switches off what was switched on by order, and the other way round", () => {
    const engine = testEngine();
    call(engine, { ...off, orderIds: ["22222"], autoExtend: true });
    send(engine, { ...on, autoExtend: false });
    expect(switchedOn(engine)).toEqual([second]);
    call(engine, { ...off, orderIds: ["22222"] });
    expect(switchedOn(engine)).toEqual([]);
  });

  it("does not affect the accounts of other API keys, from the first request on", () => {
    const engine = testEngine();
    send(engine, on);
    ask(engine, setAutoExtendByIpAddress, { ...on, ipAddressIds: [second] }, { apiKey: "other" });
    expect(switchedOn(engine, accountIdOf("test-key-1"))).toEqual([first]);
    expect(switchedOn(engine, accountIdOf("other"))).toEqual([second]);
  });
});

describe("IP addresses that are refused", () => {
  const why = (request: object, engine = testEngine()) => {
    const { json, headers } = send(engine, { ...on, ...request });
    return { code: json.error.code, text: headers["mock-explanation"] };
  };

  it("are named with the reason: not there, of another type, ended", () => {
    const engine = testEngine();
    send(engine, { ...on, autoExtend: false });
    engine.time.move({ advance: { days: 31 } });
    expect(
      why({ ipAddressIds: ["nobody", "22222222222222222", "1111111111111111111", first] }, engine),
    ).toEqual({
      code: 24,
      text: expect.stringContaining(
        'ipAddressIds[0]: this account has no IP address "nobody"; ' +
          'ipAddressIds[1]: IP address "22222222222222222" of order "33333" has type IPv6, not IPv4; ' +
          'ipAddressIds[2]: IP address "1111111111111111111" of order "11111" expired at 2030-01-31T00:00:00.000Z',
      ),
    });
  });

  it("are named up to the third", () => {
    const { text } = why({ ipAddressIds: ["bad-0", first, "bad-1", "bad-2", "bad-3"] });
    expect(text).toContain("ipAddressIds[3]");
    expect(text).not.toContain("bad-3");
  });

  it("are a part of an IPv6 order: which one, and how much is missing", () => {
    expect(why({ proxyType: "IPv6", ipAddressIds: ["22222222222222222", sixty1] })).toEqual({
      code: 28,
      text: expect.stringContaining(
        `IPv6 order "66666" has 2 IP addresses, which can only be switched together: "${sixty2}" is missing`,
      ),
    });
  });

  it("need not be named once they have ended", () => {
    const world = structuredClone(testEngine().state());
    for (const { orders } of world.accounts) {
      for (const address of orders.flatMap(({ ipAddresses }) => ipAddresses)) {
        if (address.ipAddressId === sixty2) address.endsAt = new Date(testNow - day).toISOString();
      }
    }
    const engine = testEngine({ world });
    expect(send(engine, { ...on, proxyType: "IPv6", ipAddressIds: [sixty1] }).json.quantity).toBe(1);
    expect(switchedOn(engine)).toEqual([sixty1]);
  });

  it("name three IPv6 orders of a hundred", () => {
    const orders = Array.from({ length: 100 }, (_, index) => ({
      orderId: `order-${index}`,
      proxyType: "IPv6",
      endsAt: "+1d",
      ipAddresses: ["a", "b", "c"].map((part) => ({
        ipAddressId: `${index}-${part}`,
        ip: "2001:db8::1",
        country: "NL",
      })),
    }));
    const account = { id: "default", balance: 1, currency: "USD", rentPeriods: { IPv6: [30] }, orders };
    const engine = testEngine({ world: { version: 1, accounts: [account] } });
    const ipAddressIds = orders.map((_, index) => `${index}-a`);
    const { text } = why({ proxyType: "IPv6", ipAddressIds }, engine);
    expect(text).toContain(
      '"order-2" has 3 IP addresses, which can only be switched together: "2-b" and 1 more are missing',
    );
    expect(text).not.toContain("order-3");
  });
});
