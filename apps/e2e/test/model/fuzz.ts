/** The same on every run, unless FUZZ_SEED asks for another. */
export const seed = Number(process.env.FUZZ_SEED ?? 1);

console.info(`FUZZ_SEED=${seed}`);
