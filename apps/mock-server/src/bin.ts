import { run } from "./program/run.js";

const stop = new AbortController();
// SIGHUP comes when the terminal is closed.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait for requests under way. A state file is written all the same.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}
let isLost = false;
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  // The reader may go, as `head` and terminals do: that is no reason to stop serving.
  if (code === "EPIPE" || code === "EIO" || isLost) return;
  isLost = true;
  process.stderr.write(`The output could not be written (${code}): is the disk full?\n`);
  process.exitCode = 1;
});
// Nobody is left who could be told.
process.stderr.on("error", () => {});
const exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stop: stop.signal,
});
if (!isLost) process.exitCode = exitCode;
