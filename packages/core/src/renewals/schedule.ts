import type { PlannedGroup } from "./groups.js";
import { hour } from "./moments.js";
import { defaultRenewalSettings, type RenewalSettings } from "./settings.js";

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
