import fc from "fast-check";

/** The same on every run, unless FUZZ_SEED asks for another. */
const seed = Number(process.env.FUZZ_SEED ?? 1);

fc.configureGlobal({ seed, numRuns: 500 });
console.log(`FUZZ_SEED=${seed}`);

/** Any character. `unit: "binary"` draws the same ones, but first makes a table of the million that there are. */
export const anyCharacter = fc
  .nat({ max: 0x10_ffff - 0x800 })
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

export { fc };
