import { readArguments } from "./arguments.js";
import type { Output } from "./context.js";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import type { Invocation } from "./invocation.js";
import type { Io } from "./io.js";

/**
 * Runs `auto-extend`: everything but the process itself.
 *
 * @param argv the arguments, without those of Node.
 * @returns the exit code; it never rejects.
 */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const invocation = readArguments(argv, io);
  if (!invocation) return exitCodes.done;
  // Not needed for the help, which is to come at once.
  const { createOutput } = await import("./context.js");
  const output = createOutput(argv, { io, options: invocation.options });
  try {
    return await carryOut(invocation, output);
  } catch (error) {
    return report(error, { invocation, output });
  }
}

async function carryOut({ command, options, execute }: Invocation, output: Output): Promise<ExitCode> {
  const { exitCode = exitCodes.done, result, text } = await execute(output.context);
  if (options.json) {
    const { host, notes } = output;
    output.json({ command, ok: exitCode === exitCodes.done, exitCode, host, result, error: null, notes });
  } else {
    output.data(text());
  }
  return exitCode;
}

interface Stopped {
  readonly invocation: Invocation;
  readonly output: Output;
}

async function report(thrown: unknown, { invocation, output }: Stopped): Promise<ExitCode> {
  const { failureOf } = await import("./failure.js");
  const { effect, host, notes } = output;
  const { exitCode, error } = failureOf(thrown, { effect, signal: output.context.io.signal });
  if (invocation.options.json) {
    output.json({ command: invocation.command, ok: false, exitCode, host, result: null, error, notes });
  } else {
    output.failure(error);
  }
  return exitCode;
}
