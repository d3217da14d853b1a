import { createOutlets, run } from "./program/run.js";

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
  stderr: outlets.stderr,
  env: process.env,
  signal: interruption.signal,
  confirm: async (question, signal) => {
    const { askOnTerminal } = await import("./app/confirm.js");
    return askOnTerminal(question, {
      input: process.stdin,
      output: process.stderr,
      ...(signal && { signal }),
    });
  },
});

// Sockets that are still open, such as those of a proxy that does not answer, must not keep the process.
process.exit(await outlets.flush(exitCode));
