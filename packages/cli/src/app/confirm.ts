/** Asks a person before something costs money. */
import type { Readable, Writable } from "node:stream";
import type { Context } from "./context.js";
import { CliError, usageError } from "./errors.js";
import { shellWord, wrap } from "./format.js";

/** @throws CliError, a usage error, if nobody can be asked. */
export function checkTerminal({ io, argv }: Context, why: string): void {
  if (io.stdin.isTTY && io.stderr.isTTY && !io.stdin.readableEnded) return;
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const command = ["auto-extend", ...argv.toSpliced(end, 0, "--yes")].map(shellWord).join(" ");
  throw usageError(
    `${why}, so a yes is needed, and there is no terminal to ask on.`,
    `To go ahead, run: ${command}`,
  );
}

export async function confirm(
  context: Context,
  { why, question }: { why: string; question: string },
): Promise<void> {
  checkTerminal(context, why);
  const { io, width, redact } = context;
  const isYes = await io.confirm(wrap(redact(question), width - answerWidth), io.signal);
  if (!isYes) throw new CliError("Declined", "Cancelled. Nothing was sent.", { whatToDo: "" });
}

export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal?: AbortSignal;
}

const answerWidth = 10;

/**
 * Asks a question on a terminal that only `y` or `yes` answers with yes. Leaving it in any way, the end of the input
 * included, counts as no. The terminal itself edits the line, so that nothing has to be restored if the program ends.
 */
export async function askOnTerminal(question: string, { input, output, signal }: Terminal): Promise<boolean> {
  await dropTypedAhead(input);
  if (input.readableEnded) return false;
  return new Promise((resolve) => {
    let typed = "";
    const leave = () => end("");
    const endLine = () => {
      output.write("\n");
      leave();
    };
    const read = (chunk: unknown) => {
      typed += String(chunk);
      if (typed.includes("\n")) end(typed.slice(0, typed.indexOf("\n")));
    };
    const ask = () => output.write(`${question} [y/N] `);
    function end(answer: string): void {
      process.off("SIGCONT", ask);
      input.off("data", read).off("end", endLine).pause();
      signal?.removeEventListener("abort", leave);
      resolve(/^\s*y(es)?\s*$/i.test(answer));
    }
    // Without an answer, the cursor still stands behind the question; whoever handles a signal ends the line then.
    input.on("data", read).on("end", endLine).resume();
    signal?.addEventListener("abort", leave);
    // After Ctrl-Z and fg, the lines of the shell stand below the question.
    process.on("SIGCONT", ask);
    if (signal?.aborted) leave();
    else ask();
  });
}

/** Keys that were hit before the question was there do not answer it. */
async function dropTypedAhead(input: Readable): Promise<void> {
  const drop = () => {};
  input.on("data", drop).resume();
  await new Promise((resolve) => setTimeout(resolve, typedAheadMs));
  input.off("data", drop).pause();
}

const typedAheadMs = 50;
