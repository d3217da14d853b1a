import type { Parameters } from "fast-check";

/** A fixed number of runs, the same each time unless FUZZ_SEED asks for others. */
export const fuzzing: Parameters<unknown> = { seed: Number(process.env.FUZZ_SEED ?? 1), numRuns: 300 };

console.info(`FUZZ_SEED=${fuzzing.seed}`);
