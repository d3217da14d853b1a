import { isoDate, lastTimestamp } from "../../lib/dates.js";
import type { SavedClock } from "../types.js";

export type Clock = ReturnType<typeof createClock>;

/**
 * Creates the mock's clock: it can be advanced, frozen and started again. Times are in milliseconds since 1970.
 *
 * @param machine the machine's time.
 */
export function createClock(machine: () => number, startsAt: number | null) {
  let ahead = 0;
  let frozenAt: number | null = null;
  let last = Number.NEGATIVE_INFINITY;
  /** The start, until the clock is first read: that reading must show it to the millisecond. */
  let startingAt: number | null = null;
  reset(startsAt);

  /** Goes back to the start: the one of the world, or the machine's time. */
  function reset(start: number | null): void {
    startingAt = start;
    ahead = 0;
    frozenAt = null;
    last = Number.NEGATIVE_INFINITY;
  }

  /** The present. Only `reset` sets it back, and it stops at the last moment. */
  function now(): number {
    if (startingAt !== null) {
      ahead = startingAt - machine();
      last = startingAt;
      startingAt = null;
      return last;
    }
    // The machine's own time may be set back.
    last = Math.max(last, Math.min(frozenAt ?? machine() + ahead, lastTimestamp));
    return last;
  }

  return {
    now,
    /** The present, without starting the clock: fake timers may still replace the machine's time. */
    peek: (): number =>
      startingAt ??
      (last > Number.NEGATIVE_INFINITY ? now() : Math.min(frozenAt ?? machine() + ahead, lastTimestamp)),
    get frozen(): boolean {
      return frozenAt !== null;
    },
    /** @throws RangeError if the time is before the present or after the last moment. */
    moveTo(time: number): void {
      const present = now();
      if (time > lastTimestamp) {
        throw new RangeError(
          `The clock can't go beyond ${isoDate(lastTimestamp)}. Choose an earlier time, such as 2030-01-31T12:00:00Z.`,
        );
      }
      if (time < present) {
        throw new RangeError(
          `The clock can't go back to ${isoDate(time)}: it is at ${isoDate(present)}. To start over, reset the mock.`,
        );
      }
      if (frozenAt === null) ahead += time - present;
      else frozenAt = time;
    },
    freeze(): void {
      frozenAt = now();
    },
    resume(): void {
      if (frozenAt === null) return;
      ahead = frozenAt - machine();
      frozenAt = null;
    },
    reset,
    save: (): SavedClock => ({ ahead, frozenAt }),
    restore(saved: SavedClock): void {
      ({ ahead, frozenAt } = saved);
      startingAt = null;
      last = Number.NEGATIVE_INFINITY;
    },
  };
}
