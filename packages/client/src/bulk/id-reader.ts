import type { OrderIds } from "./options.js";

interface ReaderOptions {
  readonly chunkSize: number;
  /** IDs with the same key go into the same chunks. */
  readonly keyOf: (orderId: string) => string;
}

export type IdReader = ReturnType<typeof idReader>;

/** Makes a reader, which takes IDs from a source, only as many as it is asked for. It does not touch it until the first `fill`. */
export function idReader(source: OrderIds, { chunkSize, keyOf }: ReaderOptions) {
  let iterator: Iterator<string> | AsyncIterator<string> | undefined;
  /** IDs that were taken and not claimed, by key. */
  const taken = new Map<string, string[]>();
  let fullKey: string | null = null;
  let hasEnded = false;
  let closing: Promise<void> | undefined;
  let isPulling = false;

  /** Takes IDs until there is a chunk of them, or no more. */
  async function fill(): Promise<void> {
    iterator ??= Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    try {
      while (fullKey === null && !hasEnded) {
        isPulling = true;
        const step = iterator.next();
        // Steps that need no waiting are taken at once, so that none of them is under way when the run stops.
        keep("then" in step ? await step : step);
        if (closing !== undefined) return;
      }
    } catch (thrown) {
      hasEnded = true; // A source that threw is at its end, and is not to be closed.
      throw thrown;
    } finally {
      isPulling = false;
    }
  }

  function keep({ done, value }: IteratorResult<string>): void {
    isPulling = false;
    if (closing !== undefined) return;
    if (done) {
      hasEnded = true;
      return;
    }
    const key = keyOf(value);
    const ids = taken.get(key) ?? [];
    taken.set(key, ids);
    if (ids.push(value) >= chunkSize) fullKey = key;
  }

  /** Hands over the next chunk of what was taken; empty if nothing is left. */
  function claim(): string[] {
    const [key = ""] = fullKey === null ? taken.keys() : [fullKey];
    const ids = taken.get(key) ?? [];
    taken.delete(key);
    fullKey = null;
    return ids;
  }

  async function letGo(): Promise<void> {
    if (hasEnded) return;
    const returned = Promise.resolve(iterator?.return?.());
    if (isPulling) returned.catch(() => {});
    else await returned;
  }

  return {
    /** Whether all IDs are in memory, so that reading the rest neither waits nor lasts for ever. */
    inMemory: Array.isArray(source) || source instanceof Set,
    fill,
    claim,
    /** Whether the source was read to its end and everything was claimed. */
    isExhausted: () => hasEnded && taken.size === 0,
    /** Takes no more, and lets the source close. An ID that it is about to yield may never come, and is dropped. */
    close(): Promise<void> {
      closing ??= letGo();
      return closing;
    },
  };
}
