import fc from "fast-check";
import { describe, it } from "vitest";
import { carriers } from "./carriers.js";
import { seed } from "./fuzz.js";
import { judging } from "./judge.js";

/** So many sequences of each carrier; `FUZZ_RUNS=5000 npx vitest run test/model` for a long look. */
const asked = process.env.FUZZ_RUNS;
const longest = asked === undefined ? 60_000 : 3_600_000;

describe("the mock does what the model says, whatever is done with it, reached by", () => {
  it.each(carriers.map((carrier, index) => [carrier.name, carrier, index] as const))(
    "%s",
    // A seed for each carrier, so that each tries other sequences.
    (_, carrier, index) =>
      fc.assert(judging(carrier), { seed: seed + index, numRuns: Number(asked ?? carrier.runs) }),
    longest,
  );
});
