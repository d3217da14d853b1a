import { now, pause, throwIfAborted } from "../call/time-limit.js";

/** When requests may start. */
export interface Pace {
  /**
   * Waits for a turn. Turns are given in the order in which they were asked for.
   *
   * @throws the signal's reason when it aborts.
   */
  turn(signal: AbortSignal): Promise<void>;
  /** Counts a request that started without a turn, which delays the next one. */
  charge(): void;
  /** Gives no turn for a time. */
  hold(timeMs: number): void;
}

/** The longest time that timers support. */
const longestTimer = 2 ** 31 - 1;

/** Makes a pace of evenly spaced turns, or of immediate turns if there is no rate. */
export function createPace(requestsPerSecond: number | undefined): Pace {
  const interval = requestsPerSecond === undefined ? 0 : 1000 / requestsPerSecond;
  let next = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function wait(signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    // In a loop, since it can be put off meanwhile, and timers can be a moment early.
    for (let left = timeLeft(); left > 0; left = timeLeft()) {
      await pause({ timeMs: Math.min(Math.ceil(left), longestTimer), signal });
    }
    charge();
  }

  function timeLeft(): number {
    return next - now();
  }

  function charge(): void {
    next = Math.max(next, now()) + interval;
  }

  return {
    turn(signal) {
      const turn = last.then(() => wait(signal));
      last = turn.catch(() => {});
      return turn;
    },
    charge,
    hold(timeMs) {
      next = Math.max(next, now() + timeMs);
    },
  };
}
