import { type MockServer, presets, startMockServer } from "@auto-extend/mock-server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type FaultOutcome, faultOutcomes } from "../../scripts/docs/fault-outcomes.mjs";
import { chances, expectEnd, expectFigures, isEndless, named } from "./figures.js";
import { type Met, meet } from "./meet.js";

type Run = keyof typeof chances | "once";

/** What came of each outcome, where its fault stays, by chance at its least and most, and where it strikes once. */
const met = new Map<string, Promise<Met>>();

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer({ logLimit: 10_000 });
  // By its default settings our client waits for seconds: so all calls wait at the same time, each with its own account.
  await meetAll("least", { least: stays });
  await meetAll("most", { most: stays, once: strikesOnce });
});
afterAll(() => mock.close());

describe("the table of outcomes", () => {
  it("has every preset, and no other", () => {
    const preset = new Set(faultOutcomes.map((outcome) => outcome.preset));
    expect([...preset]).toEqual(presets.map(({ name }) => name));
  });

  it("has every value of an option that has few", () => {
    const wanted = presets.flatMap(({ name, options }) =>
      options.flatMap(({ name: option, fallback, choices }) => {
        const values = choices ?? (typeof fallback === "boolean" ? [true, false] : []);
        return values.map((value) => ({ preset: name, option, value: String(value), fallback }));
      }),
    );
    const lacking = wanted.filter(
      ({ preset, option, value, fallback }) =>
        !faultOutcomes.some(
          (outcome) => outcome.preset === preset && String(outcome.options[option] ?? fallback) === value,
        ),
    );
    expect(lacking).toEqual([]);
  });
});

describe("our client, where a fault stays, meets", () => {
  it.each(faultOutcomes.map(named))("%s", async (_, outcome) => {
    const [least, most] = [await metOf("least", outcome), await metOf("most", outcome)];
    for (const each of [least, most]) expectEnd(each, outcome);
    if (!isEndless(outcome)) expectFigures({ least, most }, outcome, 1_500);
    const struck = mock.requests({ apiKey: keyOf("most", outcome), fault: outcome.preset });
    expect(struck).toHaveLength(most.attempts.length + (outcome.calls ?? 1) - 1);
  });
});

describe("our client, where a fault strikes once, meets", () => {
  it.each(faultOutcomes.map(named))("%s", async (_, outcome) => {
    const { ends, attempts } = await metOf("once", outcome);
    expect({ ends, attempts: attempts.length }).toEqual(outcome.once);
  });

  it("no fault that is left over", () => {
    expect(mock.faults.list().filter(({ left }) => left !== null)).toEqual([]);
  });
});

type Meeting = (outcome: FaultOutcome, apiKey: string) => Promise<Met>;

async function meetAll(chance: keyof typeof chances, runs: Partial<Record<Run, Meeting>>): Promise<void> {
  vi.spyOn(Math, "random").mockReturnValue(chances[chance]);
  for (const [run, meeting] of Object.entries(runs)) {
    for (const outcome of faultOutcomes) {
      const apiKey = keyOf(run, outcome);
      met.set(apiKey, meeting(outcome, apiKey));
    }
  }
  // What fails is for the test of that outcome to tell.
  await Promise.allSettled(met.values());
  vi.restoreAllMocks();
}

async function stays(outcome: FaultOutcome, apiKey: string): Promise<Met> {
  const { preset, options, calls = 1 } = outcome;
  mock.faults.add({ preset, options }, { apiKey });
  const all = await Promise.all(
    ["11111", "22222"]
      .slice(0, calls)
      .map((orderId) => meet(mock, { ...settings(outcome, apiKey), orderId })),
  );
  const [struck, ...others] = all.sort((one, other) => other.attempts.length - one.attempts.length);
  for (const { ends, attempts } of others) expect([ends, attempts.length]).toEqual(["success", 1]);
  return struck as Met;
}

async function strikesOnce(outcome: FaultOutcome, apiKey: string): Promise<Met> {
  const { preset, options } = outcome;
  mock.faults.add({ preset, options, times: 1 }, { apiKey });
  return meet(mock, settings(outcome, apiKey));
}

/** Our client as it is; only where it would wait for half a minute, it gives up sooner. */
function settings(outcome: FaultOutcome, apiKey: string) {
  const impatience = isEndless(outcome) ? { timeout: 400, retry: { delay: 1 } } : {};
  return { apiKey, baseUrl: mock.url, ...impatience };
}

/** Each has an account of its own in each run. */
function keyOf(run: string, outcome: FaultOutcome): string {
  return `${run}-${faultOutcomes.indexOf(outcome)}`;
}

async function metOf(run: Run, outcome: FaultOutcome): Promise<Met> {
  return met.get(keyOf(run, outcome)) ?? expect.fail("Nothing was met.");
}
