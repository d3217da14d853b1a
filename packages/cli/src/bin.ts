import { run } from "./run.js";

const interruption = new AbortController();
process.on("SIGINT", () => {
  // A second one means it: the run may be waiting for something that heeds no signal.
  if (interruption.signal.aborted) process.exit(130);
  interruption.abort();
});

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
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
