import {
  getBalance,
  getRentPeriods,
  listIpAddresses,
  type Operation,
  type OperationRequest,
  type OperationSpec,
  operations,
  priceExtension,
  setAutoExtend,
  setAutoExtendByIpAddress,
  specOf,
  unknownApiKey,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { handlers } from "../../../src/engine/operations/index.js";
import type { ServedOperation } from "../../../src/engine/types.js";
import { accountIdOf, ask, off, on, testEngine } from "../../support/call.js";

/** A request that succeeds in the default world, one of another proxy type, and one of a whole IPv6 order. */
interface Valid {
  readonly one: OperationRequest;
  readonly other: OperationRequest;
  readonly several?: OperationRequest;
}

const { autoExtend: _, ...priced } = on;
const some = expect.stringMatching(/./);
const ofType = (proxyType: string) => ({ proxyType });
const byIp = {
  proxyType: "IPv4",
  ipAddressIds: ["1111111111111111111"],
  rentPeriodDays: 30,
  autoExtend: true,
};
const { autoExtend: __, ...pricedByIp } = byIp;
const ofIpv6 = { proxyType: "IPv6", orderIds: ["33333"] };

const valid: Record<ServedOperation["id"], Valid> = {
  setAutoExtend: { one: on, other: { ...on, ...ofIpv6 } },
  setAutoExtendByIpAddress: {
    one: byIp,
    other: { ...byIp, proxyType: "IPv6", ipAddressIds: ["22222222222222222"] },
    several: { ...byIp, proxyType: "IPv6", ipAddressIds: ["6666666666666666661", "6666666666666666662"] },
  },
  listIpAddresses: { one: ofType("IPv4"), other: ofType("IPv6") },
  priceExtension: { one: priced, other: { ...priced, ...ofIpv6 } },
  priceExtensionByIpAddress: {
    one: pricedByIp,
    other: { ...pricedByIp, proxyType: "IPv6", ipAddressIds: ["22222222222222222"] },
  },
  getRentPeriods: { one: ofType("IPv4"), other: ofType("IPv6") },
  getBalance: { one: {}, other: {} },
};

/** Orders that end tomorrow, each with one IP address. */
function ordersNamed(proxyType: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    orderId: `${proxyType}-${index}`,
    proxyType,
    endsAt: "+1d",
    ipAddresses: [{ ipAddressId: `${proxyType}-${index}-a`, ip: "192.0.2.1", country: "NL" }],
  }));
}

function worldOf(orders: readonly object[], rentPeriods: object = { IPv4: [30], IPv6: [30] }) {
  return {
    version: 1,
    accounts: [{ id: "default", balance: 100, currency: "USD", rentPeriods, orders }],
  };
}

