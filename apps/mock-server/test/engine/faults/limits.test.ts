import { describe, expect, it } from "vitest";
import { createLimits } from "../../../src/engine/faults/plan.js";
import { accountIdOf, call, on, testEngine } from "../../support/call.js";

const mine = { account: "account-1", limit: "x" };

describe("a limit", () => {
  it("admits a number of requests per second, or at once, and then others", () => {
    let now = 0;
    const limits = createLimits(() => now);
    expect(limits.enter(mine, { perSecond: 1 })).not.toBeNull();
    expect(limits.enter(mine, { perSecond: 1 })).toBeNull();
    now = 1_000;
    expect(limits.enter(mine, { perSecond: 1 })).not.toBeNull();
    const other = { ...mine, limit: "y" };
    const release = limits.enter(other, { concurrent: 1 });
    expect(limits.enter(other, { concurrent: 1 })).toBeNull();
    release?.();
    release?.();
    expect(limits.enter(other, { concurrent: 1 })).not.toBeNull();
    expect(limits.enter(other, { concurrent: 1 })).toBeNull();
  });

  // Each API key left its count behind until the mock was reset.
  it("is forgotten once it stops no request", () => {
    let now = 0;
    const limits = createLimits(() => now);
    const stays = limits.enter({ account: "stays", limit: "x" }, { concurrent: 1 });
    for (let count = 0; count < 1_000; count += 1) {
      limits.enter({ account: `account-${count}`, limit: "x" }, { perSecond: 5 })?.();
    }
    expect(limits.size).toBe(1_001);
    now = 1_000;
    limits.enter(mine, { perSecond: 1 });
    expect(limits.size).toBe(2);
    expect(limits.enter({ account: "stays", limit: "x" }, { concurrent: 1 })).toBeNull();
    stays?.();
    now = 2_000;
    limits.enter(mine, { perSecond: 1 });
    expect(limits.size).toBe(1);
  });

  it("counts each account separately, even if the fault is for all", () => {
    const engine = testEngine({ elapsed: () => 0 });
    engine.faults.add({ preset: "limit" });
    const statuses = ["my-key", "other-key", "my-key"].map((apiKey) => call(engine, on, { apiKey }).status);
    expect(statuses).toEqual([200, 200, 429]);
    engine.reset(accountIdOf("other-key"));
    expect(["my-key", "other-key"].map((apiKey) => call(engine, on, { apiKey }).status)).toEqual([429, 200]);
  });

  it("refuses at once, with the page of `rate-limited`", () => {
    const engine = testEngine({ elapsed: () => 0 });
    engine.faults.add({ preset: "limit-concurrent", options: { seconds: 7 } });
    expect(call(engine, on).delivery).toMatchObject({ delay: 200 });
    const { status, headers, body, delivery: manner } = call(engine, on);
    expect({ status, after: headers["retry-after"], manner }).toEqual({
      status: 429,
      after: "7",
      manner: undefined,
    });
    expect(body).toBe(
      call(testEngine(), on, {
        headers: { "content-type": "application/json", prefer: "fault=rate-limited" },
      }).body,
    );
  });
});

it.each([
  ["limit", {}],
  ["limit-concurrent", {}],
])("is used up by the requests that it refuses, and meets no other fault with them: %s", (preset) => {
  const engine = testEngine({ elapsed: () => 0 });
  engine.faults.add({ preset, times: 2 });
  engine.faults.add({ preset: "gateway-502", times: 2, match: { orderId: "22222" } });
  const statuses = () => [1, 2, 3, 4].map(() => call(engine, on).status);
  expect(statuses()).toEqual([200, 429, 429, 200]);
  expect(engine.faults.list()).toMatchObject([{ preset: "gateway-502", injected: 0 }]);
});

it("is a fault only of the requests that it changes", () => {
  const engine = testEngine({ elapsed: () => 0 });
  engine.faults.add({ preset: "limit", times: 1 });
  engine.faults.add({ preset: "slow" });
  const headers = { "content-type": "application/json", prefer: "fault=limit" };
  const first = call(engine, on, { headers: { ...headers, prefer: "fault=limit, x" }, apiKey: "other-key" });
  expect(first.headers["preference-applied"]).toBeUndefined();
  call(engine, on);
  call(engine, on);
  const names = engine.requests().map(({ fault }) => fault?.triggers.map(({ name }) => name));
  expect(names).toEqual([["slow"], ["slow"], ["limit"]]);
  engine.faults.remove();
  engine.faults.add({ preset: "limit-concurrent" });
  expect(call(engine, on).delivery).toMatchObject({ delay: 200 });
  engine.faults.remove();
  engine.faults.add({ preset: "limit" });
  call(engine, on);
  expect(engine.requests().at(-1)?.fault).toBeNull();
});

it("leaves the other faults of a request that it refuses for later ones", () => {
  const engine = testEngine({ elapsed: () => 0 });
  engine.faults.add({ preset: "limit", times: 1 });
  call(engine, on);
  engine.faults.add({ preset: "gateway-502", times: 1 });
  expect([1, 2, 3].map(() => call(engine, on).status)).toEqual([429, 502, 200]);
});
