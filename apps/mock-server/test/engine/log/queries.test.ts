import { getRentPeriods, setAutoExtend, setAutoExtendByIpAddress, specOf } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { controlsOf } from "../../../src/controls.js";
import type { MockEvent } from "../../../src/engine/log/events.js";
import { VerifyError } from "../../../src/engine/log/verify.js";
import { defaultWorld } from "../../../src/engine/state/world.js";
import { accountIdOf, ask, call, off, on, type Settings, testEngine } from "../../support/call.js";

const key = "canary-key-0123456789";

/** An engine that has seen some requests, and the controls over it. */
function asked(settings: Settings = {}) {
  const engine = testEngine(settings);
  call(engine, on, { apiKey: key });
  call(engine, { ...off, orderIds: ["22222", "11111"] }, { apiKey: key });
  call(engine, { ...on, orderIds: ["99999"] }, { apiKey: key });
  call(engine, "{", { apiKey: "other-key" });
  call(engine, on, {
    apiKey: "other-key",
    headers: { "content-type": "application/json", prefer: "fault=gateway-502" },
  });
  return { engine, mock: controlsOf(engine) };
}

describe("the requests", () => {
  it.each([
    [{}, [1, 2, 3, 4, 5]],
    [{ account: accountIdOf(key) }, [1, 2, 3]],
    [{ apiKey: "other-key" }, [4, 5]],
    [{ outcome: "done" as const }, [1, 2]],
    [{ outcome: "refused" as const, code: 29 }, [3]],
    [{ outcome: "problem" as const }, [4]],
    [{ status: 502 }, [5]],
    [{ fault: "gateway-502" }, [5]],
    [{ orderId: "11111" }, [1, 2, 5]],
    [{ orderIds: ["11111", "22222"] }, [2]],
    [{ autoExtend: true, proxyType: "IPv4" as const, rentPeriodDays: 30 }, [1, 3, 5]],
    [{ operation: "setAutoExtend" as const }, [1, 2, 3, 4, 5]],
    [{ operation: "getBalance" as const }, []],
    [{ fault: "fault-1" }, []],
    [{ limit: 2 }, [4, 5]],
    [{ before: "request-4" }, [1, 2, 3]],
    [{ before: "request-4", limit: 2 }, [2, 3]],
    [{ after: "request-2", before: "request-5" }, [3, 4]],
  ])("can be requested by %j", (query, numbers) => {
    const { mock } = asked();
    expect(mock.requests(query).map(({ id }) => id)).toEqual(numbers.map((number) => `request-${number}`));
  });

  it.each([
    [{ ipAddressId: "2222222222222222221" }, [1, 2]],
    [{ ipAddressIds: ["2222222222222222221"] }, [1]],
    [{ ipAddressIds: ["2222222222222222222", "2222222222222222221"], autoExtend: true }, [2]],
    [{ ipAddressId: "1111111111111111111" }, []],
    [{ orderId: "22222" }, []],
    [{ proxyType: "IPv4" as const }, [1, 2, 3]],
    [{ operation: "getRentPeriods" as const }, [3]],
  ])("that name IP addresses, or have a query, can be requested by %j", (query, numbers) => {
    const engine = testEngine();
    const [first, second] = ["2222222222222222221", "2222222222222222222"];
    const { orderIds: _, ...switching } = on;
    ask(engine, setAutoExtendByIpAddress, { ...switching, ipAddressIds: [first] });
    ask(engine, setAutoExtendByIpAddress, { ...switching, ipAddressIds: [first, second] });
    ask(engine, getRentPeriods, { proxyType: "IPv4" });
    const found = controlsOf(engine).requests(query);
    expect(found.map(({ id }) => id)).toEqual(numbers.map((number) => `request-${number}`));
  });

  it("can't be requested by what they don't have", () => {
    const { mock } = asked();
    expect(() => mock.requests({ ordreId: "1" } as never)).toThrow("ordreId");
    expect(() => mock.requests({ account: "nobody" })).toThrow(
      'There is no account with the ID "nobody". Known: default',
    );
    expect(() => mock.requests({ proxyType: "ipv4" as never })).toThrow("proxyType");
  });
});

