import { parseLenientDate } from "../contract/lenient-date.js";
import type { AnswerHeaders } from "../contract/operation.js";

// The meaning of a status and of Retry-After, whatever the body says.

/** Whether a status is one of success: 2xx. */
export function isSuccessStatus(status: number): boolean {
  return Math.floor(status / 100) === 2;
}

/** Whether a status is about the server or the way to it, not the request, which may succeed later: 408, 429 and 5xx. */
export function isTroubleStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Whether the request may still be carried out after this status, although the answer is no success: 408 and 5xx. */
export function isUncertainStatus(status: number): boolean {
  return isTroubleStatus(status) && status !== 429;
}

/**
 * Reads the pause that `Retry-After` asks for, in milliseconds: seconds, also with a fraction or a unit, or a date in a common
 * notation, compared with the answer's own `Date` if it has one, since clocks may differ. `null` if it cannot be read.
 *
 * @param timestamp this machine's time, in milliseconds since 1970.
 */
export function readRetryAfter(headers: AnswerHeaders, timestamp: number): number | null {
  // A gateway may have joined several headers with commas, and a date has a comma of its own. The first one counts.
  const parts = headers["retry-after"]?.match(/[a-z]+, [^,]+|[^,\s][^,]*/gi) ?? [];
  const [first = null, ...others] = parts.map((part) => pauseOf(part.trim(), headers.date, timestamp));
  return others.includes(null) ? null : first;
}

/** A header can have any number of digits. So long a pause still ends at a date that can be written. */
const longestPause = 1e15;

function pauseOf(text: string, date: string | undefined, timestamp: number): number | null {
  const [, seconds] = /^(\d*\.?\d+) *(?:s[a-z]*)?$/i.exec(text) ?? [];
  if (seconds !== undefined) return Math.min(Math.ceil(Number(seconds)) * 1000, longestPause);
  const until = readHttpDate(text) ?? Date.parse(parseLenientDate(text) ?? "");
  return Number.isNaN(until) ? null : Math.max(0, until - (readHttpDate(date) ?? timestamp));
}

/** Reads an HTTP date in any of its three forms, in milliseconds since 1970; `null` if it is missing or cannot be read. */
export function readHttpDate(header: string | undefined): number | null {
  // The oldest form, by the C function asctime, ends with the year and is in GMT (RFC 9110).
  const text = header?.trim().replace(/ \d{4}$/, "$& GMT") ?? "";
  // `Date.parse` alone accepts much that is not a date, such as "1.5", and takes 30 February for 2 March.
  const isDate = /^[a-z]{3,9},? [\w :-]+ (?:GMT|UTC|[+-]0000)$/i.test(text);
  const date = new Date(isDate ? text : Number.NaN);
  const [day] = /\d+/.exec(text) ?? [];
  return date.getUTCDate() === Number(day) ? date.getTime() : null;
}
