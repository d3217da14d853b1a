import { forecastRenewals, nextRenewal, priceOfGroup, type RenewalEvent } from "@auto-extend/core";
import { isoDate } from "../../lib/dates.js";
import type { Events } from "../log/events.js";
import type { Store } from "../state/store.js";
import type { RenewalRules } from "../state/world.js";
import type { Account, Order, SwitchedOrder } from "../types.js";

/** A summary of an account, so that its orders need not be searched each time. */
interface Timeline {
  readonly isTemplate: boolean;
  /** Everything up to and including this time has happened. */
  advancedTo: number;
  /** Nothing happens before this time; infinite if nothing will. */
  due: number;
  /** When a renewal is next attempted; infinite if none is, `null` if it has to be worked out. */
  attempt: number | null;
  /** The last events, in order of time. */
  readonly history: readonly RenewalEvent[];
}

export type Renewals = ReturnType<typeof createRenewals>;

/**
 * Lets time pass for accounts: renews, debits and lets expire, by the same forecast that the CLI shows. Times are in
 * milliseconds since 1970. The rules may be replaced later, together with all accounts.
 */
export function createRenewals(store: Store, events: Events, rules: RenewalRules) {
  const timelines = new Map<string, Timeline>();

  function timelineOf(accountId: string): Timeline {
    const timeline = timelines.get(accountId);
    if (timeline) return timeline;
    throw new RangeError(`No time passes for account "${accountId}": it was never put in.`);
  }

  function ahead(accountId: string, advancedTo: number): { readonly due: number; readonly attempt: number } {
    const orders = [...(store.get(accountId)?.orders.values() ?? [])];
    const next = nextRenewal({ orders, from: isoDate(advancedTo + 1), settings: renewals.rules });
    return { due: next.event ?? Number.POSITIVE_INFINITY, attempt: next.attempt ?? Number.POSITIVE_INFINITY };
  }

  function attemptOf(accountId: string): number {
    const timeline = timelineOf(accountId);
    timeline.attempt ??= ahead(accountId, timeline.advancedTo).attempt;
    return timeline.attempt;
  }

  /** Makes everything happen that is due up to and including a time. */
  function renew(accountId: string, account: Account, until: number): readonly RenewalEvent[] {
    const { advancedTo, history: earlier } = timelineOf(accountId);
    const span = { from: advancedTo + 1, until };
    const forecast = forecastOf({ ...account, orders: account.orders.values() }, span, renewals.rules);
    // It may only have seemed that something was due: then nothing has changed that would have to be saved.
    if (forecast.events.length > 0) store.renew(accountId, forecast.events, forecast.balance);
    const history = lastOf(earlier, forecast.events);
    timelines.set(accountId, { isTemplate: false, advancedTo: until, history, ...ahead(accountId, until) });
    for (const renewal of events.isWatched ? forecast.events : nothing) {
      const size = 500 + 25 * renewal.group.ipAddressIds.length;
      events.emit({ at: renewal.at, account: accountId, type: "renewal", renewal }, size);
    }
    return forecast.events;
  }

  const renewals = {
    /** Replaced together with all accounts. */
    rules,
    /** Advances an account to a time. @returns what happened on the way, in order of time. */
    advanceTo(accountId: string, until: number): readonly RenewalEvent[] {
      const timeline = timelineOf(accountId);
      if (timeline.isTemplate) return nothing;
      const account = until >= timeline.due ? store.get(accountId) : undefined;
      if (account) return renew(accountId, account, until);
      timeline.advancedTo = Math.max(timeline.advancedTo, until);
      return nothing;
    },
    /** Whether an account is only the template, for which no time passes. */
    isTemplate: (accountId: string) => timelines.get(accountId)?.isTemplate ?? false,
    /** The last events of an account since it was put in, in order of time. */
    history: (accountId: string) => timelines.get(accountId)?.history ?? nothing,
    /** When the next renewal is due, in all accounts or in one; `null` if none is. */
    next(accountId?: string): number | null {
      const ids = accountId === undefined ? store.ids() : [accountId];
      const attempts = ids.filter((id) => !timelineOf(id).isTemplate).map(attemptOf);
      const first = attempts.reduce((earliest, each) => Math.min(earliest, each), Number.POSITIVE_INFINITY);
      return Number.isFinite(first) ? first : null;
    },
    /** Must be called after orders of an account were switched: something may be due earlier, or no longer. */
    switched(accountId: string, switched: readonly Pick<SwitchedOrder, "order">[]): void {
      const timeline = timelineOf(accountId);
      timeline.attempt = null;
      for (const { order } of switched) {
        const earliest = earliestAttempt(order, renewals.rules, timeline.advancedTo);
        timeline.due = Math.min(timeline.due, earliest);
      }
    },
    /** Must be called when an account was put in: time passes for it from then on, unless it is a template. */
    begin(accountId: string, from: number, { isTemplate }: { readonly isTemplate: boolean }): void {
      // One millisecond earlier, since what is due at the very start has to happen.
      const advancedTo = from - 1;
      // Worked out now: it takes a while for a large account, and the first request should not have to wait.
      timelines.set(accountId, { isTemplate, advancedTo, history: nothing, ...ahead(accountId, advancedTo) });
    },
    /** Must be called when an account was copied from another. */
    beginCopy(accountId: string, original: string, from: number): void {
      const { due, advancedTo, isTemplate } = timelineOf(original);
      const attempt = attemptOf(original);
      // A template stays as it was put in, whatever time it is.
      const since = isTemplate ? from - 1 : advancedTo;
      timelines.set(accountId, { isTemplate: false, advancedTo: since, due, attempt, history: nothing });
    },
    /** Must be called when an account was removed, or all of them: new API keys would fill the memory. */
    forget: (accountId?: string): unknown =>
      accountId === undefined ? timelines.clear() : timelines.delete(accountId),
  };
  return renewals;
}

