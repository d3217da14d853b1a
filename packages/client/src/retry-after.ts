/**
 * Reads a `Retry-After` header, in seconds or as an HTTP date.
 *
 * @returns the pause in milliseconds, 0 for a date that is over; `null` where there is none that can be read.
 */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // `Date.parse` alone would take much for a date that is none, such as "1.5".
  const date = /^[a-z]+, .+ GMT$/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
