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
