import fc, { type Parameters } from "fast-check";

/** A fixed number of runs, the same each time unless FUZZ_SEED asks for others. */
export const fuzzing: Parameters<unknown> = { seed: Number(process.env.FUZZ_SEED ?? 1), numRuns: 300 };

/** Any character. `unit: "binary"` draws the same ones, but first makes a table of the million that there are. */
export const anyCharacter = fc
  .nat({ max: 0x10_ffff - 0x800 })
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

console.info(`FUZZ_SEED=${fuzzing.seed}`);
