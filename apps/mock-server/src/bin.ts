import { run } from "./run.js";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait for requests under way.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}
// Whoever read along may go, as `head` does; that is no reason to stop serving.
process.stdout.on("error", () => {});
process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stop: stop.signal,
});
