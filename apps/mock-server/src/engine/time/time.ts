import type { RenewalEvent } from "@auto-extend/core";
import type { Events } from "../log/events.js";
import { isRunning, type Order, type Store } from "../state/store.js";
import type { Clock } from "./clock.js";
import type { Renewals } from "./renewals.js";

/** The mock's time, and what happens to accounts as it passes. */
export interface Time {
  /** The moment, whether it stands still, and when the next renewal is due, in all accounts or one. */
  state(account?: string): ClockState;
  /**
   * Goes ahead by days and hours, and lets happen what happens on the way.
   *
   * @throws RangeError for an amount that is not positive or too large.
   */
  advance(by: { readonly days?: number; readonly hours?: number }): Passed;
  /** Goes ahead to a moment, in milliseconds since 1970. @throws RangeError for one that is over, or is beyond the last. */
  moveTo(moment: number): Passed;
  /** Goes ahead to the next renewal, in all accounts or one. @throws RangeError where none lies ahead. */
  toNextRenewal(account?: string): Passed;
  /** Stands still from now on. */
  freeze(): ClockState;
  /** Flows on, as fast as the machine's time. */
  flow(): ClockState;
  /** Brings one account, or all, to the present moment. */
  advanceTo(account?: string): Renewed[];
}

/** The mock's clock as it is. */
export interface ClockState {
  /** In ISO 8601. */
  readonly now: string;
  /** Whether it stands still. */
  readonly frozen: boolean;
  /** When the next renewal is due, in ISO 8601; `null` where none lies ahead. */
  readonly nextRenewal: string | null;
}

/** What happened as the clock went ahead. */
export interface Passed extends ClockState {
  /** What happened to orders on the way, account by account, for each in order of time. */
  readonly renewals: readonly Renewed[];
}

/** What happened to orders of an account. */
export type Renewed = RenewalEvent & { readonly account: string };

/** What time passes for. */
export interface TimeParts {
  readonly clock: Clock;
  readonly store: Store;
  readonly renewals: Renewals;
  readonly events: Events;
  readonly onChange: () => void;
}

const hour = 3_600_000;

/** Lets time pass for the accounts of a store. */
export function createTime({ clock, store, renewals, events, onChange }: TimeParts): Time {
  function settle(account?: string): Renewed[] {
    const until = clock.now();
    const ids = account === undefined ? store.ids() : [account];
    return ids.flatMap((id) => {
      const happened = renewals.advanceTo(id, until);
      if (happened.length === 0) return [];
      for (const renewal of happened) {
        events.emit(id, () => ({ type: "renewal", at: renewal.at, account: id, renewal }));
      }
      onChange();
      return happened.map((event) => ({ account: id, ...event }));
    });
  }

  function state(account?: string): ClockState {
    settle(account);
    const next = renewals.next(account);
    return {
      now: new Date(clock.now()).toISOString(),
      frozen: clock.frozen,
      nextRenewal: next === null ? null : new Date(next).toISOString(),
    };
  }

  function goTo(moment: number): Passed {
    clock.moveTo(moment);
    return { renewals: settle(), ...told() };
  }

  function noRenewal(account?: string): string {
    const ids = account === undefined ? store.ids() : [account];
    const orders = ids
      .filter(renewals.passesFor)
      .flatMap((id) => [...(store.get(id)?.orders.values() ?? [])]);
    return whyNoRenewal(orders, new Date(clock.now()).toISOString());
  }

  function told(): ClockState {
    const now = state();
    events.emit(null, () => ({ type: "clock", at: now.now, account: null, frozen: now.frozen }));
    onChange();
    return now;
  }

  return {
    state,
    advance({ days = 0, hours = 0 }) {
      const time = (days * 24 + hours) * hour;
      if (!(time > 0)) {
        throw new RangeError("Say how far the clock is to go: days, hours or both, more than 0 together.");
      }
      return goTo(clock.now() + Math.round(time));
    },
    moveTo: goTo,
    toNextRenewal(account) {
      settle();
      const next = renewals.next(account);
      if (next === null) throw new RangeError(noRenewal(account));
      return goTo(Math.max(next, clock.now()));
    },
    freeze() {
      clock.freeze();
      return told();
    },
    flow() {
      clock.flow();
      return told();
    },
    advanceTo: settle,
  };
}

/** Says why no renewal lies ahead of orders, at a moment in ISO 8601, and what to do. */
export function whyNoRenewal(orders: readonly Order[], now: string): string {
  if (orders.length === 0) {
    return "No renewal lies ahead: there are no orders that time passes for. An API key gets its account with its first request.";
  }
  const counts = new Map<string, number>();
  for (const order of orders) {
    const what = obstacle(order, now);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const told = [...counts].map(([what, count]) => `${count} ${count === 1 ? "has" : "have"} ${what}`);
  const all = `${orders.length} ${orders.length === 1 ? "order" : "orders"}`;
  return `No renewal lies ahead: of ${all}, ${told.join(", ")}. Switch auto-extend on for one that has not ended, or reset the mock.`;
}

/** What an order has that keeps it from being renewed. */
function obstacle({ ipAddresses }: Order, now: string): string {
  const running = ipAddresses.filter((address) => isRunning(address, now));
  const on = running.filter(({ autoExtend }) => autoExtend);
  if (running.length === 0) return "ended";
  if (on.length === 0) return "auto-extend off";
  if (on.some(({ failedAt }) => failedAt)) return "a renewal that was not paid and is not tried again";
  return "auto-extend on for a part only, where IPv6 renews whole";
}
