import {
  getBalance,
  listIpAddresses,
  priceExtension,
  proxyTypes,
  readIpAddressList,
  setAutoExtend,
  setAutoExtendByIpAddress,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { explain } from "../../../src/engine/log/explanation.js";
import { accountIdOf, ask, on, testEngine } from "../../support/call.js";

type Engine = ReturnType<typeof testEngine>;

/** The IP address IDs that the list shows as on, and for how many days. */
function shownOn(engine: Engine) {
  const { orders } = readIpAddressList(ask(engine, listIpAddresses, {}).json);
  return Object.fromEntries(
    orders.flatMap(({ ipAddresses }) =>
      ipAddresses.flatMap(({ ipAddressId, autoExtend, rentPeriodDays }) =>
        autoExtend ? [[ipAddressId, rentPeriodDays]] : [],
      ),
    ),
  );
}

describe("the operations", () => {
  it("show in the list what was switched, by order and by IP address", () => {
    const engine = testEngine();
    expect(shownOn(engine)).toEqual({});
    ask(engine, setAutoExtend, { ...on, orderIds: ["22222"] });
    expect(shownOn(engine)).toEqual({ "2222222222222222221": 30, "2222222222222222222": 30 });
    const one = { proxyType: "IPv4", ipAddressIds: ["2222222222222222221"], rentPeriodDays: 30 };
    ask(engine, setAutoExtendByIpAddress, { ...one, autoExtend: false });
    expect(shownOn(engine)).toEqual({ "2222222222222222222": 30 });
  });

  it("show in the list the end that a renewal has led to, and in the balance what it took", () => {
    const engine = testEngine();
    ask(engine, setAutoExtend, on);
    const before = ask(engine, listIpAddresses, { proxyType: "IPv4" }).json.ipAddresses[0].orders[0];
    engine.time.move({ toNextRenewal: true });
    const after = ask(engine, listIpAddresses, { proxyType: "IPv4" }).json.ipAddresses[0].orders[0];
    expect(after.ipAddresses[0]).toMatchObject({
      dateStart: before.ipAddresses[0].dateEnd,
      dateEnd: "2030-03-02T00:00:00.000Z",
    });
    expect(ask(engine, getBalance, {}).json.balance).toBe(4.2);
    expect(ask(engine, setAutoExtend, on).json.balance).toBe(4.2);
    expect(ask(engine, priceExtension, { ...on, autoExtend: undefined }).json.balance).toBe(4.2);
  });

  it("price everything that is listed at what a day's renewals take", () => {
    // All of one world that ends at one moment: what they cost together is the sum of the prices by type.
    const world = structuredClone(testEngine().state());
    for (const account of world.accounts) {
      account.balance = 100;
      for (const { ipAddresses } of account.orders) {
        for (const address of ipAddresses) address.endsAt = "2030-02-01T00:00:00.000Z";
      }
    }
    const engine = testEngine({ world });
    const { orders } = readIpAddressList(ask(engine, listIpAddresses, {}).json);
    const prices = proxyTypes.map((proxyType) => {
      const orderIds = orders.filter((order) => order.proxyType === proxyType).map(({ orderId }) => orderId);
      ask(engine, setAutoExtend, { ...on, proxyType, orderIds });
      return ask(engine, priceExtension, { proxyType, orderIds, rentPeriodDays: 30 }).json.price;
    });
    expect(prices).toEqual([2.4, 0.3, 3.5, 1.6]);
    engine.time.move({ toNextRenewal: true });
    expect(ask(engine, getBalance, {}).json.balance).toBe(92.2);
  });

  it("are each explained with their own rules, input and changes", () => {
    const engine = testEngine();
    const explanation = (id: string) => explain(engine.request(id) ?? expect.unreachable());
    ask(engine, listIpAddresses, { proxyType: "IPv6" });
    const switching = {
      proxyType: "IPv4",
      ipAddressIds: ["1111111111111111111"],
      rentPeriodDays: 30,
      autoExtend: true,
    };
    ask(engine, setAutoExtendByIpAddress, switching);
    ask(engine, setAutoExtendByIpAddress, { ...switching, ipAddressIds: ["nobody"] });
    expect(explanation("request-1").rules.map(({ id, result }) => `${result} ${id}`)).toEqual([
      "satisfied listIpAddresses/rule/api-key",
      "satisfied listIpAddresses/rule/proxy-type",
    ]);
    expect(explanation("request-1").text).toContain(
      [
        `Request:  GET /client/api/v1/[redacted]/ipAddress?proxyType=IPv6 (account ${accountIdOf("test-key-1")})`,
        'Input:    {"proxyType":"IPv6"}',
      ].join("\n"),
    );
    expect(explanation("request-1").text).toContain("Changed:  nothing");
    expect(explanation("request-2").text).toContain(
      "Changed:  order 11111 (1 IP address): auto-extend off -> on",
    );
    expect(explanation("request-3").text).toContain(
      'Decided:  refused by setAutoExtendByIpAddress/rule/ip-addresses: ipAddressIds[0]: this account has no IP address "nobody"',
    );
  });
});
