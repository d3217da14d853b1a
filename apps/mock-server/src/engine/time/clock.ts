import { isoDate, lastTimestamp, parseDate } from "../../lib/dates.js";
import { pluralize } from "../../lib/text.js";
import type { Events } from "../log/events.js";
import { isRunning, type Store } from "../state/store.js";
import type { Order, SavedClock } from "../types.js";
import type { Renewals } from "./renewals.js";
import type { ClockCommand, ClockMove, ClockState, Renewed } from "./schemas.js";

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
  /** Advances one account, or all, to the present. */
  function advanceAll(account?: string): Renewed[] {
    const until = clock.now();
    const ids = account === undefined ? store.ids() : [account];
    return ids.flatMap((id) => renewals.advanceTo(id, until).map((event) => ({ account: id, ...event })));
  }

  /** The clock, and when the next renewal is due, in all accounts or in one. */
  function state(account?: string): ClockState {
    advanceAll(account);
    const next = renewals.next(account);
    return {
      now: isoDate(clock.now()),
      frozen: clock.frozen,
      nextRenewal: next === null ? null : isoDate(next),
    };
  }

  /** @throws RangeError if the time, in milliseconds since 1970, is in the past or after the last moment. */
  function moveTo(time: number, account?: string): ClockMove {
    clock.moveTo(time);
    return moved(advanceAll(), account);
  }

  /** Reports that the clock was moved, and what happened on the way: in all accounts, or in one. */
  function moved(renewals: readonly Renewed[], account: string | undefined): ClockMove {
    const present = state();
    events.emit({ at: present.now, account: null, type: "clock", frozen: present.frozen });
    onChange();
    const reported = renewals.filter((each) => account === undefined || each.account === account);
    const count = (type: Renewed["type"]) => reported.filter((each) => each.type === type).length;
    return {
      ...(account === undefined ? present : state(account)),
      renewed: count("renewed"),
      unpaid: count("failed"),
      expired: count("expired"),
      renewals: reported,
    };
  }

  function noRenewal(account?: string): string {
    const ids = account === undefined ? store.ids() : [account];
    const orders = ids
      .filter(renewals.passesFor)
      .flatMap((id) => [...(store.get(id)?.orders.values() ?? [])]);
    return whyNoRenewal(orders, isoDate(clock.now()));
  }

  return {
    state,
    advanceAll,
    /**
     * Carries out a command. Time passes for all accounts; if one is named, only that one is reported, and its next renewal is
     * meant.
     *
     * @throws RangeError if the clock cannot go there.
     */
    move(command: ClockCommand, account?: string): ClockMove {
      if ("advance" in command) {
        const { days = 0, hours = 0 } = command.advance;
        return moveTo(clock.now() + Math.round((days * 24 + hours) * hourMs), account);
      }
      if ("to" in command) return moveTo(parseDate(command.to), account);
      if ("toNextRenewal" in command) {
        advanceAll();
        const next = renewals.next(account);
        if (next === null) throw new RangeError(noRenewal(account));
        return moveTo(Math.max(next, clock.now()), account);
      }
      if ("freeze" in command) clock.freeze();
      else clock.resume();
      return moved([], account);
    },
  };
}

function whyNoRenewal(orders: readonly Order[], now: string): string {
  if (orders.length === 0) {
    return "No renewal is due: no account is in use yet. Each API key gets its account, a copy of the template account, with its first request. Switch auto-extend on for an order, then move the clock.";
  }
  const counts = new Map<string, number>();
  for (const order of orders) {
    const reason = obstacle(order, now);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const reasons = [...counts].map(([reason, count]) => `${count} ${count === 1 ? "has" : "have"} ${reason}`);
  return `No renewal is due: of ${pluralize(orders.length, "order")}, ${reasons.join(", ")}. Switch auto-extend on for one that has not expired, or reset the mock.`;
}

function obstacle({ ipAddresses }: Order, now: string): string {
  const running = ipAddresses.filter((address) => isRunning(address, now));
  const on = running.filter(({ autoExtend }) => autoExtend);
  if (running.length === 0) return "expired";
  if (on.length === 0) return "auto-extend off";
  if (on.some(({ failedAt }) => failedAt)) return "a failed renewal that is not tried again";
  return "auto-extend on for some addresses only, and IPv6 renews whole orders";
}

/** How far a machine's time is set back at most when it is corrected, in milliseconds. */
const maxCorrectionMs = 60_000;

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
  /** Whether it has ever differed from the machine's time. */
  let isMoved = false;
  reset(startsAt);

  /** Goes back to the start: the one of the world, or the machine's time. */
  function reset(start: number | null): void {
    startingAt = start;
    isMoved = false;
    ahead = 0;
    frozenAt = null;
    last = Number.NEGATIVE_INFINITY;
  }

  /** The present. Only `reset` and fake timers set it back, and it stops at the last moment. */
  function now(): number {
    if (startingAt !== null) {
      ahead = startingAt - machine();
      last = startingAt;
      startingAt = null;
      isMoved = true;
      return last;
    }
    const present = Math.min(frozenAt ?? machine() + ahead, lastTimestamp);
    // The machine's time may be corrected by a moment. If it is set back by more, fake timers have been switched, and a
    // clock that nobody has moved follows.
    const isSwitched = !isMoved && last - present > maxCorrectionMs;
    last = isSwitched ? present : Math.max(last, present);
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
      isMoved = true;
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
      isMoved = true;
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
      isMoved = ahead !== 0 || frozenAt !== null;
      startingAt = null;
      last = Number.NEGATIVE_INFINITY;
    },
  };
}
