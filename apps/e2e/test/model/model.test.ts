import fc from "fast-check";
import { describe, it } from "vitest";
import { channels } from "./channels.js";
import { seed } from "./fuzz.js";
import { judging } from "./judge.js";

/** So many sequences of each channel, for a long look. */
const asked = process.env.FUZZ_RUNS;
const longest = asked === undefined ? 120_000 : 3_600_000;

describe("the mock does what the model says, whatever is done with it, reached by", () => {
  it.each(channels.map((channel, index) => [channel.name, channel, index] as const))(
    "%s",
    // A seed for each channel, so that each tries other sequences.
    (_, channel, index) =>
      fc.assert(judging(channel), { seed: seed + index, numRuns: Number(asked ?? channel.runs) }),
    longest,
  );
});
