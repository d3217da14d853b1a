import { createRedactor } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { socketCapabilities } from "../../../src/channels/fetch.js";
import { createFaultPlanner } from "../../../src/engine/faults/plan.js";
import { findOperation } from "../../../src/engine/operations/index.js";
import type { EngineRequest } from "../../../src/engine/types.js";
import { call, on, testEngine } from "../../support/call.js";

const target = "/client/api/v1/test-key-1/extend/order/auto";

const headers = (fault: string) => ({ "content-type": "application/json", prefer: `fault=${fault}` });
const decided = (fault: string, order?: object) => {
  const engine = testEngine();
  if (order) engine.faults.add(order);
  call(engine, on, { headers: headers(fault) });
  return engine.requests()[0]?.decided;
};

describe("what decides a request among several faults", () => {
  // The first of them was blamed, whatever it was.
  it.each([
    ["slow+insufficient-funds", "refused", "fault/insufficient-funds"],
    ["slow+gateway-502", "faulted", "fault/gateway-502"],
    ["drip+rate-limited", "faulted", "fault/rate-limited"],
    ["slow+lost-request", "faulted", "fault/lost-request"],
    ["gateway-502+lost-request", "faulted", "fault/lost-request"],
    ["slow+reset; applied=false", "faulted", "fault/reset"],
  ])("is named as the cause: %s", (fault, outcome, statement) => {
    expect(decided(fault)).toMatchObject({ outcome, statement });
  });

  it("can be a queued fault", () => {
    expect(decided("slow", { preset: "order-refused" })?.statement).toBe("fault/order-refused");
    expect(decided("slow", { fault: { http: { status: 500 } } })?.statement).toBe("fault/fault-1");
  });
});

/** The plain answer to a request. */
const success = () => call(testEngine(), on).json;

describe("several faults of one request", () => {
  const asked = (fault: string) => {
    const engine = testEngine();
    const reply = call(engine, on, { headers: headers(fault) });
    return { ...reply, entry: engine.requests()[0] };
  };

  // The later one was dropped, and yet named as injected.
  it("change the answer one after the other", () => {
    const { balance: _, currency, ...rest } = success();
    const { ipAddressIds, ...others } = rest;
    expect(asked("drift-proxy-type+drift-quantity").json).toEqual({
      ...success(),
      proxyType: "IPv6",
      ipAddressIds: [],
    });
    expect(asked("drift-number-strings+drift-proxy-type").json).toMatchObject({
      rentPeriodDays: "30",
      proxyType: "IPv6",
    });
    expect(asked("drift-orderids+drift-missing").json).toEqual({ ...others, orderIds: on.orderIds });
    expect(asked("drift-fields+drift-missing").json).toEqual({
      ...others,
      requestId: "8f14e45f",
      notices: [],
    });
    expect(asked("drift-error-text+error; code=29").json).toMatchObject({
      success: false,
      error: "Incorrect orderIds",
    });
    expect(asked("wrong-type+not-json")).toMatchObject({
      body: "{'success': True}",
      headers: { "content-type": expect.stringContaining("text/plain") },
    });
    const { entry } = asked("drift-proxy-type+drift-quantity");
    expect(entry?.fault?.triggers.map(({ name }) => name)).toEqual(["drift-proxy-type", "drift-quantity"]);
    expect(entry?.fault?.fault).toEqual({ answer: [{ drift: "proxy-type" }, { drift: "quantity" }] });
  });

  it.each([
    "error+order-refused",
    "slow+latency",
    "gateway-502+unavailable-503",
    "drip+truncated",
    "drip+lost-answer",
    "lost-request+lost-answer",
    "lost-answer+reset; at=after",
    "slow+slow",
  ])("are refused if they contradict each other: %s", (fault) => {
    const { status, json, entry } = asked(fault);
    const [, second] = fault.split(/[+;]/);
    expect([status, entry?.decided.statement]).toEqual([400, "mock/fault"]);
    expect(json.detail).toContain(
      `The preset "${second}" contradicts another fault of this request: both set `,
    );
    expect(entry?.decided.issues).toMatchObject([{ part: "header", path: "prefer" }]);
    expect(entry?.fault).toBeNull();
  });

  it.each([
    "error+drift-number-strings",
    "not-json+drift-number-strings",
    "drift-proxy-type+lost-answer",
    "drift-fields+empty-object",
  ])("are refused if one hides or undoes all that another changes: %s", (fault) => {
    const { status, json } = asked(fault);
    expect(status).toBe(501);
    expect(json.detail).toContain(/drift-\w+/.exec(fault)?.[0]);
    expect(json.detail).toMatch(
      fault.startsWith("error") ? "nothing that it changes" : "hides or undoes its change",
    );
  });

  it.each([
    ["error", "order-refused"],
    ["slow", "latency"],
    ["gateway-502", "rate-limited"],
    ["lost-answer", "drip"],
    ["lost-request", "drift-number-strings"],
    ["drift-fields", "drift-fields"],
  ])(
    "are met by one request after the other if they are queued and contradict each other: %s, %s",
    (first, second) => {
      const engine = testEngine();
      engine.faults.add({ preset: first, times: 1 });
      engine.faults.add({ preset: second, times: 1 });
      call(engine, on);
      expect(engine.faults.list()).toMatchObject([{ preset: second, left: 1, injected: 0 }]);
      call(engine, on);
      expect(engine.faults.list()).toEqual([]);
      const names = engine.requests().map(({ fault }) => fault?.triggers.map(({ name }) => name));
      expect(names).toEqual([[first], [second]]);
    },
  );

  it("are not used up by a request that never reaches the rules, unless they do more than change its answer", () => {
    const engine = testEngine();
    for (const preset of ["error", "drift-number-strings", "slow"]) engine.faults.add({ preset, times: 1 });
    expect(call(engine, on, { headers: { "content-type": "text/plain" } }).status).toBe(415);
    expect(engine.faults.list().map(({ preset }) => preset)).toEqual(["error", "drift-number-strings"]);
    expect(engine.requests()[0]?.fault?.triggers.map(({ name }) => name)).toEqual(["slow"]);
  });

  it("limit the requests each by itself", () => {
    const engine = testEngine({ elapsed: () => 0 });
    engine.faults.add({ fault: { limit: { perSecond: 3 } } });
    engine.faults.add({ preset: "limit", match: { orderId: "11111" }, options: { seconds: 7 } });
    expect([1, 2].map(() => call(engine, on).headers["retry-after"])).toEqual([undefined, "7"]);
    const other = { ...on, orderIds: ["22222"] };
    expect([1, 2].map(() => call(engine, other).status)).toEqual([200, 429]);
  });
});

