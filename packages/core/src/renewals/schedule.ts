import { groupsOf, type PlannedGroup, type RenewableOrder } from "./groups.js";
import { defaultRenewalSettings, type RenewalSettings } from "./settings.js";

/** What lies ahead first. Moments are in milliseconds since 1970, and `null` where there is none. */
export interface NextRenewal {
  /** The first moment at which {@link forecastRenewals} would tell anything, a renewal tried or an expiry. */
  readonly event: number | null;
  /** The first moment at which it would try a renewal, paid or not; what merely ends before does not count. */
  readonly attempt: number | null;
}

/** What {@link nextRenewal} looks at. */
interface NextRenewalInput {
  readonly orders: readonly RenewableOrder[];
  /** In ISO 8601. What ended before is left out. */
  readonly from: string;
  readonly settings?: RenewalSettings | undefined;
}

/**
 * Tells when something happens next to orders, without a forecast: each IP address is looked at once.
 *
 * @throws RangeError where a moment is no date, or an IP address has no end.
 */
export function nextRenewal(input: NextRenewalInput): NextRenewal {
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

/** When renewals are tried, in whole milliseconds. */
export interface RenewalTimes {
  /** How long before the end. */
  readonly lead: number;
  /** How long after a failure; `Infinity` for never. */
  readonly retry: number;
}

/**
 * The settings as spans of time. They are whole milliseconds, as the moments of events are: a forecast that goes on
 * from an event then reckons as one that came by it.
 *
 * @throws RangeError where a span is out of bounds.
 */
export function timesOf(settings: RenewalSettings = {}): RenewalTimes {
  const { leadTimeHours = defaultRenewalSettings.leadTimeHours } = settings;
  const retryHours = settings.retryHours ?? Number.POSITIVE_INFINITY;
  if (!(leadTimeHours >= 0 && Number.isFinite(leadTimeHours))) {
    throw new RangeError("The lead time must be 0 hours or more.");
  }
  if (!(retryHours > 0)) {
    throw new RangeError("A renewal must be tried again after more than 0 hours, or never.");
  }
  return { lead: Math.round(leadTimeHours * hour), retry: Math.ceil(retryHours * hour) };
}

/**
 * When the renewal of a group is tried next, in milliseconds since 1970; `null` where it is not, so that the group ends.
 * Time does not go back: a moment before `now` is now.
 */
export function nextAttempt(
  { endsAt, failedAt, endsBecause }: PlannedGroup,
  now: number,
  { lead, retry }: RenewalTimes,
): number | null {
  if (endsBecause !== null) return null;
  if (failedAt === null) return Math.max(endsAt - lead, now);
  return failedAt + retry < endsAt ? Math.max(failedAt + retry, now) : null;
}

/** An hour in milliseconds, the unit of every moment and span inside. */
const hour = 3_600_000;

/** A day in milliseconds. */
export const day = 24 * hour;

/**
 * A moment in ISO 8601, in milliseconds since 1970.
 *
 * @throws RangeError where it is no date.
 */
export function readMoment(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new RangeError(`"${text}" is no date: give one such as 2030-01-31T12:00:00Z.`);
  return at;
}

/** Writes moments in ISO 8601; many orders end at the same one, and writing it is slow. */
export function createMomentWriter(): (at: number) => string {
  const written = new Map<number, string>();
  return (at) => {
    let text = written.get(at);
    if (text === undefined) {
      text = new Date(at).toISOString();
      written.set(at, text);
    }
    return text;
  };
}
