import type { OrderIds } from "./options.js";

/** Takes ids from a source, no more than it was asked for. */
export interface IdReader {
  /** Whether the ids are all there, so that taking the rest neither waits nor goes on for ever. */
  readonly inHand: boolean;
  /** Takes ids until there is a chunk of them, or no more. */
  fill(): Promise<void>;
  /** Hands over what was taken, once. */
  claim(): string[];
  /** Whether nothing is left. */
  exhausted(): boolean;
  /**
   * Takes no more, and lets the source close. A pull that is under way is not waited for, as it may never end; what it
   * brings is dropped.
   */
  close(): Promise<void>;
}

/** Makes a reader; it touches the source when it is first asked to. */
export function idReader(source: OrderIds, chunkSize: number): IdReader {
  let iterator: Iterator<string> | AsyncIterator<string> | undefined;
  let taken: string[] = [];
  let over = false;
  let closing: Promise<void> | undefined;
  let pulling = false;

  async function fill(): Promise<void> {
    iterator ??= Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    try {
      while (taken.length < chunkSize && !over) {
        pulling = true;
        const step = iterator.next();
        // What needs no waiting is taken at a stroke, so that none of it is on its way when the run stops.
        keep("then" in step ? await step : step);
        if (closing !== undefined) return;
      }
    } catch (thrown) {
      over = true; // What throws is over, and is not to be closed.
      throw thrown;
    } finally {
      pulling = false;
    }
  }

  function keep({ done, value }: IteratorResult<string>): void {
    pulling = false;
    if (closing !== undefined) return;
    if (done) over = true;
    else taken.push(value);
  }

  function claim(): string[] {
    const ids = taken;
    taken = [];
    return ids;
  }

  function close(): Promise<void> {
    closing ??= letGo();
    return closing;
  }

  async function letGo(): Promise<void> {
    if (over) return;
    const returned = Promise.resolve(iterator?.return?.());
    if (pulling) returned.catch(() => {});
    else await returned;
  }

  const inHand = Array.isArray(source) || source instanceof Set;
  return { inHand, fill, claim, exhausted: () => over, close };
}