describe("large requests", () => {
  const orders = Array.from({ length: 1_500 }, (_, index) => ({
    orderId: `order-${String(index).padStart(12, "0")}`,
    proxyType: "IPv4",
    endsAt: "+1d",
    ipAddresses: [{ ipAddressId: `address-${index}`, ip: "192.0.2.1", country: "DE" }],
  }));
  const orderIds = orders.map(({ orderId }) => orderId);
  const account = { id: "default", balance: 1, currency: "USD", rentPeriods: { IPv4: [30] }, orders };
  const large = { world: { version: 1, accounts: [account] } };

  it("are found by their fields", () => {
    const engine = testEngine(large);
    call(engine, { ...on, orderIds });
    const mock = controlsOf(engine);
    expect(mock.verify({ orderIds, autoExtend: true, times: 1 }).found).toBe(1);
    expect(mock.requests({ orderId: orderIds[1_499] ?? "" })).toHaveLength(1);
    const { text, changedOrders } = mock.explain();
    expect(changedOrders).toBe(1_500);
    expect(text).toContain("and 1480 more orders");
  });

  it("displace older ones in the log before they fill the memory, and verify says so", () => {
    const engine = testEngine(large);
    const padding = "x".repeat(1_000_000);
    for (let count = 0; count < 40; count += 1) call(engine, { ...on, orderIds, padding });
    const mock = controlsOf(engine);
    const retained = mock.requests().length;
    expect(retained).toBeGreaterThan(20);
    expect(retained).toBeLessThan(34);
    expect(caught(() => mock.verify({ times: 40 })).message).toContain(
      `dropped ${40 - retained} older requests`,
    );
  });
});

describe("verify", () => {
  it("passes if the log is as expected", () => {
    const { mock } = asked();
    expect(mock.verify({ orderIds: ["11111"], autoExtend: true, apiKey: key })).toEqual({
      found: 1,
      expected: "at least 1",
      text: expect.stringMatching(/^As expected: 1 of /),
    });
    mock.verify({ autoExtend: true, times: 3 });
    mock.verify({ code: 11, times: 0 });
    mock.verify({ outcome: "done", times: { atLeast: 1, atMost: 2 } });
  });

  it("shows the nearest requests and how they differ, if there are too few", () => {
    const { mock } = asked();
    const failed = caught(() => mock.verify({ orderIds: ["11111"], autoExtend: false, apiKey: key }));
    expect(failed).toMatchObject({
      found: 0,
      expected: "at least 1",
      nearest: [
        { id: "request-1", differences: [{ field: "autoExtend", expected: false, actual: true }] },
        { id: "request-2", differences: [{ field: "orderIds", actual: ["22222", "11111"] }] },
        { id: "request-3" },
      ],
    });
    expect(failed.message).toBe(
      [
        'Not as expected: 0 of 3 requests match {"orderIds":["11111"],"autoExtend":false}, expected at least 1.',
        "  request-1: autoExtend was true, expected false",
        '  request-2: orderIds was ["22222","11111"], expected ["11111"]',
        '  request-3: orderIds was ["99999"], expected ["11111"]; autoExtend was true, expected false',
      ].join("\n"),
    );
  });

  it("shows the matching requests, if there are too many", () => {
    const { mock } = asked();
    const failed = caught(() => mock.verify({ outcome: "done", times: 1 }));
    expect(failed.message).toContain("2 of 5 requests match");
    expect(failed.message).toContain("request-1 matches");
  });

  it("suggests a wrong URL if there was no request at all", () => {
    expect(caught(() => controlsOf(testEngine()).verify({ times: 1 })).message).toContain(
      "use the mock's URL?",
    );
  });

  it("refuses an expectation that says nothing it knows", () => {
    expect(() => asked().mock.verify({ order: "11111" } as never)).toThrow("order");
    expect(() => asked().mock.verify({ times: -1 })).toThrow("times");
    for (const forgotten of [{}, { orderId: undefined }] as never[]) {
      expect(() => asked().mock.verify(forgotten)).toThrow("The expectation is empty.");
    }
    const fault = { fault: "gateway-503", times: 0 };
    expect(() => asked().mock.verify(fault)).toThrow('fault-1 (did you mean "gateway-502"?)');
    expect(() => asked().mock.verify({ operation: "setAutoExtnd" as never, times: 0 })).toThrow(
      "operation: must",
    );
  });
});

