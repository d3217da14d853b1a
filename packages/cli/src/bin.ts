import { createRedactor } from "@auto-extend/core";
import { exitCodes } from "./app/errors.js";
import { clean } from "./app/format.js";
import { createOutlets, run } from "./program/run.js";

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // A second one ends the program at once: the run may be waiting for something that ignores the first. But as a
    // terminal closes, both the system and the shell send SIGHUP.
    if (interruption.signal.aborted && signal !== "SIGHUP") {
      process.stderr.write("\nEnded at once. A change that was under way may still be made.\n");
      process.exit(130);
    }
    // The terminal has written ^C.
    if (process.stderr.isTTY) process.stderr.write("\n");
    interruption.abort();
  });
}

const outlets = createOutlets(process);

// Only the platform itself gets here. Node would end with 1, which says that nothing was changed.
process.on("uncaughtException", async ({ name, message }) => {
  const found = createRedactor(process.env.AUTO_EXTEND_API_KEY ?? "").text(`${name}: ${message}`);
  outlets.stderr.write(
    `error: Node.js failed: ${clean(found)}.\nWhether anything was changed is unknown. Check the memory and the limits of this machine, then run the same command again.\n`,
  );
  process.exit(await outlets.flush(exitCodes.environment));
});

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
