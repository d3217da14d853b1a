import { lastMoment } from "./dates.js";

/** The mock's clock: it can be moved ahead, stopped, and let flow again. */
export interface Clock {
  /** The moment, in milliseconds since 1970; it never goes back but by `reset`, and stands still at the last of all. */
  now(): number;
  /** Whether it stands still. */
  readonly frozen: boolean;
  /** @throws RangeError where the moment is before the present one, or beyond the last. */
  moveTo(moment: number): void;
  freeze(): void;
  flow(): void;
  /** Back to the start: that of the world, or the machine's time. */
  reset(startsAt: number | null): void;
  /** What a clock made later goes on from. */
  save(): SavedClock;
  restore(saved: SavedClock): void;
}

/** A clock as it is kept across restarts. */
export interface SavedClock {
  /** How far ahead of the machine's time it is, in milliseconds. */
  readonly ahead: number;
  /** The moment at which it stands still; `null` while it flows. */
  readonly frozenAt: number | null;
}

/** @param machine the machine's time, in milliseconds since 1970. */
export function createClock(machine: () => number, startsAt: number | null): Clock {
  let ahead = 0;
  let frozenAt: number | null = null;
  let last = Number.NEGATIVE_INFINITY;
  /** Where it starts, as long as nobody has looked at it: whoever does first is to see that moment, to the millisecond. */
  let startingAt: number | null = null;
  reset(startsAt);

  function reset(start: number | null): void {
    startingAt = start;
    ahead = 0;
    frozenAt = null;
    last = Number.NEGATIVE_INFINITY;
  }

  function now(): number {
    if (startingAt !== null) {
      ahead = startingAt - machine();
      last = startingAt;
      startingAt = null;
      return last;
    }
    // The machine's own time may be set back.
    last = Math.max(last, Math.min(frozenAt ?? machine() + ahead, lastMoment));
    return last;
  }

  return {
    now,
    get frozen() {
      return frozenAt !== null;
    },
    moveTo(moment) {
      const present = now();
      if (moment > lastMoment) {
        throw new RangeError(
          `The clock goes no further than ${new Date(lastMoment).toISOString()}: choose an earlier moment, such as 2030-01-31T12:00:00Z.`,
        );
      }
      if (moment < present) {
        const [wanted, is] = [moment, present].map((each) => new Date(each).toISOString());
        throw new RangeError(
          `The clock does not go back: it is ${is}, and was to go to ${wanted}. Reset the mock to start anew.`,
        );
      }
      if (frozenAt === null) ahead += moment - present;
      else frozenAt = moment;
    },
    freeze() {
      frozenAt = now();
    },
    flow() {
      if (frozenAt === null) return;
      ahead = frozenAt - machine();
      frozenAt = null;
    },
    reset,
    save: () => ({ ahead, frozenAt }),
    restore(saved) {
      ({ ahead, frozenAt } = saved);
      startingAt = null;
      last = Number.NEGATIVE_INFINITY;
    },
  };
}
