import type { Effect } from "@auto-extend/core";
import type { AutoExtendError, ErrorContext } from "../errors.js";
import type { RetryOptions } from "../options.js";

/** A failed attempt, as data. Only `call` can make an error of it, since only `call` knows the earlier attempts. */
export interface Failure {
  readonly effect: Effect;
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
  if (retryAfterMs !== null) return retryAfterMs > policy.maxRetryAfter ? null : retryAfterMs;
  // Drawn from the whole range, so that callers that failed together do not retry together.
  return Math.random() * policy.delay * 2 ** (attempts - 1);
}
