// Waiting that ends with a time or a signal. It leaves no timer and no listener behind, and needs nothing that older
// platforms lack.

/** The parts of an `AbortSignal` that are used. It may come from another realm, such as jsdom's, or be made by hand. */
export interface Signal {
  readonly aborted: boolean;
  /** Missing on older platforms. */
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Whether a value can be used as a {@link Signal}. */
export function isSignal(value: unknown): value is Signal {
  const { aborted, addEventListener, removeEventListener } = Object(value) as Partial<Signal>;
  const isListening = typeof addEventListener === "function" && typeof removeEventListener === "function";
  return isListening && aborted !== undefined;
}

/** The longest time that timers support, in milliseconds; beyond it they fire at once. */
export const longestTimer = 2 ** 31 - 1;

interface Limit {
  readonly timeMs: number;
  /** The caller's signal. */
  readonly signal: Signal | undefined;
}

/** The result of {@link withinTime} if the time limit is reached first. */
export const late = Symbol("late");

/** Limits the time of some work. Returns its result or {@link late}; throws its error, or the signal's reason. */
export function withinTime<T>(
  work: (signal: Signal) => Promise<T>,
  { timeMs, signal }: Limit,
): Promise<T | typeof late> {
  return new Promise((resolve, reject) => {
    const inner = new AbortController();
    const timer = setTimeout(() => {
      release();
      resolve(late);
      inner.abort();
    }, timeMs);
    const unlisten =
      signal &&
      whenAborted(signal, () => {
        const reason = reasonOf(signal);
        release();
        reject(reason);
        inner.abort(reason);
      });
    work(inner.signal).finally(release).then(resolve, reject);

    function release(): void {
      clearTimeout(timer);
      unlisten?.();
    }
  });
}

/** Waits. `endedBy` ends the wait early when it aborts; the caller's signal makes it throw its reason. */
export async function pause({
  endedBy,
  ...limit
}: Limit & { readonly endedBy?: Signal | undefined }): Promise<void> {
  throwIfAborted(limit.signal);
  if (endedBy?.aborted) return;
  const untilEnded = (inner: Signal) =>
    new Promise<void>((resolve) => {
      const unlisten = endedBy && whenAborted(endedBy, () => resolve(unlisten?.()));
      if (unlisten) inner.addEventListener("abort", unlisten);
    });
  await withinTime(untilEnded, limit);
}

/** Throws the reason of a signal that has aborted. Some platforms lack the method for it. */
export function throwIfAborted(signal: Signal | undefined): void {
  if (signal?.aborted) throw reasonOf(signal);
}

/** Why a signal aborted. Some platforms do not say. */
function reasonOf(signal: Signal): unknown {
  if (signal.reason !== undefined) return signal.reason;
  return Object.assign(new Error("The call was aborted."), { name: "AbortError" });
}

/** The callbacks of each signal. Node warns of a leak from the eleventh listener on, so each signal gets only one. */
const waiting = new WeakMap<Signal, { callbacks: Set<() => void>; listener: () => void }>();

/** Calls a function when a signal aborts. The function that it returns cancels that. */
export function whenAborted(signal: Signal, callback: () => void): () => void {
  const entry = waiting.get(signal) ?? listenTo(signal);
  // Each call gets an entry of its own, even for the same callback.
  const each = () => callback();
  entry.callbacks.add(each);
  return () => {
    if (!entry.callbacks.delete(each) || entry.callbacks.size > 0) return;
    signal.removeEventListener("abort", entry.listener);
    waiting.delete(signal);
  };
}

function listenTo(signal: Signal) {
  const callbacks = new Set<() => void>();
  const listener = () => {
    for (const callback of [...callbacks]) callback();
  };
  const entry = { callbacks, listener };
  waiting.set(signal, entry);
  signal.addEventListener("abort", listener);
  return entry;
}