describe.each(operations.map((operation) => ({ operation, id: operation.id })))(
  "$id",
  ({ operation, id }) => {
    const { one, other, several } = valid[id];
    const { rules, examples }: OperationSpec = specOf(operation);

    it("satisfies all rules with a correct request", () => {
      for (const request of [one, other, several ?? one]) {
        const engine = testEngine();
        const { status, headers, json } = ask(engine, operation, request);
        expect({ status, success: json.success, type: headers["content-type"] }).toEqual({
          status: 200,
          success: true,
          type: "application/json",
        });
        const { decided, sent, path, operation: logged } = engine.requests()[0] ?? {};
        expect(decided).toMatchObject({ outcome: "done", satisfied: rules.length, ignored: [] });
        expect({ sent, logged }).toEqual({ sent: request, logged: id });
        expect(path).toContain("[redacted]");
      }
    });

    const probes = rules.flatMap((rule) => rule.probes.map((probe) => ({ rule, probe })));

    it.each(probes)("refuses $probe.title with error $rule.code", ({ rule, probe }) => {
      const engine = testEngine();
      const start = engine.state("default").accounts[0]?.orders;
      const from = probe.needsSeveralAddresses ? (several ?? expect.unreachable("no such request")) : one;
      const apiKey = probe.apiKey ?? "test-key-1";
      const { status, json, headers } = ask(engine, operation, probe.request(from, other), { apiKey });
      expect(status).toBe(200);
      const failure = examples.failures.find(({ code }) => code === rule.code)?.failure;
      expect(json).toEqual(failure);
      expect(headers["mock-explanation"]).toContain(`${rule.id}: `);
      const index = rules.indexOf(rule);
      expect(engine.requests()[0]?.decided).toMatchObject({
        outcome: "refused",
        code: rule.code,
        satisfied: index,
      });
      const { issues = [] } = engine.requests()[0]?.decided ?? {};
      expect(issues.length).toBeGreaterThan(0);
      for (const issue of issues) expect(issue).toMatchObject({ path: some, message: some, expected: some });
      for (const { orders } of engine.state().accounts) expect(orders).toEqual(start);
      expect(engine.has(accountIdOf("test-key-1"))).toBe(probe.apiKey === undefined);
    });

    it("changes nothing of an account unless it is there to change something", () => {
      const engine = testEngine();
      ask(engine, operation, one);
      const { accounts } = engine.state(accountIdOf("test-key-1"));
      const start = engine.state("default").accounts[0];
      if (operation.changes) expect(accounts[0]?.orders).not.toEqual(start?.orders);
      else expect({ ...accounts[0], id: "default" }).toEqual(start);
    });

    it("names the field at which each of its rules looks", () => {
      const fields = Object.keys(operation.request.shape);
      const looked = fields.flatMap((field) => handlers[id].ruleOf(field)?.id ?? []);
      expect(looked).toEqual(
        rules
          .map((rule) => rule.id)
          .filter((rule) => !rule.endsWith("/api-key") && !rule.endsWith("/whole-orders")),
      );
      expect(handlers[id].ruleOf("no-such-field")).toBeUndefined();
    });
  },
);