const nothing: readonly RenewalEvent[] = [];

interface RenewedAccount extends Pick<Account, "balance" | "prices"> {
  readonly orders: Iterable<Order>;
}

/** @param span both ends inclusive, in milliseconds since 1970. */
export function forecastOf(
  { orders, balance, prices }: RenewedAccount,
  span: { readonly from: number; readonly until: number },
  settings: RenewalRules,
) {
  return forecastRenewals({
    orders: [...orders],
    balance,
    priceOf: ({ proxyType, rentPeriodDays, ipAddressIds }) => {
      const price = prices[proxyType]?.[rentPeriodDays];
      return price === undefined ? null : priceOfGroup(price, ipAddressIds.length);
    },
    from: isoDate(span.from),
    until: isoDate(span.until),
    settings,
  });
}

/** The maximum number of events to retain for an account. */
export const maxHistory = 5_000;

function lastOf(earlier: readonly RenewalEvent[], events: readonly RenewalEvent[]): readonly RenewalEvent[] {
  return events.length === 0 ? earlier : [...earlier, ...events.slice(-maxHistory)].slice(-maxHistory);
}

const hourMs = 3_600_000;

/**
 * A time before which no renewal of an order is attempted. It can be too early, which costs one look at the account and
 * does no harm: working it out exactly would take as long as that for each request that switches.
 */
function earliestAttempt(
  { ipAddresses }: Order,
  { leadTimeHours }: RenewalRules,
  advancedTo: number,
): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { endsAt, autoExtend, failedAt } of ipAddresses) {
    if (!autoExtend) continue;
    const end = Date.parse(endsAt);
    if (end <= advancedTo) continue;
    // A failed renewal is attempted again at some time before the end.
    if (failedAt) return advancedTo;
    earliest = Math.min(earliest, end - leadTimeHours * hourMs);
  }
  return earliest;
}
