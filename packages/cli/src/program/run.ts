/** Runs `auto-extend`: everything but the process itself. */

import type { Io } from "../app/context.js";
import { createOutput, type Output } from "../app/context.js";
import { type ExitCode, exitCodes } from "../app/errors.js";
import { type Invocation, readArguments } from "./program.js";

/**
 * Runs the program.
 *
 * @param argv the arguments, without those of Node.
 * @returns the exit code; it never rejects.
 */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  if (argv[0] === "__complete") return printCompletions(argv, io);
  const invocation = readArguments(argv, io);
  if (!invocation) return exitCodes.done;
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
  io.stdout.write(completionText(complete(argv.slice(argv.indexOf("--") + 1))));
  return exitCodes.done;
}

async function carryOut({ command, options, execute }: Invocation, output: Output): Promise<ExitCode> {
  const { exitCode = exitCodes.done, result, error = null, text } = await execute(output.context);
  if (options.json) {
    const { host, notes } = output;
    const ok = exitCode === exitCodes.done;
    const shown = command?.result.parse(result);
    output.json({ command: command?.name ?? null, ok, exitCode, host, result: shown, error, notes });
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
    const command = invocation.command?.name ?? null;
    output.json({ command, ok: false, exitCode, host, result: null, error, notes });
  } else {
    output.failure(error);
  }
  return exitCode;
}