describe("the explanation of a request", () => {
  it("shows the input, the satisfied rules, the changes and the answer", () => {
    const { mock } = asked();
    const explanation = mock.explain("request-1");
    expect(explanation.rules.map(({ result }) => result)).toEqual(
      specOf(setAutoExtend).rules.map(() => "satisfied"),
    );
    expect(explanation.changes).toEqual([
      { orderId: "11111", ipAddresses: 1, autoExtend: { from: [false], to: [true] } },
    ]);
    expect(explanation.text).toContain(
      `Request:  POST /client/api/v1/[redacted]/extend/order/auto (account ${accountIdOf(key)})`,
    );
    expect(explanation.text).toContain("satisfied  setAutoExtend/rule/order-ids (sibling)");
    expect(explanation.text).toContain("Changed:  order 11111 (1 IP address): auto-extend off -> on");
    expect(explanation.text).toContain(
      'Answer:   HTTP 200 content-type: application/json\n          {"success":true',
    );
  });

  it("shows which rule was broken, and that the rest was not tried", () => {
    const { rules, text, changes } = asked().mock.explain("request-3");
    expect(rules.map(({ result }) => result)).toEqual([
      "satisfied",
      "satisfied",
      "broken",
      "not tried",
      "not tried",
    ]);
    expect(changes).toEqual([]);
    expect(text).toContain(
      'Decided:  refused by setAutoExtend/rule/order-ids: orderIds[0]: this account has no order "99999"',
    );
    expect(text).toContain("Changed:  nothing");
  });

  it("says that a request never reached the rules, or that a fault was injected", () => {
    const { mock } = asked();
    expect(mock.explain("request-4").rules.every(({ result }) => result === "not tried")).toBe(true);
    const { text } = mock.explain("request-5");
    expect(text).toContain("Fault:    gateway-502, from the header");
    expect(text).toContain('{"http":{"status":502');
    expect(text).toContain("Decided:  faulted by fault/gateway-502");
    expect(text.match(/HTTP 502 content-type: text\/html/g)).toHaveLength(1);
    expect(text).not.toContain("\r");
  });

  it("shows the rules that were tried of a request that a fault prevented, and that it would have been refused", () => {
    const { engine, mock } = asked();
    engine.faults.add({ preset: "lost-request" });
    call(engine, { ...on, orderIds: ["99999"] });
    const { rules, decided, status, text } = mock.explain();
    expect(decided).toMatchObject({
      outcome: "faulted",
      statement: "fault/lost-request",
      code: null,
      satisfied: 2,
    });
    expect(decided.why).toContain("it would have been refused by setAutoExtend/rule/order-ids");
    expect(rules.map(({ result }) => result).slice(0, 3)).toEqual(["satisfied", "satisfied", "not tried"]);
    expect(status).toBeNull();
    expect(text).toContain("Answer:   no answer");
    expect(mock.requests({ code: 29 }).map(({ id }) => id)).toEqual(["request-3"]);
  });

  it("names the fault, also among several that wait, and says how the answer was delivered", () => {
    const { engine, mock } = asked();
    engine.faults.add({ preset: "slow", options: { ms: 5 } });
    const { id } = engine.faults.add({ preset: "gateway-504" });
    engine.faults.add({ preset: "truncated" });
    call(engine, on);
    const { fault, text } = mock.explain();
    expect(fault?.triggers[1]).toEqual({ name: "gateway-504", by: "queue", id });
    expect(fault?.fault).toMatchObject({ delay: { ms: 5 }, http: { status: 504 } });
    expect(text).toContain("faulted by fault/gateway-504");
    expect(text).toMatch(/after 5 ms, HTTP 504, \d+ of \d+ characters/);
  });

  it("says that a switch changed nothing", () => {
    const { mock, engine } = asked();
    call(engine, off, { apiKey: key });
    expect(mock.explain("request-6").text).toContain("Changed:  nothing: the orders already had this state");
    expect(mock.explain("request-6").changedOrders).toBe(0);
  });

  it("retains the first changes of many", () => {
    const orders = Array.from({ length: 50 }, (_, index) => ({
      orderId: `o${index}`,
      proxyType: "IPv4",
      endsAt: "+1d",
      ipAddresses: [{ ipAddressId: `a${index}`, ip: "192.0.2.1", country: "DE" }],
    }));
    const account = { id: "default", balance: 1, currency: "USD", rentPeriods: { IPv4: [30] }, orders };
    const engine = testEngine({ world: { version: 1, accounts: [account] } });
    call(engine, { ...on, orderIds: orders.map(({ orderId }) => orderId) });
    expect(controlsOf(engine).explain("request-1").changes).toHaveLength(20);
  });

  it("explains only requests that are in the log", () => {
    expect(() => asked().mock.explain("request-99")).toThrow('The log has no request "request-99". It keeps');
    expect(() => asked({ logLimit: 1 }).mock.explain("request-1")).toThrow(
      "keeps only the most recent requests",
    );
  });

  it("holds no API key", () => {
    const { engine, mock } = asked();
    call(engine, { ...on, orderIds: [key] }, { apiKey: key });
    const explanations = mock.requests().map(({ id }) => mock.explain(id));
    expect(JSON.stringify(explanations)).not.toContain("canary");
    expect(caught(() => mock.verify({ orderId: "none" })).message).not.toContain("canary");
  });
});

