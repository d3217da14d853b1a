import type { Effect } from "@auto-extend/core";
import type { AutoExtendError, ErrorContext } from "../errors.js";
import type { RetryOptions } from "../options.js";

/** A failed attempt, as data. Only `call` can make an error of it, since only `call` knows the earlier attempts. */
export interface Failure {
  /** The effect of this attempt. */
  readonly effect: Effect;
  /** Whether the same request may succeed later. */
  readonly isRetryable: boolean;
  /** The pause that the server asked for, whatever the body says; `null` if it asked for none. */
  readonly retryAfterMs: number | null;
  readonly toError: (context: ErrorContext) => AutoExtendError;
}

/** The pause before the next attempt, in milliseconds; `null` if there is to be none. */
export function delayBeforeRetry(
  { isRetryable, retryAfterMs }: Failure,
  attempts: number,
  policy: Required<RetryOptions>,
): number | null {
  if (attempts >= policy.attempts || !isRetryable) return null;
  if (retryAfterMs !== null) return retryAfterMs <= policy.maxRetryAfter ? retryAfterMs : null;
  // Drawn from the whole range, so that callers that failed together do not retry together.
  return Math.random() * policy.delay * 2 ** (attempts - 1);
}

/** Whether the same request may succeed later. The status alone decides, since a refusal under 503 may pass as well. */
export function isRetryableStatus(status: number): boolean {
  return status === 429 || status >= 500;
}

/**
 * Reads the pause that `Retry-After` asks for, in seconds or as an HTTP date.
 *
 * A date is compared with the answer's own `Date`, since the clocks of server and client may differ, or with this
 * machine's clock if the answer has none.
 *
 * @param timestamp this machine's time, in milliseconds since 1970.
 * @returns the pause in milliseconds, 0 for a date in the past; `null` if the header is missing or cannot be read.
 */
export function readRetryAfter(headers: Readonly<Record<string, string>>, timestamp: number): number | null {
  const text = headers["retry-after"]?.trim() ?? "";
  if (text === "") return null;
  // A gateway may have joined two headers with a comma. The first one counts.
  const [seconds] = /^\d+(?=(?:\s*,\s*\d+)*$)/.exec(text) ?? [];
  if (seconds !== undefined) return Number(seconds) * 1000;
  const until = readHttpDate(text);
  return until === null ? null : Math.max(0, until - (readHttpDate(headers.date) ?? timestamp));
}

/** The oldest form of an HTTP date, by the C function asctime: it names no zone and is in GMT (RFC 9110). */
const asctimeDate = /^[a-z]{3} [a-z]{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/i;

/** Reads an HTTP date, in milliseconds since 1970; `null` if it is missing or cannot be read. */
export function readHttpDate(header: string | undefined): number | null {
  const text = header?.trim() ?? "";
  if (asctimeDate.test(text)) return readHttpDate(`${text.slice(0, 3)}, ${text.slice(4)} GMT`);
  // `Date.parse` alone accepts much that is not a date, such as "1.5".
  const date = /^[a-z]+, .+ GMT$/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : date;
}
