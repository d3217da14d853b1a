import fc from "fast-check";

/** The same on every run, unless FUZZ_SEED asks for another. */
const seed = Number(process.env.FUZZ_SEED ?? 1);

fc.configureGlobal({ seed, numRuns: 500 });
console.log(`FUZZ_SEED=${seed}`);

export { fc };