describe("a watcher", () => {
  it("receives requests, changes, faults, the clock, renewals and the state, in order, without an API key", () => {
    const engine = testEngine();
    const events: MockEvent[] = [];
    const unwatch = engine.events.watch((event) => events.push(event));
    call(engine, on, { apiKey: key });
    call(engine, on, { apiKey: key, headers: { "content-type": "application/json", prefer: "fault=empty" } });
    engine.time.move({ advance: { days: 30 } });
    engine.time.move({ freeze: true });
    engine.putState(engine.state());
    engine.reset();
    unwatch();
    call(engine, on);
    const types = events.map(({ type }) => type);
    // The second request changes nothing that is not so already.
    expect(types.slice(0, 4)).toEqual(["change", "request", "fault", "request"]);
    expect(events[0]).toMatchObject({ request: "request-1", changes: [{ orderId: "11111" }] });
    expect(new Set(types.slice(4, -5))).toEqual(new Set(["renewal"]));
    expect(types.slice(-5)).toEqual(["clock", "clock", "state", "log", "state"]);
    expect(events.find(({ type }) => type === "renewal")).toMatchObject({
      account: accountIdOf(key),
      at: "2030-01-31T00:00:00.000Z",
    });
    expect(JSON.stringify(events)).not.toContain("canary");
  });

  it("can watch one account, and then receives its events and those that concern all accounts", () => {
    const engine = testEngine();
    call(engine, on, { apiKey: key });
    const events: MockEvent[] = [];
    engine.events.watch((event) => events.push(event), { account: accountIdOf(key) });
    call(engine, on, { apiKey: "other-key" });
    call(engine, on, { apiKey: key });
    engine.time.move({ freeze: true });
    expect(events.map(({ type, account }) => [type, account])).toEqual([
      ["request", accountIdOf(key)],
      ["clock", null],
    ]);
  });

  it("receives all changes of a request, however many", () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `${10_000 + index}`);
    const [account] = defaultWorld.accounts;
    const orders = ids.map((orderId) => ({
      ...{ orderId, proxyType: "IPv4", endsAt: "+30d" },
      ipAddresses: [{ ipAddressId: `1${orderId}`, ip: "192.0.2.1", country: "DE" }],
    }));
    const engine = testEngine({ world: { ...defaultWorld, accounts: [{ ...account, orders }] } });
    const changed: string[] = [];
    engine.events.watch((event) => {
      if (event.type === "change") changed.push(...event.changes.map(({ orderId }) => orderId));
    });
    expect(call(engine, { ...on, orderIds: ids }).json).toMatchObject({ success: true, quantity: 20_000 });
    expect(changed).toEqual(ids);
  });

  it("who comes back finds no more large events than fit into a few megabytes", () => {
    const [account] = defaultWorld.accounts;
    const ipAddresses = Array.from({ length: 10_000 }, (_, index) => ({
      ...{ ipAddressId: `${10_000 + index}`, ip: "192.0.2.1", country: "DE" },
      ...{ autoExtend: true, rentPeriodDays: 1 },
    }));
    const orders = [{ orderId: "1", proxyType: "IPv4", endsAt: "+1d", ipAddresses }];
    const daily = { balance: 1e9, rentPeriods: { IPv4: [1] }, prices: { IPv4: { 1: 0.01 } }, orders };
    const engine = testEngine({ world: { ...defaultWorld, accounts: [{ ...account, ...daily }] } });
    engine.events.watch(() => {});
    call(engine, on);
    engine.time.move({ advance: { days: 50 } });
    const last = engine.events.lastNumber();
    expect([last, engine.events.hasAllAfter(0), engine.events.hasAllAfter(last - 20)]).toEqual([
      52,
      false,
      true,
    ]);
  });

  it("may send a request itself, and receives the events of each", () => {
    const engine = testEngine({ logLimit: 1 });
    const seen: string[] = [];
    engine.events.watch((event) => {
      if (event.type === "request") seen.push(event.request.id);
      if (event.type !== "change") return;
      seen.push(event.request);
      if (seen.length === 1) call(engine, { ...on, orderIds: ["no-such-order"] });
    });
    call(engine, on);
    // The log has room for one request, so the event of the outer one is left out.
    expect(seen).toEqual(["request-1", "request-2"]);
    expect(engine.events.hasAllAfter(0)).toBe(false);
  });

  it("cannot disturb the mock, or other watchers", () => {
    const engine = testEngine();
    const seen: string[] = [];
    engine.events.watch(() => {
      throw new Error("the watcher's own");
    });
    engine.events.watch(({ type }) => seen.push(type));
    expect(call(engine, on).json.success).toBe(true);
    expect(seen).toEqual(["change", "request"]);
  });
});

function caught(what: () => unknown): VerifyError {
  try {
    what();
  } catch (error) {
    if (error instanceof VerifyError) return error;
    throw error;
  }
  throw new Error("It passed.");
}
