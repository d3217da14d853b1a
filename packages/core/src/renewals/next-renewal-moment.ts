import type { ForecastInput } from "./forecast.js";
import { groupsOf } from "./groups.js";
import { readMoment } from "./moments.js";
import { nextAttempt, timesOf } from "./schedule.js";

/**
 * The first moment at which {@link forecastRenewals} would tell anything of the orders, a renewal tried or an expiry, in
 * milliseconds since 1970; `null` where nothing lies ahead. Each IP address is looked at once.
 *
 * @throws RangeError where a moment is no date, or an IP address has no end.
 */
export function nextRenewalMoment(input: Pick<ForecastInput, "orders" | "from" | "settings">): number | null {
  const from = readMoment(input.from);
  const times = timesOf(input.settings);
  let first = Number.POSITIVE_INFINITY;
  for (const order of input.orders) {
    for (const group of groupsOf(order, from)) {
      first = Math.min(first, nextAttempt(group, from, times) ?? group.endsAt);
    }
  }
  return Number.isFinite(first) ? first : null;
}

/**
 * The first moment at which {@link forecastRenewals} would try a renewal, paid or not, in milliseconds since 1970; `null`
 * where none lies ahead. What merely ends before does not count.
 *
 * @throws RangeError where a moment is no date, or an IP address has no end.
 */
export function nextRenewalAttempt(
  input: Pick<ForecastInput, "orders" | "from" | "settings">,
): number | null {
  const from = readMoment(input.from);
  const times = timesOf(input.settings);
  let first = Number.POSITIVE_INFINITY;
  for (const order of input.orders) {
    for (let group of groupsOf(order, from)) {
      let earliest = from;
      // Of an IPv6 order's groups only the last is ever tried, and not before the one ahead of it has ended.
      for (; group.next; group = group.next) earliest = group.endsAt;
      const attempt = nextAttempt(group, from, times);
      if (attempt !== null) first = Math.min(first, Math.max(attempt, earliest));
    }
  }
  return Number.isFinite(first) ? first : null;
}
