import { groupsOf, type PlannedGroup, type RenewableOrder, timeOf } from "./groups.js";

/** When orders are renewed. The provider does not document it, so the defaults are assumed. */
export interface RenewalSettings {
  /** How long before its end an order is renewed and paid, in hours (default: 0). */
  readonly leadTimeHours?: number | undefined;
  /** How long after a failed renewal it is tried again, in hours, until the order ends; `null` for never (default). */
  readonly retryHours?: number | null | undefined;
}

/** The default of each setting. */
export const defaultRenewalSettings = {
  leadTimeHours: 0,
  retryHours: null,
} as const satisfies Required<RenewalSettings>;

/** The times of the next event and the next renewal, in milliseconds since 1970; `null` for never. */
export interface NextRenewal {
  /** The time of the first event of a forecast: a renewal, a failed one, or an expiry. */
  readonly event: number | null;
  /** The time of the first attempt at a renewal, paid or not. */
  readonly attempt: number | null;
}

interface NextRenewalInput {
  readonly orders: readonly RenewableOrder[];
  /** In ISO 8601. IP addresses that ended before it are ignored. */
  readonly from: string;
  readonly settings?: RenewalSettings | undefined;
}

/** Finds the next event and the next renewal without a forecast. It throws a RangeError like a forecast. */
export function nextRenewal(input: NextRenewalInput): NextRenewal {
  const from = parseTimestamp(input.from);
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
      const time = nextAttempt(last, from, times);
      if (time !== null) attempt = Math.min(attempt, Math.max(time, earliest));
    }
  }
  return { event: orNull(event), attempt: orNull(attempt) };
}

function orNull(time: number): number | null {
  return Number.isFinite(time) ? time : null;
}

export interface RenewalTimes {
  readonly leadMs: number;
  /** `Infinity` for never. */
  readonly retryMs: number;
}

/** Converts the settings to whole milliseconds, as the times of events are. It throws a RangeError if one is out of bounds. */
export function timesOf(settings: RenewalSettings = {}): RenewalTimes {
  const { leadTimeHours = defaultRenewalSettings.leadTimeHours } = settings;
  const retryHours = settings.retryHours ?? Number.POSITIVE_INFINITY;
  if (!(leadTimeHours >= 0 && Number.isFinite(leadTimeHours))) {
    throw new RangeError(`leadTimeHours must be 0 or more; it is ${leadTimeHours}.`);
  }
  if (!(retryHours > 0)) {
    throw new RangeError(`retryHours must be above 0, or null to never try again; it is ${retryHours}.`);
  }
  return { leadMs: Math.round(leadTimeHours * hour), retryMs: Math.ceil(retryHours * hour) };
}

/** The time of the next attempt to renew a group, never before `now`; `null` if it is not renewed but ends. */
export function nextAttempt(
  { endsAt, failedAt, endsBecause }: PlannedGroup,
  now: number,
  { leadMs, retryMs }: RenewalTimes,
): number | null {
  if (endsBecause !== null) return null;
  if (failedAt === null) return Math.max(endsAt - leadMs, now);
  return failedAt + retryMs < endsAt ? Math.max(failedAt + retryMs, now) : null;
}

const hour = 3_600_000;

export const day = 24 * hour;

/** Reads a timestamp in ISO 8601, in milliseconds since 1970. It throws a RangeError if it is not valid. */
export function parseTimestamp(text: string): number {
  const time = timeOf(text);
  if (Number.isNaN(time)) {
    throw new RangeError(`"${text}" is not a timestamp in ISO 8601: give one such as 2030-01-31T12:00:00Z.`);
  }
  return time;
}

/** Writes timestamps in ISO 8601. Many orders end at the same one and writing is slow, so it remembers them. */
export function createTimestampFormatter(): (time: number) => string {
  const written = new Map<number, string>();
  return (time) => {
    const text = written.get(time) ?? new Date(time).toISOString();
    written.set(time, text);
    return text;
  };
}
