/** `2030-01-31`, `2030-01-31 12:00`, `2030-01-31T12:00:00.000+02:00`. */
const yearFirst =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
/** `31.01.2030`, `31.01.2030 12:00:00`. */
const dayFirst = /^(\d{2})\.(\d{2})\.(\d{4})(?:,? (\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/** The largest number that is taken for seconds since 1970; from there on it is milliseconds. */
const mostSeconds = 1e11;
/** The first moment after the year 9999, in milliseconds: later ones don't sort as texts. */
const end = Date.UTC(10_000, 0);

/**
 * A moment in ISO 8601, however a server writes it: as such, with a space, with the day first, in seconds or
 * milliseconds since 1970; without a zone it is taken for UTC (assumed). `null` where it can't be read.
 */
export function momentOf(value: unknown): string | null {
  const time =
    typeof value === "number" ? numbered(value) : typeof value === "string" ? written(value) : null;
  return time !== null && time >= 0 && time < end ? new Date(time).toISOString() : null;
}

function numbered(value: number): number {
  return Math.round(value < mostSeconds ? value * 1000 : value);
}

function written(value: string): number | null {
  const text = value.trim();
  if (/^\d{9,13}$/.test(text)) return numbered(Number(text));
  const first = yearFirst.exec(text);
  if (first) {
    const [, year, month, day, hours, minutes, seconds, fraction = "", zone = "Z"] = first;
    const time = utc([year, month, day, hours, minutes, seconds], Number(`0.${fraction || 0}`) * 1000);
    return time === null ? null : time - offsetOf(zone);
  }
  const other = dayFirst.exec(text);
  if (!other) return null;
  const [, day, month, year, hours, minutes, seconds] = other;
  return utc([year, month, day, hours, minutes, seconds], 0);
}

function utc(parts: readonly (string | undefined)[], milliseconds: number): number | null {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts.map(Number).map(orZero);
  const time = Date.UTC(year, month - 1, day, hours, minutes, seconds, Math.floor(milliseconds));
  const date = new Date(time);
  // The 31st of February would become a day in March.
  const isSame =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hours;
  return isSame ? time : null;
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

/** In milliseconds. */
function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
