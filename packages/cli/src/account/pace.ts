import { setTimeout as sleep } from "node:timers/promises";
import { defaultRetry } from "@auto-extend/client";

/** When requests may start. */
export interface Pace {
  /** Waits for a turn. @throws the signal's reason once it aborts. */
  turn(): Promise<void>;
  /** Gives no turn for a time, in milliseconds. */
  hold(time: number): void;
}

/** As long as the client waits by itself, in milliseconds. */
export const longestHold = defaultRetry.maxRetryAfter;

/** Evenly spaced turns, or turns at once where no rate is given. */
export function createPace({
  perSecond,
  signal,
}: {
  readonly perSecond?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}): Pace {
  const interval = perSecond === undefined ? 0 : 1000 / perSecond;
  let next = 0;
  return {
    async turn() {
      for (let left = next - performance.now(); left > 0; left = next - performance.now()) {
        await sleep(Math.ceil(left), undefined, signal ? { signal } : {});
      }
      next = Math.max(next, performance.now()) + interval;
    },
    hold(time) {
      next = Math.max(next, performance.now() + time);
    },
  };
}