describe("a plan", () => {
  const planner = () => createFaultPlanner({ elapsed: () => 0, hasAccount: () => true });
  const asked = (prefer?: string, sent: unknown = on, more: Partial<EngineRequest> = {}) => ({
    request: { method: "POST", target, headers: { prefer }, body: new Uint8Array(), ...more },
    route: findOperation("POST", target),
    caller: { accountId: "account-1", keyIssue: undefined, redactor: createRedactor() },
    input: { text: JSON.stringify(sent), value: sent, problem: undefined },
  });

  it("says where each primitive is from, and the ID of a queued fault", () => {
    const { queue, plan } = planner();
    queue.add({ preset: "gateway-502", fault: { delay: { ms: 1 } } });
    const { plan: planned } = plan(asked("fault=slow+lost-answer"));
    expect(planned?.origin).toEqual({
      delay: "slow",
      lose: "lost-answer",
      cut: "lost-answer",
      http: "gateway-502",
      applied: "gateway-502",
    });
    expect(planned?.triggers).toEqual([
      { name: "slow", by: "header" },
      { name: "lost-answer", by: "header" },
      { name: "gateway-502", by: "queue", id: "fault-1" },
    ]);
    expect(plan(asked()).plan?.triggers).toEqual([{ name: "gateway-502", by: "queue", id: "fault-1" }]);
  });

  it("ignores magic order IDs if it is to take order IDs literally", () => {
    const { plan } = planner();
    const magic = { ...on, orderIds: ["fault-hang", "fault-nope"] };
    expect(plan(asked(undefined, magic)).problem?.error.detail).toContain('Unknown preset "nope"');
    expect(plan(asked(undefined, magic, { literalOrderIds: true })).plan).toBeNull();
    const preferred = plan(asked("fault=slow", magic, { literalOrderIds: true }));
    expect(preferred.plan).toMatchObject({ triggers: [{ name: "slow" }], hasMagicOrders: false });
  });

  it("counts nowhere if the channel cannot carry it out", () => {
    const { queue, plan } = planner();
    queue.add({ preset: "reset", times: 1 });
    queue.add({ preset: "limit" });
    const unsupported = socketCapabilities;
    for (const _ of [1, 2, 3]) {
      const { problem } = plan(asked(undefined, on, { unsupported }));
      expect(problem).toMatchObject({ error: { status: 501 }, remark: "it can't do reset" });
    }
    expect(queue.list()).toMatchObject([{ injected: 0, left: 1 }, { injected: 0 }]);
    expect(plan(asked()).plan).toMatchObject({ triggers: [{ name: "reset" }], isRateLimited: false });
    expect(queue.list()).toMatchObject([{ injected: 0 }]);
    expect(plan(asked()).plan?.isRateLimited).toBe(true);
    expect(queue.list()).toMatchObject([{ injected: 1 }]);
  });
});
