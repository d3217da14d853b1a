export type SnapshotWriter = ReturnType<typeof createSnapshotWriter>;

interface SnapshotWriterOptions {
  /** Writes the state at the moment of the call; later changes are for the next call. */
  readonly write: () => Promise<void>;
  /** Called when a write has failed, once until one succeeds again, and then with `null`. It must not throw. */
  readonly onTrouble: (error: unknown) => void;
  readonly timing?: SnapshotTiming;
}

/** How often to write. All spans are in milliseconds. */
export interface SnapshotTiming {
  /** From a change to the start of its write. */
  readonly delay: number;
  /** How long to rest after a write, as a multiple of its duration: with 4, writing takes a fifth of the time at most. */
  readonly rest: number;
  /** How long to wait before another try. It doubles from try to try, from the first of these up to the second. */
  readonly retry: readonly [number, number];
}

/**
 * A change is written within half a second if a write takes up to 100 ms. Beyond that, the rest after a write may be the
 * longer wait: a change is written after six times the duration of a write, at most.
 */
export const snapshotTiming: SnapshotTiming = { delay: 300, rest: 4, retry: [1_000, 30_000] };

export function createSnapshotWriter({ write, onTrouble, timing = snapshotTiming }: SnapshotWriterOptions) {
  let changedAt: number | null = null;
  let notBefore = 0;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  function changed(): void {
    if (changedAt !== null) return;
    changedAt = performance.now();
    if (!running && !closing) schedule(changedAt);
  }

  function schedule(since: number): void {
    const wait = Math.max(since + timing.delay, notBefore) - performance.now();
    timer = setTimeout(() => {
      running = attempt();
    }, wait);
  }

  async function attempt(): Promise<void> {
    const startedAt = performance.now();
    try {
      await writeOnce();
      if (failures > 0) onTrouble(null);
      failures = 0;
    } catch (error) {
      changedAt ??= startedAt;
      failures += 1;
      if (failures === 1) onTrouble(error);
    }
    const endedAt = performance.now();
    const [first, longest] = timing.retry;
    const pause = failures > 0 ? Math.min(first * 2 ** (failures - 1), longest) : 0;
    notBefore = endedAt + Math.max((endedAt - startedAt) * timing.rest, pause);
    running = undefined;
    if (changedAt !== null && !closing) schedule(changedAt);
  }

  function writeOnce(): Promise<void> {
    const written = write();
    // Not before the call, which may bring the state up to date: that change is part of this write.
    changedAt = null;
    return written;
  }

  async function close(): Promise<void> {
    clearTimeout(timer);
    await running;
    // A process that ends now still knows that this write is not done.
    if (changedAt !== null) running = writeOnce();
    await running;
    running = undefined;
  }

  return {
    changed,
    /** Whether there are changes that are not written, or not to the end. */
    isBehind: () => changedAt !== null || running !== undefined,
    /** Writes what is not written yet, and ends. @throws the error of the last write. */
    close(): Promise<void> {
      closing ??= close();
      return closing;
    },
  };
}
