import type { Readable } from "node:stream";

/** Where text goes; a stream of `node:process` is one. */
export interface Sink {
  write(text: string): unknown;
  /** Whether a person reads along. */
  readonly isTTY?: boolean | undefined;
  /** How wide the terminal is, in characters. */
  readonly columns?: number | undefined;
}

/** All that the program knows of the world: `bin.ts` hands in the process, a test its own. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks a person a yes-or-no question on stderr; anything but a clear yes is `false`. */
  confirm(question: string, signal?: AbortSignal): Promise<boolean>;
  /** The `fetch` to use; one that honours the proxy variables of {@link Io.env} where left out. */
  readonly fetch?: typeof fetch;
  /** Interrupts the run. */
  readonly signal?: AbortSignal;
}
