import { run } from "./program/run.js";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait for requests under way.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}
let isLost = false;
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  // Whoever read along may go, as `head` does; that is no reason to stop serving.
  if (code === "EPIPE" || isLost) return;
  isLost = true;
  process.stderr.write(`What was to be printed could not be written (${code}): is the disk full?\n`);
  process.exitCode = 1;
});
const exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stop: stop.signal,
});
if (!isLost) process.exitCode = exitCode;
