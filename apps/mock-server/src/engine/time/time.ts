import { isoDate, parseDate } from "../../lib/dates.js";
import { pluralize } from "../../lib/text.js";
import type { Events } from "../log/events.js";
import { isRunning, type Store } from "../state/store.js";
import type { Order } from "../types.js";
import type { Clock } from "./clock.js";
import type { ClockCommand } from "./clock-command.js";
import type { Renewals } from "./renewals.js";
import type { ClockMove, ClockState, Renewed } from "./schemas.js";

/** The clock after it was advanced. */
export interface Passed extends ClockState {
  /** The events of orders on the way, account by account, for each in order of time. */
  readonly renewals: readonly Renewed[];
}

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

  /** Advances to a time, in milliseconds since 1970. @throws RangeError if it is in the past or after the last moment. */
  function moveTo(time: number): Passed {
    clock.moveTo(time);
    return { renewals: advanceAll(), ...moved() };
  }

  /** Reports that the clock was moved. */
  function moved(): ClockState {
    const present = state();
    const { now, frozen } = present;
    events.emit({ at: now, account: null, type: "clock", frozen });
    onChange();
    return present;
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
    /** @throws RangeError for an amount that is not positive or too large. */
    advance({ days = 0, hours = 0 }: { readonly days?: number; readonly hours?: number }): Passed {
      const span = (days * 24 + hours) * hourMs;
      if (!(span > 0)) {
        throw new RangeError("Say how far to advance the clock: days, hours or both, more than 0 together.");
      }
      return moveTo(clock.now() + Math.round(span));
    },
    moveTo,
    /** Advances to the next renewal, in all accounts or in one. @throws RangeError if no renewal is due. */
    toNextRenewal(account?: string): Passed {
      advanceAll();
      const next = renewals.next(account);
      if (next === null) throw new RangeError(noRenewal(account));
      return moveTo(Math.max(next, clock.now()));
    },
    freeze(): ClockState {
      clock.freeze();
      return moved();
    },
    /** Starts the clock again; it runs as fast as the machine's time. */
    resume(): ClockState {
      clock.resume();
      return moved();
    },
    advanceAll,
  };
}

/**
 * Carries out a clock command, for the control API and for tests in the same process.
 *
 * @param account reports this account alone, and advances to its next renewal. Time passes for all.
 * @throws RangeError if the clock cannot go there.
 */
export function moveClock(time: Time, command: ClockCommand, account?: string): ClockMove {
  const { now, frozen, renewals, ...all } = moved(time, command, account);
  const reported = account === undefined ? renewals : renewals.filter((each) => each.account === account);
  const count = (type: Renewed["type"]) => reported.filter((each) => each.type === type).length;
  const { nextRenewal } = account === undefined ? all : time.state(account);
  return {
    now,
    frozen,
    nextRenewal,
    renewed: count("renewed"),
    unpaid: count("failed"),
    expired: count("expired"),
    renewals: reported,
  };
}

function moved(time: Time, command: ClockCommand, account: string | undefined) {
  if ("advance" in command) return time.advance(command.advance);
  if ("to" in command) return time.moveTo(parseDate(command.to));
  if ("toNextRenewal" in command) return time.toNextRenewal(account);
  return { ...("freeze" in command ? time.freeze() : time.resume()), renewals: [] };
}

/** Says why no renewal is due, and what to do. */
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

/** Why an order is not renewed. */
function obstacle({ ipAddresses }: Order, now: string): string {
  const running = ipAddresses.filter((address) => isRunning(address, now));
  const on = running.filter(({ autoExtend }) => autoExtend);
  if (running.length === 0) return "expired";
  if (on.length === 0) return "auto-extend off";
  if (on.some(({ failedAt }) => failedAt)) return "a failed renewal that is not tried again";
  return "auto-extend on for some addresses only, and IPv6 renews whole orders";
}
