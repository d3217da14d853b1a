import type { ForecastInput } from "./forecast.js";
import { groupsOf } from "./groups.js";
import { readMoment } from "./moments.js";
import { nextAttempt, timesOf } from "./schedule.js";

/** What lies ahead first. Moments are in milliseconds since 1970, and `null` where there is none. */
export interface NextRenewal {
  /** The first moment at which {@link forecastRenewals} would tell anything, a renewal tried or an expiry. */
  readonly event: number | null;
  /** The first moment at which it would try a renewal, paid or not; what merely ends before does not count. */
  readonly attempt: number | null;
}

/**
 * Tells when something happens next to orders, without a forecast: each IP address is looked at once.
 *
 * @throws RangeError where a moment is no date, or an IP address has no end.
 */
export function nextRenewal(input: Pick<ForecastInput, "orders" | "from" | "settings">): NextRenewal {
  const from = readMoment(input.from);
  const times = timesOf(input.settings);
  let event = Number.POSITIVE_INFINITY;
  let attempt = Number.POSITIVE_INFINITY;
  for (const order of input.orders) {
    for (const group of groupsOf(order, from)) {
      event = Math.min(event, nextAttempt(group, from, times) ?? group.endsAt);
      // Of an IPv6 order's groups only the last is ever tried, and not before the one ahead of it has ended.
      let last = group;
      let earliest = from;
      for (; last.next; last = last.next) earliest = last.endsAt;
      const tried = nextAttempt(last, from, times);
      if (tried !== null) attempt = Math.min(attempt, Math.max(tried, earliest));
    }
  }
  return { event: orNull(event), attempt: orNull(attempt) };
}

function orNull(moment: number): number | null {
  return Number.isFinite(moment) ? moment : null;
}
