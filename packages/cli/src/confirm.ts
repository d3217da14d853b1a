import type { Readable, Writable } from "node:stream";
import { text } from "@clack/prompts";

/** The streams of a terminal, and what interrupts the question. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal?: AbortSignal;
}

/** A key as Node's readline tells of it. */
interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

/**
 * Asks a question on a terminal that only a typed "yes" answers with yes: a key hit by chance shall cost no money.
 * Leaving it in any way, the end of the input included, counts as no.
 */
export async function askOnTerminal(question: string, { input, output, signal }: Terminal): Promise<boolean> {
  const left = new AbortController();
  const leave = () => left.abort();
  const leaveOnKey = (_: unknown, key?: Key) => {
    if (key?.ctrl && key.name === "d") leave();
  };
  const answer = text({
    message: `${question}\nType yes to go on:`,
    input,
    output,
    signal: signal ? AbortSignal.any([signal, left.signal]) : left.signal,
  });
  // The prompt itself heeds neither, and would leave the program waiting for nothing.
  input.once("end", leave).on("keypress", leaveOnKey);
  try {
    const typed = await answer;
    return typeof typed === "string" && typed.trim().toLowerCase() === "yes";
  } finally {
    input.off("end", leave).off("keypress", leaveOnKey);
  }
}
