/** Tests that run too long to be repeated for each mutant, that hold the code to a time, or that load more than they test. */
export const skipped = {
  files: ["**/node_modules/**", "test/**/forecast-split.test.ts", "test/fuzz/**", "test/engine/fuzz.test.ts"],
  titles: [
    // core
    /within seconds$/,
    // client; it loads the modules again, which makes their constants look as if it ran them
    /^know the errors of another copy/,
    /^does not grow with the number of ids$/,
    /256 MiB/,
    /^is read beyond what other calls read$/,
    /^cost 2k \* ceil/,
    /^counts retries as well$/,
    /^is no faster than asked for/,
    // mock-server
    /takes seconds at most$/,
    /^does not push other requests out of the log$/,
  ],
};
