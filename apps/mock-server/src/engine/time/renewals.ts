import {
  forecastRenewals,
  nextRenewal,
  priceOfGroup,
  type RenewalEvent,
  type RenewalGroup,
} from "@auto-extend/core";
import type { Account, Changed, Order, Store } from "../state/store.js";
import type { RenewalRules } from "../state/world.js";

/** Lets time pass for accounts: renews, debits and lets expire, by the very forecast that people are shown. */
export interface Renewals {
  /** Brings an account to a moment, in milliseconds since 1970. What happened on the way, in order of time. */
  advanceTo(accountId: string, until: number): readonly RenewalEvent[];
  /** Whether time passes for an account: for one that is nothing but a pattern it does not. */
  passesFor(accountId: string): boolean;
  /** The moment at which a renewal is due next, in all accounts or one; `null` where none is. */
  next(accountId?: string): number | null;
  /** Tells that orders of an account became others: something may be due earlier now, or not any more. */
  switched(accountId: string, changed: readonly Changed[]): void;
  /**
   * Tells that an account was put in: time passes for it from a moment on, in milliseconds since 1970.
   *
   * @param stands whether no time passes for it: it is nothing but a pattern for others.
   */
  begin(accountId: string, from: number, stands: boolean): void;
  /** Tells that an account was put in as a copy of another: time passes for it from a moment on. */
  beginAs(accountId: string, original: string, from: number): void;
  /** For accounts that are put in from then on. */
  rules: RenewalRules;
}

/** What is known of an account, so that its orders need not be looked at each time. */
interface Known extends Ahead {
  /** Whether no time passes for it. */
  readonly stands: boolean;
  /** Up to when everything has happened, itself included. */
  settledAt: number;
}

/** Moments that lie ahead, in milliseconds since 1970; infinite where there is none. */
interface Ahead {
  /** Nothing happens before this moment. */
  due: number;
  /** The first renewal that is tried; `null` where it is to be worked out anew. */
  attempt: number | null;
}

/** @param store whose accounts time passes for. */
export function createRenewals(store: Store, rules: RenewalRules): Renewals {
  const known = new Map<string, Known>();

  function of(accountId: string): Known {
    const about = known.get(accountId);
    if (about) return about;
    throw new RangeError(`No time passes for account "${accountId}": it was never put in.`);
  }

  function aheadOf(orders: Iterable<Order>, settledAt: number): Ahead & { attempt: number } {
    const from = iso(settledAt + 1);
    const { event, attempt } = nextRenewal({ orders: [...orders], from, settings: renewals.rules });
    return { due: event ?? Number.POSITIVE_INFINITY, attempt: attempt ?? Number.POSITIVE_INFINITY };
  }

  function ordersOf(accountId: string): Iterable<Order> {
    return store.get(accountId)?.orders.values() ?? [];
  }

  function attemptOf(accountId: string): number {
    const about = of(accountId);
    about.attempt ??= aheadOf(ordersOf(accountId), about.settledAt).attempt;
    return about.attempt;
  }

  const renewals: Renewals = {
    rules,
    advanceTo(accountId, until) {
      const about = of(accountId);
      if (about.stands) return [];
      if (until < about.due) {
        about.settledAt = Math.max(about.settledAt, until);
        return [];
      }
      const account = store.get(accountId);
      if (!account) return [];
      const { events, balance } = forecastRenewals({
        orders: [...account.orders.values()],
        balance: account.balance,
        priceOf: priceFor(account),
        from: iso(about.settledAt + 1),
        until: iso(until),
        settings: renewals.rules,
      });
      if (events.length > 0) store.transact(accountId, [{ kind: "renewals", events, balance }]);
      known.set(accountId, { stands: false, settledAt: until, ...aheadOf(account.orders.values(), until) });
      return events;
    },
    passesFor: (accountId) => !of(accountId).stands,
    next(accountId) {
      let first = Number.POSITIVE_INFINITY;
      for (const id of accountId === undefined ? store.ids() : [accountId]) {
        if (renewals.passesFor(id)) first = Math.min(first, attemptOf(id));
      }
      return Number.isFinite(first) ? first : null;
    },
    switched(accountId, changed) {
      const about = of(accountId);
      const after = aheadOf(
        changed.map((each) => each.after),
        about.settledAt,
      );
      about.due = Math.min(about.due, after.due);
      if (about.attempt === null) return;
      const before = aheadOf(
        changed.map((each) => each.before),
        about.settledAt,
      );
      if (after.attempt <= about.attempt) about.attempt = after.attempt;
      // What was tried first is tried later now, or never: which one is first now, all orders together tell.
      else if (before.attempt === about.attempt) about.attempt = null;
    },
    begin(accountId, from, stands) {
      // One millisecond before, for what is due at the very start is to happen.
      const settledAt = from - 1;
      // Worked out now: a large account takes a while, and whoever sends the first request would wait for it.
      known.set(accountId, { stands, settledAt, ...aheadOf(ordersOf(accountId), settledAt) });
    },
    beginAs(accountId, original, from) {
      const { due, settledAt, stands } = of(original);
      known.set(accountId, {
        stands: false,
        // A pattern is as it was put in, whatever time it is.
        settledAt: stands ? from - 1 : settledAt,
        due,
        attempt: attemptOf(original),
      });
    },
  };
  return renewals;
}

/** What a renewal of a group costs; `null` where the account has no price for it. */
function priceFor({ prices }: Pick<Account, "prices">): (group: RenewalGroup) => number | null {
  return ({ proxyType, rentPeriodDays, ipAddressIds }) => {
    const price = prices[proxyType]?.[rentPeriodDays];
    return price === undefined ? null : priceOfGroup(price, ipAddressIds.length);
  };
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}
