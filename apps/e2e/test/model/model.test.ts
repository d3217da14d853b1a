import fc from "fast-check";
import { describe, it } from "vitest";
import { carriers } from "./carriers.js";
import { seed } from "./fuzz.js";
import { judging } from "./judge.js";

/** So many sequences of each carrier; `FUZZ_RUNS=5000 npx vitest run test/model` for a long look. */
const asked = process.env.FUZZ_RUNS;
const longest = asked === undefined ? 60_000 : 3_600_000;

describe("the mock does what the model says, whatever is done with it, reached by", () => {
  it.each(carriers.map((carrier) => [carrier.name, carrier] as const))(
    "%s",
    (_, carrier) => fc.assert(judging(carrier), { seed, numRuns: Number(asked ?? carrier.runs) }),
    longest,
  );
});