describe("the rules of each operation", () => {
  it("are tried in order, so the first broken one answers", () => {
    const broken = { proxyType: "x", ipAddressIds: ["x"], rentPeriodDays: 31, autoExtend: "x" };
    const part = { ...broken, proxyType: "IPv6", ipAddressIds: ["6666666666666666661"] };
    const whole = { ...part, ipAddressIds: [...part.ipAddressIds, "6666666666666666662"] };
    const codes = (operation: Operation, requests: readonly object[]) =>
      requests.map((request) => ask(testEngine(), operation, request).json.error.code);
    expect(
      codes(setAutoExtendByIpAddress, [
        broken,
        { ...broken, proxyType: "IPv4" },
        part,
        whole,
        { ...whole, rentPeriodDays: 30 },
      ]),
    ).toEqual([4, 24, 28, 11, 35]);
    const price = { proxyType: "x", orderIds: ["x"], rentPeriodDays: 31 };
    expect(
      codes(priceExtension, [
        price,
        { ...price, proxyType: "IPv4" },
        { ...price, proxyType: "IPv4", orderIds: ["11111"] },
      ]),
    ).toEqual([4, 29, 11]);
  });

  it("show no balance to an API key without an account", () => {
    for (const operation of operations) {
      const { json, headers } = ask(testEngine(), operation, valid[operation.id].one, {
        apiKey: unknownApiKey,
      });
      expect(json.error).toEqual({ code: 2, message: "Error api key" });
      expect(json.balance ?? null).toBeNull();
      expect(headers).not.toHaveProperty("mock-account");
    }
  });

  it("say what a list of orders should have in place of what was sent", () => {
    const expected = (orderIds: readonly unknown[]) => {
      const engine = testEngine();
      ask(engine, setAutoExtend, { ...on, orderIds });
      return engine.requests()[0]?.decided.issues?.map((issue) => issue.expected);
    };
    expect(expected([])).toEqual(["a list of order IDs, at least one"]);
    expect(expected([11111])).toEqual(['an order ID, such as "11111"']);
    expect(expected(["NUMBER-112233"])).toEqual(['an order ID, such as "11111", not an order number']);
  });

  it("say which IDs would do: one as an example, and the other proxy type where the order has it", () => {
    const expected = (operation: Operation, request: object, engine = testEngine()) => {
      ask(engine, operation, { ...request });
      return engine.requests()[0]?.decided.issues?.map((issue) => issue.expected);
    };
    const unknown = { ...on, orderIds: ["nobody"] };
    expect(expected(setAutoExtend, unknown)).toEqual(['a running order of type IPv4, such as "11111"']);
    expect(expected(setAutoExtend, { ...unknown, proxyType: "ISP" })).toEqual([
      'a running order of type ISP, such as "55555"',
    ]);
    expect(expected(setAutoExtend, { ...on, orderIds: ["33333"] })).toEqual([
      'a running order of type IPv4, such as "11111"; or the proxy type should be IPv6',
    ]);
    expect(expected(setAutoExtendByIpAddress, { ...byIp, ipAddressIds: ["nobody"] })).toEqual([
      'a running address of type IPv4, such as "1111111111111111111"',
    ]);
    const far = testEngine({ world: worldOf([...ordersNamed("IPv6", 100), ...ordersNamed("IPv4", 1)]) });
    expect(expected(setAutoExtend, unknown, far)).toEqual(["a running order of type IPv4"]);
  });

  it("say which rental periods would do", () => {
    const expected = (periods: readonly number[]) => {
      const engine = testEngine({ world: worldOf(ordersNamed("IPv4", 1), { IPv4: periods, IPv6: [30] }) });
      ask(engine, setAutoExtend, { ...on, orderIds: ["IPv4-0"], rentPeriodDays: 31 });
      return engine.requests()[0]?.decided.issues;
    };
    const path = "rentPeriodDays";
    const message = "a rental period of 31 days is not sold for IPv4";
    expect(expected([30])).toEqual([{ path, message: `${message} (sold: 30)`, expected: "30" }]);
    expect(expected([30, 90])).toEqual([
      { path, message: `${message} (sold: 30, 90)`, expected: "one of 30, 90" },
    ]);
    expect(expected([])).toEqual([
      { path, message: "no rental period is sold for IPv4", expected: "a proxy type with rental periods" },
    ]);
  });

  it("name up to three orders, and count the others", () => {
    const engine = testEngine({ world: worldOf(ordersNamed("IPv4", 5)) });
    const named = (count: number) => {
      const orderIds = Array.from({ length: count }, (_, index) => `IPv4-${index}`);
      const why = ask(engine, setAutoExtend, { ...off, orderIds }).headers["mock-explanation"] ?? "";
      return / of (IPv4 orders? [^;]*)/.exec(why)?.[1]?.trim();
    };
    expect(named(1)).toBe('IPv4 order "IPv4-0"');
    expect(named(2)).toBe('IPv4 orders "IPv4-0", "IPv4-1"');
    expect(named(3)).toBe('IPv4 orders "IPv4-0", "IPv4-1", "IPv4-2"');
    expect(named(5)).toBe('IPv4 orders "IPv4-0", "IPv4-1", "IPv4-2" and 2 more');
  });

  it("name each field that is wrong once, beside the one of the broken rule", () => {
    const decided = (request: object) => {
      const engine = testEngine();
      ask(engine, setAutoExtendByIpAddress, request);
      const { issues = [], later = [] } = engine.requests()[0]?.decided ?? {};
      return [issues, later].map((found) => found.map(({ path }) => path));
    };
    expect(decided({ ...byIp, ipAddressIds: 7, autoExtend: "x" })).toEqual([
      ["ipAddressIds"],
      ["autoExtend"],
    ]);
    const four = ["a", "b", "c", "d"];
    const engine = testEngine();
    ask(engine, setAutoExtend, { ...on, orderIds: four });
    expect(engine.requests()[0]?.decided.issues?.at(-1)?.message).toBe("1 more is wrong");
  });

  it("say what is wrong with a query", () => {
    const why = (operation: Operation, query: object) =>
      ask(testEngine(), operation, query).headers["mock-explanation"];
    expect(why(getRentPeriods, {})).toContain("proxyType: is missing");
    expect(why(listIpAddresses, { proxyType: "ipv4" })).toContain("in this spelling");
    expect(why(getBalance, { note: "1" })).toContain('ignored fields: "note"');
    expect(why(setAutoExtend, off)).toContain('auto-extend is off for 1 IP address of IPv4 order "11111"');
  });
});
