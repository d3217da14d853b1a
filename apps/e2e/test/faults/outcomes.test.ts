import { type FaultSpec, presets, startMockServer } from "@auto-extend/mock-server";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { type FaultOutcome, faultOutcomes } from "../../scripts/docs/fault-outcomes.mjs";
import { chances, expectEnd, expectPauses, isEndless, named } from "./figures.js";
import { type Met, meet } from "./meet.js";

interface Meeting {
  readonly met: Met;
  readonly injected: number;
}

/** Where no answer comes, `patience.test.ts` lets the time pass. */
const answered = faultOutcomes.filter((outcome) => !isEndless(outcome));

type Run = keyof typeof chances | "once";

/** The meetings with a fault that stays, where chance is at its least and at its most, and with one that strikes once. */
const meetings: Record<Run, Map<FaultOutcome, Promise<Meeting>>> = {
  least: new Map(),
  most: new Map(),
  once: new Map(),
};

beforeAll(async () => {
  // By its default settings our client waits for seconds: so all calls wait at the same time.
  await meetAll("least", { least: null });
  await meetAll("most", { most: null, once: 1 });
});

describe("the table of outcomes", () => {
  it("has every preset, and no other", () => {
    const listed = new Set(faultOutcomes.map(({ preset }) => preset));
    expect(listed).toEqual(new Set(presets.map(({ name }) => name)));
  });

  it("has every value of an option that has few", () => {
    const wanted = presets.flatMap(({ name, options }) =>
      options.flatMap(({ name: option, default: fallback, choices }) => {
        const values = choices ?? (typeof fallback === "boolean" ? [true, false] : []);
        return values.map((value) => ({ preset: name, option, value: String(value), default: fallback }));
      }),
    );
    const lacking = wanted.filter(
      ({ preset, option, value, default: fallback }) =>
        !faultOutcomes.some(
          (outcome) => outcome.preset === preset && String(outcome.options[option] ?? fallback) === value,
        ),
    );
    expect(lacking).toEqual([]);
  });
});

describe("our client, where a fault stays, meets", () => {
  it.each(answered.map(named))("%s", async (_, outcome) => {
    const [least, most] = [await meetingOf("least", outcome), await meetingOf("most", outcome)];
    for (const { met, injected } of [least, most]) {
      expectEnd(met, outcome);
      // A limit alone is a fault only of the requests that it refuses, and the last attempt succeeds.
      const others = outcome.preset === "limit" ? -1 : (outcome.calls ?? 1) - 1;
      expect(injected).toBe(met.attempts.length + others);
    }
    expectPauses({ least: least.met, most: most.met }, outcome);
  });
});

describe("our client, where a fault strikes once, meets", () => {
  it.each(answered.map(named))("%s", async (_, outcome) => {
    const { met, injected } = await meetingOf("once", outcome);
    expect({ ends: met.ends, attempts: met.attempts.length }).toEqual(outcome.once);
    expect(injected).toBe(outcome.preset === "limit" ? 0 : 1);
  });
});

/** Has all outcomes met, in some runs: with a fault for so many requests, or for all. */
async function meetAll(
  chance: keyof typeof chances,
  runs: Partial<Record<Run, number | null>>,
): Promise<void> {
  vi.spyOn(Math, "random").mockReturnValue(chances[chance]);
  // Calls that must meet each other come first, while nothing else keeps them apart.
  for (const together of [true, false]) {
    for (const [run, times = null] of Object.entries(runs)) {
      const outcomes = answered.filter(({ calls = 1 }) => calls > 1 === together);
      for (const outcome of outcomes) meetings[run as Run].set(outcome, meeting(outcome, times));
    }
    // What fails is for the test of that outcome to tell.
    await Promise.allSettled(Object.values(meetings).flatMap((each) => [...each.values()]));
  }
  vi.restoreAllMocks();
}

/** Each has a mock of its own: a connection that ends after an answer must not be another call's. */
async function meeting(outcome: FaultOutcome, times: number | null): Promise<Meeting> {
  const { preset, options, calls = 1 } = outcome;
  const mock = await startMockServer();
  try {
    mock.faults.add({ preset, options, times } as FaultSpec);
    const orderIds = ["11111", "22222"].slice(0, times ?? calls);
    const all = await Promise.all(
      orderIds.map((orderId) => meet(mock, { apiKey: "any-key", baseUrl: mock.url, orderId })),
    );
    const [met, ...others] = all.sort((one, other) => other.attempts.length - one.attempts.length);
    for (const { ends, attempts } of others) expect([ends, attempts.length]).toEqual(["success", 1]);
    return { met: met as Met, injected: mock.requests({ fault: preset }).length };
  } finally {
    await mock.close();
  }
}

async function meetingOf(run: Run, outcome: FaultOutcome): Promise<Meeting> {
  return meetings[run].get(outcome) ?? expect.fail("Nothing was met.");
}
