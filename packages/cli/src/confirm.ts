import type { Readable, Writable } from "node:stream";
import { confirm, isCancel } from "@clack/prompts";

/** The streams of a terminal, and what interrupts the question. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal?: AbortSignal;
}

/** Asks a yes-or-no question on a terminal; "no" stands first, and leaving it counts as "no". */
export async function askOnTerminal(question: string, terminal: Terminal): Promise<boolean> {
  const answer = await confirm({ message: question, initialValue: false, ...terminal });
  return !isCancel(answer) && answer;
}
