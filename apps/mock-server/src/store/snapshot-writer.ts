/** Has something that keeps changing written again and again: soon after each change, and never twice at once. */
export interface SnapshotWriter {
  /** Tells that something has changed. It costs next to nothing, and many calls lead to one write. */
  changed(): void;
  /**
   * Has written what is not written yet, and ends.
   *
   * @throws what the last write threw.
   */
  close(): Promise<void>;
}

/** The settings of {@link createSnapshotWriter}. */
export interface SnapshotWriterOptions {
  /** Writes what there is at the moment of the call; what changes while it is under way is for the next. */
  readonly write: () => Promise<void>;
  /** Told when a write has failed, once until one succeeds again; of that it is told with `null`. */
  readonly onTrouble: (error: unknown) => void;
  readonly timing?: SnapshotTiming;
}

/** How often is written. All spans are in milliseconds. */
export interface SnapshotTiming {
  /** From a change to the start of its write. */
  readonly delay: number;
  /** How long to rest after a write, as a multiple of what it took: with 4, writing takes a fifth of the time at most. */
  readonly rest: number;
  /** How long to wait before another try: it doubles from try to try, from the first of these up to the second. */
  readonly retry: readonly [number, number];
}

/**
 * A change is written half a second later, and the time that it takes. Where a write takes longer than a tenth of a
 * second, the rest after it may be the longer wait: a change is written after six times what a write takes, at most.
 */
export const snapshotTiming: SnapshotTiming = { delay: 500, rest: 4, retry: [1_000, 30_000] };

/** Makes the writer of something that changes. */
export function createSnapshotWriter(options: SnapshotWriterOptions): SnapshotWriter {
  const { write, onTrouble, timing = snapshotTiming } = options;
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
    const began = performance.now();
    try {
      await writeOnce();
      if (failures > 0) tell(null);
      failures = 0;
    } catch (error) {
      changedAt ??= began;
      failures += 1;
      if (failures === 1) tell(error);
    }
    const ended = performance.now();
    const [first, longest] = timing.retry;
    const pause = failures > 0 ? Math.min(first * 2 ** (failures - 1), longest) : 0;
    notBefore = ended + Math.max((ended - began) * timing.rest, pause);
    running = undefined;
    if (changedAt !== null && !closing) schedule(changedAt);
  }

  function writeOnce(): Promise<void> {
    const written = write();
    // Not before the call: what it looks at may have to be brought up to date, which is no change to be written again.
    changedAt = null;
    return written;
  }

  function tell(trouble: unknown): void {
    try {
      onTrouble(trouble);
    } catch {
      // Whoever is told must not keep the writer from trying again.
    }
  }

  async function close(): Promise<void> {
    clearTimeout(timer);
    await running;
    if (changedAt !== null) await writeOnce();
  }

  return {
    changed,
    close() {
      closing ??= close();
      return closing;
    },
  };
}
