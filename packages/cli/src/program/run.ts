/** Runs `auto-extend` on some streams: everything but the process itself. */
import type { Io, Output, Sink } from "../app/context.js";
import { type ExitCode, exitCodeMeanings, exitCodes } from "../app/errors.js";
import { type Invocation, readArguments } from "./arguments.js";

/**
 * Runs the program.
 *
 * @param argv the arguments, without those of Node.
 * @returns the exit code; it never rejects.
 */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  if (argv[0] === "__complete") return printCompletions(argv, io);
  const invocation = await readArguments(argv, io);
  if (!invocation) return exitCodes.done;
  const { createOutput } = await import("../app/context.js");
  const output = createOutput(argv, { io, options: invocation.options });
  try {
    return await carryOut(invocation, output);
  } catch (error) {
    return report(error, { invocation, output });
  }
}

/** For the stubs of `completion`: they put a -- before the words. */
async function printCompletions(argv: readonly string[], io: Io): Promise<ExitCode> {
  const { complete, completionText } = await import("./complete.js");
  io.stdout.write(completionText(await complete(argv.slice(argv.indexOf("--") + 1))));
  return exitCodes.done;
}

async function carryOut({ name, options, execute }: Invocation, output: Output): Promise<ExitCode> {
  const { command, outcome } = await execute(output.context);
  const { exitCode = exitCodes.done, result, error = null, text } = outcome;
  if (options.json) {
    const { host, notes } = output;
    const ok = exitCode === exitCodes.done;
    const shown = command.result.parse(result);
    output.json({ command: name, ok, exitCode, host, result: shown, error, notes });
  } else if (text) {
    output.context.data(text());
  }
  return exitCode;
}

interface Stopped {
  readonly invocation: Invocation;
  readonly output: Output;
}

async function report(thrown: unknown, { invocation, output }: Stopped): Promise<ExitCode> {
  const { failureOf } = await import("../app/failure.js");
  const { effect, host, notes } = output;
  const { exitCode, error } = failureOf(thrown, { effect, signal: output.context.io.signal });
  if (invocation.options.json) {
    output.json({ command: invocation.name, ok: false, exitCode, host, result: null, error, notes });
  } else {
    output.failure(error);
  }
  return exitCode;
}

/** A stream of a process that is written to. */
interface OutputStream {
  write(text: string, done?: () => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** The outputs of a process. Their failures do not end it: a full disk must not hide what was done to the orders. */
export interface Outlets {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /**
   * Waits until everything is written, or has failed, and reports what could not be written on the other stream.
   *
   * @returns the exit code that the process should end with.
   */
  flush(exitCode: ExitCode): Promise<ExitCode>;
}

/** Takes over the failures of a process's streams. */
export function createOutlets(streams: {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}): Outlets {
  const stdout = outletOf(streams.stdout);
  const stderr = outletOf(streams.stderr);
  return {
    stdout: stdout.sink,
    stderr: stderr.sink,
    async flush(exitCode) {
      await Promise.all([stdout.flush(), stderr.flush()]);
      const [lostData, lostTalk] = [stdout.failure(), stderr.failure()];
      if (!lostData && !lostTalk) return exitCode;
      const outcome = `The run itself ended with: ${meaningOf(exitCode)}.`;
      if (!lostTalk) {
        stderr.sink.write(`error: stdout could not be written: ${lostData?.message}.\n${outcome}\n`);
        await stderr.flush();
      }
      if (!lostData) {
        stdout.sink.write(`error: stderr could not be written: ${lostTalk?.message}.\n${outcome}\n`);
        await stdout.flush();
      }
      return exitCode === exitCodes.done ? exitCodes.outputLost : exitCode;
    },
  };
}

function outletOf(stream: OutputStream) {
  let failure: Error | undefined;
  let isClosed = false;
  let wake = () => {};
  stream.on("error", (error) => {
    isClosed = true;
    // A reader that has seen enough, such as `head`, is not a failure.
    if (error.code !== "EPIPE") failure ??= error;
    wake();
  });
  const sink: Sink = {
    write: (text) => isClosed || stream.write(text),
    isTTY: stream.isTTY,
    // It changes with the size of the terminal.
    get columns() {
      return stream.columns;
    },
  };
  const flush = () =>
    new Promise<void>((resolve) => {
      if (isClosed) return resolve();
      wake = resolve;
      stream.write("", () => setImmediate(resolve)); // An error is reported before the next turn.
    });
  return { sink, flush, failure: () => failure };
}

function meaningOf(exitCode: ExitCode): string {
  const name = Object.entries(exitCodes).find(([, code]) => code === exitCode)?.[0];
  return exitCodeMeanings[name as keyof typeof exitCodes];
}
