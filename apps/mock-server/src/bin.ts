import { run } from "./program/run.js";
import { exitCodes, ownCommand } from "./program/usage.js";

const stop = new AbortController();
/** All that end a process, but for SIGPROF, which profilers use: SIGHUP comes when the terminal is closed, SIGUSR2 from nodemon, SIGPWR from LXC, SIGBREAK on Windows. */
const signals = "INT TERM HUP QUIT USR2 ALRM VTALRM XCPU PWR POLL STKFLT ABRT BREAK".split(" ");
for (const signal of signals) {
  process.on(`SIG${signal}`, () => {
    // A second signal means: do not wait for pending requests. A state file is still written.
    if (stop.signal.aborted) process.exit(exitCodes.stopped);
    stop.abort();
  });
}
let isLost = false;
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  // A reader such as `head` or a terminal may be gone: that is no reason to stop serving.
  if (code === "EPIPE" || code === "EIO" || isLost) return;
  isLost = true;
  process.stderr.write(`The output could not be written (${code}): is the disk full?\n`);
  process.exitCode = 1;
});
// There is nowhere left to report it.
process.stderr.on("error", () => {});
const exitCode = await run(process.argv.slice(2), {
  env: process.env,
  command: ownCommand(process.argv[1] ?? "", process.env),
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stop: stop.signal,
});
if (!isLost) process.exitCode = exitCode;
