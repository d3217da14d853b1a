import { type ExitCode, exitCodeMeanings, exitCodes } from "./exit-codes.js";
import type { Sink } from "./io.js";

/** A stream of a process that is written to. */
interface OutputStream extends Sink {
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** The ways out of a process, none of which ends it by failing. */
export interface Outlets {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Tells on the other stream of what could not be written; returns the exit code that the process is to end with. */
  settle(exitCode: ExitCode): ExitCode;
}

/** Takes the failures of a process's streams upon itself: a full disk must not hide what was done to the orders. */
export function createOutlets(streams: {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}): Outlets {
  const stdout = outletOf(streams.stdout);
  const stderr = outletOf(streams.stderr);
  return {
    stdout: stdout.sink,
    stderr: stderr.sink,
    settle(exitCode) {
      const [lostData, lostTalk] = [stdout.failure(), stderr.failure()];
      if (!lostData && !lostTalk) return exitCode;
      const outcome = `The run itself came to this: ${meaningOf(exitCode)}.`;
      if (!lostTalk)
        stderr.sink.write(`error: stdout could not be written: ${lostData?.message}.\n${outcome}\n`);
      if (!lostData)
        stdout.sink.write(`error: stderr could not be written: ${lostTalk?.message}.\n${outcome}\n`);
      return exitCode === exitCodes.done ? exitCodes.outputLost : exitCode;
    },
  };
}

function outletOf(stream: OutputStream) {
  let failure: Error | undefined;
  stream.on("error", (error) => {
    // A reader that has seen enough, such as `head`, is no failure.
    if (error.code !== "EPIPE") failure ??= error;
  });
  const sink: Sink = { write: (text) => stream.write(text), isTTY: stream.isTTY };
  return { sink, failure: () => failure };
}

function meaningOf(exitCode: ExitCode): string {
  const name = Object.entries(exitCodes).find(([, code]) => code === exitCode)?.[0];
  return exitCodeMeanings[name as keyof typeof exitCodes];
}
