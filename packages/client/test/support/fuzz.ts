import type { Parameters } from "fast-check";

const { FUZZ_SEED } = process.env;

/** A fixed number of runs from a seed that is printed, and is taken from FUZZ_SEED to repeat a failure. */
export const fuzzing: Parameters<unknown> = {
  seed: FUZZ_SEED ? Number(FUZZ_SEED) : Date.now() % 2 ** 31,
  numRuns: 300,
};

console.info(`FUZZ_SEED=${fuzzing.seed}`);
