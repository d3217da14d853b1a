import { parseLenientDate } from "../contract/lenient-date.js";
import type { AnswerHeaders } from "../contract/operation.js";

// The meaning of a status, and of the pause that a server asks for, whatever the body says.

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
 * Reads the pause that a server asks for, in milliseconds: `Retry-After-Ms`, `Retry-After`, or with 429 and 503 the end of a
 * rate limit that is used up. Seconds, also with a fraction or a unit, or a date in a common notation, compared with the answer's own `Date` if it
 * has one, since clocks may differ. `null` if it cannot be read.
 *
 * @param timestamp this machine's time, in milliseconds since 1970.
 */
export function readRetryAfter(
  { status, headers }: { readonly status: number; readonly headers: AnswerHeaders },
  timestamp: number,
): number | null {
  const read = (text: string) => pauseOf(text, headers.date, timestamp);
  const ms = Number.parseFloat(headers["retry-after-ms"] ?? "");
  const given = ms >= 0 ? `${ms / 1000}` : (headers["retry-after"] ?? "");
  // A gateway may have joined several headers with commas, and a date has a comma of its own. The first one counts.
  const [first = ""] = /[a-z]+, [^,]+|[^,\s][^,]*/i.exec(given) ?? [];
  return read(first) ?? (status === 429 || status === 503 ? untilReset(headers, read) : null);
}

/** `x-ratelimit-reset: 30`, or in one header `limit=9, remaining=0, reset=30` or `"a";r=0;t=30`. */
const resetOfLimit = /(?:limit-reset[a-z-]*,|\br(?:emaining)?=0[,;] *(?:rese)?t=)((?:[a-z]+, )?[^,;]+)/i;

/** When the first limit that is used up ends. A server that is in trouble for another reason may state its limits as well. */
function untilReset(headers: AnswerHeaders, read: (text: string) => number | null): number | null {
  const text = Object.entries(headers).join(";");
  const [, until = ""] = resetOfLimit.exec(text) ?? [];
  return /limit-remaining,[1-9]/.test(text) ? null : read(until) || null;
}

/** Larger numbers are no pause in seconds, but a date. */
const latestSeconds = 1e9;
/** A header can have any number of digits. So long a pause still ends at a date that can be written. */
const longestPause = 1e15;

function pauseOf(text: string, date: string | undefined, timestamp: number): number | null {
  const [, digits] = /^(\d*\.?\d+) *(?:s[a-z]*)?$/i.exec(text) ?? [];
  const seconds = Number(digits);
  if (seconds < latestSeconds) return Math.ceil(seconds) * 1000;
  const until = readHttpDate(text) ?? Date.parse(parseLenientDate(digits ? seconds : text) ?? "");
  if (Number.isNaN(until)) return digits ? longestPause : null;
  return Math.max(0, until - (readHttpDate(date) ?? timestamp));
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
