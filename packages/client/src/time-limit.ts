/** What ends a wait. */
interface Limit {
  /** In milliseconds. */
  readonly time: number;
  /** The caller's signal. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Does work within a time, whether the work heeds its signal or not. No timer and no listener is left behind.
 *
 * @throws what `late` makes when the time is over, or the reason of the caller's signal, itself, when that aborts.
 */
export function withinTime<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { late, ...limit }: Limit & { readonly late: () => Error },
): Promise<T> {
  return new Promise((resolve, reject) => {
    limit.signal?.throwIfAborted();
    const inner = new AbortController();
    const stop = (reason: unknown) => {
      reject(reason);
      inner.abort(reason);
    };
    const unwatch = watch(limit, { onTime: () => stop(late()), onAbort: stop });
    work(inner.signal).finally(unwatch).then(resolve, reject);
  });
}

/**
 * Waits.
 *
 * @throws the reason of the caller's signal, itself, when that aborts.
 */
export function pause(limit: Limit): Promise<void> {
  return new Promise((resolve, reject) => {
    limit.signal?.throwIfAborted();
    watch(limit, { onTime: resolve, onAbort: reject });
  });
}

/** Calls one of two functions, once; what it returns ends the watch before. */
function watch(
  { time, signal }: Limit,
  { onTime, onAbort }: { onTime: () => void; onAbort: (reason: unknown) => void },
): () => void {
  const unwatch = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  };
  const abort = () => {
    unwatch();
    onAbort(signal?.reason);
  };
  const timer = setTimeout(() => {
    unwatch();
    onTime();
  }, time);
  signal?.addEventListener("abort", abort);
  return unwatch;
}
