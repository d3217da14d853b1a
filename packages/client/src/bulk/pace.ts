import { pause } from "../time-limit.js";

/** When requests may start. */
export interface Pace {
  /**
   * Waits for a turn; turns are given in the order they were asked for.
   *
   * @throws the signal's reason when it aborts.
   */
  turn(signal: AbortSignal): Promise<void>;
  /** Counts a request that started without a turn: the next one comes later for it. */
  charge(): void;
  /** Gives no turn for a time, in milliseconds. */
  hold(time: number): void;
}

/** The longest time that timers keep. */
const longestTimer = 2 ** 31 - 1;

/** Makes a pace of evenly spaced turns, or of turns at once where no rate is given. */
export function createPace(requestsPerSecond: number | undefined): Pace {
  const interval = requestsPerSecond === undefined ? 0 : 1000 / requestsPerSecond;
  let next = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    // Again and again: it may be put off meanwhile, and timers can be early by a moment.
    for (let left = timeLeft(); left > 0; left = timeLeft()) {
      await pause({ time: Math.min(Math.ceil(left), longestTimer), signal });
    }
    charge();
  }

  function timeLeft(): number {
    return next - performance.now();
  }

  function charge(): void {
    next = Math.max(next, performance.now()) + interval;
  }

  return {
    turn(signal) {
      const turn = last.then(() => wait(signal));
      last = turn.catch(() => {});
      return turn;
    },
    charge,
    hold(time) {
      next = Math.max(next, performance.now() + time);
    },
  };
}
