import { readHttpDate } from "./http-date.js";

/**
 * Reads the pause that an answer asks for by `Retry-After`, in seconds or as an HTTP date.
 *
 * A date is read against the answer's own `Date`, for the server's clock may be another than this machine's; where it has
 * none that can be read, against this machine's.
 *
 * @param now the machine's time, in milliseconds since 1970.
 * @returns the pause in milliseconds, 0 for a date that is over; `null` where there is none that can be read.
 */
export function readRetryAfter(headers: Headers, now: number): number | null {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const until = readHttpDate(text);
  if (until === null) return null;
  return Math.max(0, until - (readHttpDate(headers.get("date")) ?? now));
}
