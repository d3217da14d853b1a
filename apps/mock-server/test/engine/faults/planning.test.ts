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
    expect(plan(asked(undefined, magic)).problem?.error.detail).toContain('Unknown fault "nope"');
    expect(plan(asked(undefined, magic, { ignoreMagic: true })).plan).toBeNull();
    const preferred = plan(asked("fault=slow", magic, { ignoreMagic: true }));
    expect(preferred.plan).toMatchObject({ triggers: [{ name: "slow" }], hasMagicOrders: false });
  });

  it("counts nowhere if the channel cannot carry it out", () => {
    const { queue, plan } = planner();
    queue.add({ preset: "reset", times: 1 });
    queue.add({ preset: "limit" });
    const unsupported = socketCapabilities;
    for (const _ of [1, 2, 3]) {
      const { problem } = plan(asked(undefined, on, { unsupported }));
      expect(problem).toMatchObject({ error: { status: 501 }, remark: "the fault needs: reset" });
    }
    expect(queue.list()).toMatchObject([{ injected: 0, left: 1 }, { injected: 0 }]);
    expect(plan(asked()).plan).toMatchObject({ triggers: [{ name: "reset" }], isRateLimited: false });
    expect(queue.list()).toMatchObject([{ injected: 0 }]);
    expect(plan(asked()).plan?.isRateLimited).toBe(true);
    expect(queue.list()).toMatchObject([{ injected: 1 }]);
  });
});
