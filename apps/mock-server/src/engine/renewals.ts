import {
  forecastRenewals,
  nextRenewalAttempt,
  nextRenewalMoment,
  priceOfGroup,
  type RenewalEvent,
  type RenewalGroup,
} from "@auto-extend/core";
import type { Account, Order, Store } from "./store.js";
import type { RenewalRules } from "./world.js";

/** Lets time pass for accounts: renews, debits and lets expire, by the very forecast that people are shown. */
export interface Renewals {
  /** Brings an account to a moment, in milliseconds since 1970. What happened on the way, in order of time. */
  settle(accountId: string, until: number): readonly RenewalEvent[];
  /** The moment at which a renewal is due next, in all accounts or one; `null` where none is. */
  next(accountId?: string): number | null;
  /** Tells that auto-extend of some orders was switched: something may be due earlier now. */
  switched(accountId: string, orders: readonly Order[], now: number): void;
  /** Tells that an account was put in: time passes for it from a moment on, in milliseconds since 1970. */
  begin(accountId: string, from: number): void;
  /** Tells that an account was put in as a copy of another. */
  beginAs(accountId: string, original: string): void;
  rules: RenewalRules;
}

interface Known {
  /** Up to when everything has happened, itself included. */
  settledAt: number;
  /** Nothing happens before this moment; infinite where nothing lies ahead, `null` where it is not known yet. */
  due: number | null;
}

/** @param store whose accounts time passes for. */
export function createRenewals(store: Store, rules: RenewalRules): Renewals {
  const known = new Map<string, Known>();

  function of(accountId: string): Known {
    const about = known.get(accountId);
    if (!about) throw new RangeError(`No time passes for account "${accountId}": it was never put in.`);
    // Found out when it is first asked for: most accounts are never looked at.
    about.due ??= dueIn(accountId, about.settledAt + 1);
    return about;
  }

  function dueIn(accountId: string, from: number): number {
    return nextIn([...(store.get(accountId)?.orders.values() ?? [])], from);
  }

  function nextIn(orders: readonly Order[], from: number): number {
    const next = nextRenewalMoment({ orders, from: iso(from), settings: renewals.rules });
    return next ?? Number.POSITIVE_INFINITY;
  }

  const renewals: Renewals = {
    rules,
    settle(accountId, until) {
      const about = of(accountId);
      if (until < (about.due ?? 0)) {
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
      about.settledAt = until;
      about.due = dueIn(accountId, until + 1);
      return events;
    },
    next(accountId) {
      const ids = accountId === undefined ? store.ids() : [accountId];
      const moments = ids.flatMap((id) => {
        const orders = [...(store.get(id)?.orders.values() ?? [])];
        const from = iso(of(id).settledAt + 1);
        return nextRenewalAttempt({ orders, from, settings: renewals.rules }) ?? [];
      });
      return moments.length === 0 ? null : Math.min(...moments);
    },
    switched(accountId, orders, now) {
      // Paid at their end, orders have nothing due before it, whether they are on or off.
      if (renewals.rules.leadTimeHours === 0) return;
      const about = of(accountId);
      about.due = Math.min(about.due ?? 0, nextIn(orders, now));
    },
    begin(accountId, from) {
      // One millisecond before, for what is due at the very start is to happen.
      known.set(accountId, { settledAt: from - 1, due: null });
    },
    beginAs(accountId, original) {
      known.set(accountId, { ...of(original) });
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
