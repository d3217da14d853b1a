import type { RenewableAddress, RenewableOrder, RenewalGroup } from "./groups.js";
import { fromUnits, toUnits } from "./money.js";
import { RenewalPlan, type Step } from "./plan.js";
import { createMomentWriter, day, readMoment, timesOf } from "./schedule.js";
import type { RenewalSettings } from "./settings.js";

/** What a forecast starts from. Moments are in ISO 8601, amounts in units of the currency. */
export interface ForecastInput {
  readonly orders: readonly RenewableOrder[];
  readonly balance: number;
  /** The price of one renewal of a whole group; `null` where it is not known, and so can't be renewed. */
  readonly priceOf: (group: RenewalGroup) => number | null;
  /** Nothing before this moment is looked at: an IP address that ended earlier is left out. */
  readonly from: string;
  /** The last moment that is looked at, itself included. */
  readonly until: string;
  readonly settings?: RenewalSettings | undefined;
}

/** What happens to a group at a moment. */
export type RenewalEvent = {
  /** In ISO 8601. */
  readonly at: string;
  readonly group: RenewalGroup;
  /** The balance after it. */
  readonly balance: number;
} & (
  | {
      readonly type: "renewed";
      readonly price: number;
      /** The new end, in ISO 8601: the old end and the rental period. */
      readonly endsAt: string;
    }
  | {
      readonly type: "failed";
      /** `null` where it is not known. */
      readonly price: number | null;
    }
  | {
      readonly type: "expired";
      /** Auto-extend is off; or only a part of an IPv6 order could be renewed; or a renewal was not paid. */
      readonly because: "off" | "incomplete" | "unpaid";
    }
);

/** What lies ahead. */
export interface Forecast {
  /**
   * In order of time; at one moment renewals come before expiries, and groups by proxy type, as a list of IP addresses
   * has them, and in the order of the input. What is left of an IPv6 order renews right after the expiry that it waited
   * for.
   */
  readonly events: readonly RenewalEvent[];
  /** The balance at the end. */
  readonly balance: number;
  /** What the renewals cost together. */
  readonly spent: number;
  /** The first renewal that the balance does not cover; `null` where there is none. */
  readonly firstShortage: RenewalEvent | null;
}

/**
 * Tells which renewals lie ahead, what each costs, which fail for lack of money, and what then expires. It changes
 * nothing, asks no clock, and counts amounts exactly.
 *
 * It can be told in parts: up to a moment, and then from the next millisecond on, with the balance of the first part
 * and the orders as its events leave them ({@link applyRenewals}). The parts together are what one forecast tells.
 *
 * Moments beyond the year 9999 are written with a sign and six digits of the year, as ISO 8601 has them. As texts they
 * don't sort, so whoever compares texts must end earlier.
 *
 * @throws RangeError where a moment is no date, an IP address has no end, or an amount can't be counted exactly.
 */
export function forecastRenewals(input: ForecastInput): Forecast {
  const until = readMoment(input.until);
  const plan = new RenewalPlan(input.orders, readMoment(input.from), timesOf(input.settings));
  const iso = createMomentWriter();
  const events: RenewalEvent[] = [];
  const start = toUnits(input.balance);
  let units = start;
  let balance = fromUnits(start);
  let firstShortage: RenewalEvent | null = null;

  for (let step = plan.take(until); step; step = plan.take(until)) {
    if (step.kind === "renew") renew(step);
    else expire(step);
  }
  return { events, balance, spent: fromUnits(start - units), firstShortage };

  function renew(step: Step): void {
    const { group, endsAt: oldEnd } = step.planned;
    const at = iso(step.at);
    const price = input.priceOf(group);
    const cost = price === null ? Number.POSITIVE_INFINITY : toUnits(price);
    if (price !== null && cost <= units) {
      units -= cost;
      balance = fromUnits(units);
      const endsAt = oldEnd + Math.round(group.rentPeriodDays * day);
      events.push({ type: "renewed", at, group, balance, price, endsAt: iso(endsAt) });
      plan.reschedule(step, endsAt, null);
    } else {
      const event: RenewalEvent = { type: "failed", at, group, balance, price };
      events.push(event);
      if (price !== null) firstShortage ??= event;
      plan.reschedule(step, oldEnd, step.at);
    }
  }

  function expire(step: Step): void {
    const { group, endsBecause } = step.planned;
    events.push({ type: "expired", at: iso(step.at), group, balance, because: endsBecause ?? "unpaid" });
    plan.end(step);
  }
}

/**
 * The orders as these events leave them: IP addresses that were renewed get their new end, those whose renewal failed
 * the moment of that as `failedAt`, which a renewal sets back to `null`. An expiry changes nothing, for what has
 * reached its `endsAt` has ended.
 *
 * Nothing is changed in place. Orders and IP addresses keep every other field, and stay the same object where no event
 * is about them; an end is always written to the IP address, not to its order.
 *
 * @param events In order of time, as a forecast tells them.
 */
export function applyRenewals<O extends RenewableOrder>(
  orders: readonly O[],
  events: readonly RenewalEvent[],
): O[] {
  const changes = changesBy(events);
  return orders.map((order) => {
    const changesOfOrder = changes.get(order.orderId);
    if (changesOfOrder === undefined) return order;
    const ipAddresses = order.ipAddresses.map((address) => {
      const change = changesOfOrder.get(address.ipAddressId);
      return change ? applied(address, change) : address;
    });
    return { ...order, ipAddresses };
  });
}

interface Change {
  /** The new end; `undefined` where it stays. */
  readonly endsAt: string | undefined;
  readonly failedAt: string | null;
}

/** What becomes of each IP address in the end, by order. */
function changesBy(events: readonly RenewalEvent[]): Map<string, Map<string, Change>> {
  const changes = new Map<string, Map<string, Change>>();
  for (const event of events) {
    if (event.type === "expired") continue;
    const { orderId, ipAddressIds } = event.group;
    const ofOrder = changes.get(orderId) ?? new Map<string, Change>();
    changes.set(orderId, ofOrder);
    for (const id of ipAddressIds) {
      const change =
        event.type === "renewed"
          ? { endsAt: event.endsAt, failedAt: null }
          : { endsAt: ofOrder.get(id)?.endsAt, failedAt: event.at };
      ofOrder.set(id, change);
    }
  }
  return changes;
}

function applied(address: RenewableAddress, { endsAt, failedAt }: Change): RenewableAddress {
  const changed = endsAt === undefined ? address : { ...address, endsAt };
  // An IP address that never failed doesn't get a field for it.
  return failedAt === null && (address.failedAt ?? null) === null ? changed : { ...changed, failedAt };
}
