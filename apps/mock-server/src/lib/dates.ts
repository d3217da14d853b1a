import { timeOf } from "@auto-extend/core";

/** Dates in the forms that HTTP, ISO 8601 and worlds have them, and their bounds. Times are in milliseconds since 1970. */

/** A date in ISO 8601. */
export const isoDate = remembering(1, (time) => new Date(time).toISOString());

/** A date in the form that HTTP has it, to the second. */
export const httpDate = remembering(1_000, (time) => new Date(time).toUTCString());

/** Remembers the last date, which stays correct for `grainMs`: writing one is slow, and much happens at the same time. */
function remembering(grainMs: number, write: (time: number) => string): (time: number) => string {
  let last = Number.NaN;
  let text = "";
  return function writeDate(time) {
    const grain = Math.floor(time / grainMs);
    if (grain !== last) {
      text = write(time);
      last = grain;
    }
    return text;
  };
}

/**
 * The last time of the mock's clock, at which it stops.
 *
 * Dates are stored as strings with a year of four digits, so that they can be compared as strings. The years up to 9999 leave
 * room for the end of a renewal: no lead time, rental period or span of a world is long enough to exceed them.
 */
export const lastTimestamp = Date.UTC(9000, 0, 1);

/** The longest rental period, and the longest time before an end at which it is paid, in days. */
export const maxPeriodDays = 36_500;

/** Whether a time is written with four digits of the year. */
export function hasPlainYear(time: number): boolean {
  return time >= firstPlain && time <= lastPlain;
}

const firstPlain = Date.parse("0000-01-01T00:00:00.000Z");
const lastPlain = Date.parse("9999-12-31T23:59:59.999Z");

/** Reads a date with a time in ISO 8601; NaN if no calendar or clock has it. */
export function parseDate(text: string): number {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:/.test(text) ? timeOf(text) : Number.NaN;
}
