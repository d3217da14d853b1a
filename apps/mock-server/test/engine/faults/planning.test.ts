import { describe, expect, it } from "vitest";
import { socketCapabilities } from "../../../src/channels/fetch.js";
import { createFaultPlanner } from "../../../src/engine/faults/plan.js";
import { call, on, testEngine } from "../../support/call.js";

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
  ])("is the one that is blamed: %s", (fault, outcome, statement) => {
    expect(decided(fault)).toMatchObject({ outcome, statement });
  });

  it("may be one that waits", () => {
    expect(decided("slow", { preset: "order-refused" })?.statement).toBe("fault/order-refused");
    expect(decided("slow", { fault: { http: { status: 500 } } })?.statement).toBe("fault/fault-1");
  });
});

describe("a plan", () => {
  const planner = () => createFaultPlanner({ elapsed: () => 0, hasAccount: () => true });
  const request = {
    prefer: "",
    apiKey: "any-key",
    account: "account-1",
    operation: "setAutoExtend",
    text: JSON.stringify(on),
    sent: on as unknown,
  };

  it("tells where each primitive is from, and the id of what waited", () => {
    const { queue, plan } = planner();
    queue.add({ preset: "gateway-502", fault: { delay: { ms: 1 } } });
    const planned = plan({ ...request, prefer: "fault=slow+lost-answer" });
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
      { name: "gateway-502", by: "control API", id: "fault-1" },
    ]);
    expect(plan(request)?.triggers).toEqual([{ name: "gateway-502", by: "control API", id: "fault-1" }]);
  });

  it("has no magic in it where there is to be none", () => {
    const { plan } = planner();
    const magic = { ...on, orderIds: ["fault-hang", "fault-nope"] };
    const asking = { ...request, text: JSON.stringify(magic), sent: magic };
    expect(() => plan(asking)).toThrow('Unknown fault "nope"');
    expect(plan({ ...asking, ignoreMagic: true })).toBeNull();
    const preferred = plan({ ...asking, prefer: "fault=slow", ignoreMagic: true });
    expect(preferred).toMatchObject({ triggers: [{ name: "slow" }], hasMagicOrders: false });
  });

  it("that the channel cannot carry out counts nowhere", () => {
    const { queue, plan } = planner();
    queue.add({ preset: "reset", times: 1 });
    queue.add({ preset: "limit" });
    const unsupported = socketCapabilities;
    for (const _ of [1, 2, 3])
      expect(() => plan({ ...request, unsupported })).toThrow("does not support what the fault needs: reset");
    expect(queue.list()).toMatchObject([{ struck: 0, left: 1 }, { struck: 0 }]);
    expect(plan(request)?.isRateLimited).toBe(false);
    expect(queue.list()).toMatchObject([{ struck: 1 }]);
  });
});

it("a fault for one request is still there after a channel could not carry it out", () => {
  const engine = testEngine();
  engine.faults.add({ preset: "reset", times: 1 });
  const { status } = engine.handle({
    method: "POST",
    target: "/client/api/v1/test-key-1/extend/order/auto",
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(JSON.stringify(on)),
    unsupported: socketCapabilities,
  });
  expect(status).toBe(501);
  expect(call(engine, on).delivery?.ending).toEqual({ how: "reset", at: "before" });
});
