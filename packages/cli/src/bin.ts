import { createOutlets } from "./outlets.js";
import { run } from "./run.js";

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // A second one ends the program at once: the run may be waiting for something that ignores the first.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  });
}

const outlets = createOutlets(process);

const exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: outlets.stdout,
  stderr: {
    ...outlets.stderr,
    // It changes with the size of the terminal.
    get columns() {
      return process.stderr.columns;
    },
  },
  env: process.env,
  signal: interruption.signal,
  confirm: async (question, signal) => {
    const { askOnTerminal } = await import("./confirm.js");
    return askOnTerminal(question, {
      input: process.stdin,
      output: process.stderr,
      ...(signal && { signal }),
    });
  },
});

process.exitCode = exitCode;
// Only now is everything written, or known to have failed.
process.once("beforeExit", () => {
  process.exitCode = outlets.settle(exitCode);
});
