import { describe, expect, it } from "vitest";
import { createDraws } from "../../../src/engine/faults/queue.js";
import { fractionOf } from "../../../src/lib/random.js";
import { accountIdOf, call, on, testEngine } from "../../support/call.js";

const withHeader = (engine: ReturnType<typeof testEngine>, apiKey: string) =>
  call(engine, on, {
    apiKey,
    headers: { "content-type": "application/json", prefer: "fault=slow; ms=500; jitter=500" },
  }).delivery?.delay;
const withMagic = (engine: ReturnType<typeof testEngine>, apiKey: string) =>
  call(engine, { ...on, orderIds: ["fault-slow:ms=500,jitter=500"] }, { apiKey }).delivery?.delay;
const times = <Value>(count: number, make: () => Value) => Array.from({ length: count }, make);

describe("a random number for a request", () => {
  // One generator served all accounts: a request of somebody else's changed what mine met.
  it.each([
    ["header", withHeader],
    ["order ID", withMagic],
  ])("by %s is the same whatever others send", (_, ask) => {
    const alone = testEngine();
    const crowded = testEngine();
    const mine = times(10, () => ask(alone, "my-key"));
    expect(
      times(10, () => {
        ask(crowded, "other-key");
        return ask(crowded, "my-key");
      }),
    ).toEqual(mine);
    expect(new Set(mine).size).toBe(10);
    expect(times(10, () => ask(alone, "other-key"))).not.toEqual(mine);
  });

  it("of a queued fault is the same whatever others send", () => {
    const injected = (others: number) => {
      const engine = testEngine();
      engine.faults.add({ preset: "gateway-502", fault: { delay: { p50: 5 } }, share: 0.5, seed: 3 });
      return times(50, () => {
        times(others, () => call(engine, on, { apiKey: "other-key" }));
        const { status, delivery: manner } = call(engine, on);
        return [status, manner?.delay];
      });
    };
    expect(injected(0)).toEqual(injected(3));
  });

  it("changes with the seed, which can be chosen", () => {
    const delays = (seed?: number) => {
      const engine = testEngine();
      engine.faults.add({ preset: "latency", ...(seed === undefined ? {} : { seed }) });
      return times(5, () => call(engine, on).delivery?.delay);
    };
    expect(delays(7)).toEqual(delays(7));
    expect(delays(7)).not.toEqual(delays(8));
    expect(delays()).toEqual(delays(1));
    expect(delays()).not.toEqual(delays(2));
  });

  it("starts over with a reset of the account, or of everything", () => {
    const engine = testEngine();
    engine.faults.add({ preset: "latency" });
    const ask = () => [withHeader(engine, "my-key"), call(engine, on, { apiKey: "my-key" }).delivery?.delay];
    const first = ask();
    expect(ask()).not.toEqual(first);
    engine.reset(accountIdOf("my-key"));
    expect(ask()).toEqual(first);
    engine.reset();
    expect(withHeader(engine, "my-key")).toBe(first[0]);
  });

  it("is counted for a maximum number of callers", () => {
    const draws = createDraws();
    const next = (apiKey: string) => draws.next(1, { account: null, apiKey });
    const first = next("my-key");
    for (let count = 0; count < 9_999; count += 1) next(`other-${count}`);
    expect(next("my-key")).not.toBe(first);
    for (let count = 0; count < 10_000; count += 1) next(`another-${count}`);
    expect(next("my-key")).toBe(first);
  });
});

it("similar texts have different numbers, spread evenly", () => {
  const numbers = Array.from({ length: 2_000 }, (_, index) => fractionOf(`text ${index}`));
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const count = numbers.filter((number) => Math.floor(number * 10) === tenth).length;
    expect(Math.abs(count - 200)).toBeLessThan(50);
  }
});
