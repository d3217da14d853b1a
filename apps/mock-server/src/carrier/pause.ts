/** What ends a wait before its time. */
export interface Wait {
  readonly signal: AbortSignal;
  /**
   * What the abort comes through. A `Request` is held by its signal's source weakly: once it is collected, no abort gets
   * to it any more, and whoever waits would wait for ever.
   */
  readonly held: unknown;
}

const waits = new Set<Wait>();

/**
 * Waits for a time in milliseconds, or for ever, which needs no timer and so keeps no process alive.
 *
 * @throws the signal's reason, itself, when it aborts.
 */
export function pause(time: number | "for ever", wait: Wait): Promise<void> {
  const { signal } = wait;
  return new Promise<void>((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const elapse = () => {
      signal.removeEventListener("abort", abort);
      resolve();
    };
    const timer = time === "for ever" ? undefined : setTimeout(elapse, time);
    signal.addEventListener("abort", abort, { once: true });
    waits.add(wait);
  }).finally(() => waits.delete(wait));
}
