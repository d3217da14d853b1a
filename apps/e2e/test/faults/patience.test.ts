import { createMockFetch, type FaultSpec } from "@auto-extend/mock-server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FaultOutcome, faultOutcomes } from "../../scripts/docs/fault-outcomes.mjs";
import { chances, expectAttempts, expectEnd, expectPauses, isEndless, named } from "./figures.js";
import { type Met, meet } from "./meet.js";

// Nobody waits for 90 seconds in a test: here, without a socket, the clock is the test's.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const endless = faultOutcomes.filter(isEndless).map(named);

describe("our client gives up by its own settings where no answer comes", () => {
  it.each(endless)("%s", async (_, outcome) => {
    vi.spyOn(Math, "random").mockReturnValue(chances.least);
    const least = await given(outcome);
    vi.spyOn(Math, "random").mockReturnValue(chances.most);
    const most = await given(outcome);
    for (const met of [least, most]) {
      expectEnd(met, outcome);
      expectAttempts(met, outcome);
    }
    expectPauses({ least, most }, outcome);
    const [, , last = 0] = most.attempts;
    // The last attempt gets what is left of the whole call's time, and that is all there is.
    expect(last).toBeCloseTo(outcome.attempts[2]?.[0] ?? 0, -1);
    expect(least.attempts[2]).toBeCloseTo(outcome.attempts[2]?.[1] ?? 0, -1);
  });
});

/** All but those that need a socket, which are answered at once, and those of concurrent calls, which meet in real time. */
const timed = faultOutcomes
  .filter((outcome) => !isEndless(outcome) && outcome.calls === undefined)
  .filter(({ preset, options }) => !/^(?:reset|gzip.*)$/.test(preset) && options.at !== "after");

describe("each attempt of our client takes the time of the table", () => {
  it.each(timed.map(named))("%s", async (_, outcome) => {
    for (const chance of Object.values(chances)) {
      vi.spyOn(Math, "random").mockReturnValue(chance);
      const met = await given(outcome);
      expectEnd(met, outcome);
      expectAttempts(met, outcome);
    }
  });
});

describe("our client is answered after it gave up once", () => {
  it.each(endless)("%s", async (_, outcome) => {
    const { ends, attempts } = await given(outcome, 1);
    expect({ ends, attempts: attempts.length }).toEqual(outcome.once);
    expect(attempts[0]).toBeCloseTo(30_000, -1);
  });
});

it("our client is answered by a busy server within the times of the table, and they are reached", async () => {
  const [least, most] = faultOutcomes.find(({ preset }) => preset === "latency")?.attempts[0] ?? [];
  const fetch = createMockFetch();
  fetch.faults.add({ preset: "latency" });
  const calls = Array.from({ length: 1_000 }, () => meet(fetch, { apiKey: "any-key", fetch }));
  const times = (await passing(Promise.all(calls))).map(({ attempts: [took = Number.NaN] }) => took);
  expect(Math.min(...times)).toBeCloseTo(least ?? Number.NaN, -1);
  expect(Math.max(...times)).toBeLessThanOrEqual(most ?? Number.NaN);
  expect(Math.max(...times)).toBeGreaterThan((most ?? Number.NaN) * 0.9);
});

async function given({ preset, options }: FaultOutcome, times: number | null = null): Promise<Met> {
  const fetch = createMockFetch();
  fetch.faults.add({ preset, options, times } as FaultSpec);
  return passing(meet(fetch, { apiKey: "any-key", fetch }));
}

/** Lets time pass as soon as nothing else happens, until something is over. */
async function passing<Result>(work: Promise<Result>): Promise<Result> {
  const over = new AbortController();
  const call = work.finally(() => over.abort());
  while (!over.signal.aborted) {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersToNextTimerAsync();
  }
  return call;
}
