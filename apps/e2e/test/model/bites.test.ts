import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brokenMocks, wayTo } from "./broken-mocks.js";
import { channels } from "./channels.js";
import { seed } from "./fuzz.js";
import { judging } from "./judge.js";

/** As many sequences as the mock is tried with by all channels together; most mistakes are found by a few. */
const numRuns = channels.reduce((sum, { runs }) => sum + runs, 0);

describe("the judge finds a mock that", () => {
  it.each(brokenMocks.map((broken) => [broken.mistake, broken] as const))("%s", async (_, broken) => {
    const { failed, counterexample } = await fc.check(judging(wayTo(broken)), { seed, numRuns });
    expect(failed).toBe(true);
    // It was shrunk: the steps are the fewest that show it.
    const [, steps = []] = counterexample ?? [];
    expect([...steps].map(String).slice(broken.most)).toEqual([]);
  });
});
