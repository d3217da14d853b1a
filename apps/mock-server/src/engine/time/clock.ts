import { timeOf } from "@auto-extend/core";
import { isoDate, lastTimestamp } from "../../lib/dates.js";
import type { Events } from "../log/events.js";
import type { Store } from "../state/store.js";
import type { SavedEngine } from "../types.js";
import type { Renewals } from "./renewals.js";
import {
  type AccountRenewalEvent,
  type ClockCommand,
  type ClockMove,
  type ClockState,
  noRenewalText,
} from "./schemas.js";

/** The mock's clock, and how time passes for the accounts. */

interface TimeParts {
  readonly clock: Clock;
  readonly store: Store;
  readonly renewals: Renewals;
  readonly events: Events;
  /** Called after the clock was moved. */
  readonly onChange: () => void;
}

const hourMs = 3_600_000;

export type Time = ReturnType<typeof createTime>;

/** Creates the mock's time as tests and people move it, and lets it pass for the accounts of a store. */
export function createTime({ clock, store, renewals, events, onChange }: TimeParts) {
  /** Advances all accounts to the present. */
  function advanceAll(): AccountRenewalEvent[] {
    const until = clock.now();
    return store
      .ids()
      .flatMap((id) => renewals.advanceTo(id, until).map((event) => ({ account: id, ...event })));
  }

  /** The clock, and when the next renewal is due, in all accounts or in one. */
  function state(account?: string): ClockState {
    advanceAll();
    const next = renewals.next(account);
    return {
      now: isoDate(clock.now()),
      frozen: clock.frozen,
      nextRenewal: next === null ? null : isoDate(next),
    };
  }

  /** @throws RangeError if the time, in milliseconds since 1970, is in the past or after {@link lastTimestamp}. */
  function moveTo(time: number, account?: string): ClockMove {
    clock.moveTo(time);
    return moved(advanceAll(), account);
  }

  /** Reports that the clock was moved, and what happened on the way: in all accounts, or in one. */
  function moved(renewals: readonly AccountRenewalEvent[], account: string | undefined): ClockMove {
    const present = state();
    events.emit({ at: present.now, account: null, type: "clock", frozen: present.frozen });
    onChange();
    const reported = renewals.filter((each) => account === undefined || each.account === account);
    const count = (type: AccountRenewalEvent["type"]) => reported.filter((each) => each.type === type).length;
    return {
      ...(account === undefined ? present : state(account)),
      renewed: count("renewed"),
      unpaid: count("failed"),
      expired: count("expired"),
      renewals: reported,
    };
  }

  return {
    state,
    advanceAll,
    /**
     * Carries out a command, or throws a RangeError if the clock cannot go there. Time passes for all accounts; if one is
     * named, only that one is reported, and its next renewal is meant.
     */
    move(command: ClockCommand, account?: string): ClockMove {
      if ("advance" in command) {
        const { days = 0, hours = 0 } = command.advance;
        return moveTo(clock.now() + Math.round((days * 24 + hours) * hourMs), account);
      }
      if ("to" in command) return moveTo(timeOf(command.to), account);
      if ("toNextRenewal" in command) {
        advanceAll();
        const next = renewals.next(account);
        if (next === null)
          throw new RangeError(`${noRenewalText(account !== undefined)} Switch an order on first.`);
        return moveTo(Math.max(next, clock.now()), account);
      }
      if ("freeze" in command) clock.freeze();
      else clock.resume();
      return moved([], account);
    },
  };
}

/** How far a machine's time is set back at most when it is corrected, in milliseconds. */
const maxCorrectionMs = 60_000;

export type Clock = ReturnType<typeof createClock>;

/** Creates the mock's clock. `machine` is the machine's time; all times are in milliseconds since 1970. */
export function createClock(machine: () => number, startsAt: number | null) {
  let state = stateAt(startsAt);

  /** The present. Only `reset` and fake timers set it back, and it stops at {@link lastTimestamp}. */
  function now(): number {
    const { startingAt, frozenAt } = state;
    if (startingAt !== null) {
      const ahead = startingAt - machine();
      state = { ahead, frozenAt: null, startingAt: null, last: startingAt };
      return startingAt;
    }
    const present = Math.min(frozenAt ?? machine() + state.ahead, lastTimestamp);
    // The machine's time may be corrected slightly. If it is set back by more, fake timers have been switched, and a clock
    // that shows the machine's time follows.
    const isSwitched = state.ahead === 0 && state.last - present > maxCorrectionMs;
    state.last = isSwitched ? present : Math.max(state.last, present);
    return state.last;
  }

  return {
    now,
    /** The present, without starting the clock: fake timers may still replace the machine's time. */
    peek(): number {
      const { startingAt, frozenAt, ahead, last } = state;
      if (last > Number.NEGATIVE_INFINITY) return now();
      return startingAt ?? Math.min(frozenAt ?? machine() + ahead, lastTimestamp);
    },
    get frozen(): boolean {
      return state.frozenAt !== null;
    },
    /** @throws RangeError if the time is before the present or after {@link lastTimestamp}. */
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
      if (state.frozenAt === null) state.ahead = time - machine();
      else state.frozenAt = time;
    },
    freeze(): void {
      // The first reading replaces the state.
      const present = now();
      state.frozenAt = present;
    },
    resume(): void {
      if (state.frozenAt === null) return;
      state.ahead = state.frozenAt - machine();
      state.frozenAt = null;
    },
    /** Goes back to the start: the one of the world, or the machine's time. */
    reset(start: number | null): void {
      state = stateAt(start);
    },
    save: (): SavedEngine["clock"] => ({ ahead: state.ahead, frozenAt: state.frozenAt }),
    restore({ ahead, frozenAt }: SavedEngine["clock"]): void {
      state = { ...stateAt(null), ahead, frozenAt };
    },
  };
}

interface State {
  /** The start, until the clock is first read: that reading must show it to the millisecond. */
  startingAt: number | null;
  ahead: number;
  frozenAt: number | null;
  /** The time that the clock last showed. */
  last: number;
}

function stateAt(startingAt: number | null): State {
  return { startingAt, ahead: 0, frozenAt: null, last: Number.NEGATIVE_INFINITY };
}
