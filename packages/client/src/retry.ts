import { type AutoExtendError, NetworkError, TimeoutError } from "./errors.js";
import { isLasting } from "./network-failure.js";
import type { RetryOptions } from "./options.js";

/** What {@link retryDelay} goes by. */
interface Tried {
  /** How many attempts there were. */
  readonly attempts: number;
  /** What the last answer's `Retry-After` asked for, in milliseconds. */
  readonly retryAfter: number | null;
  readonly policy: Required<RetryOptions>;
}

/** The pause before the next attempt, in milliseconds; `null` where there shall be none. */
export function retryDelay(error: AutoExtendError, { attempts, retryAfter, policy }: Tried): number | null {
  if (attempts >= policy.attempts || !mayMend(error)) return null;
  if (retryAfter !== null) return retryAfter <= policy.maxRetryAfter ? retryAfter : null;
  // Drawn from the whole range, so that callers that failed together don't come back together.
  return Math.random() * policy.delay * 2 ** (attempts - 1);
}

/** Whether repeating may mend a failure. By the status, where there is one: a refusal under 503 may be passing. */
function mayMend(error: AutoExtendError): boolean {
  if (error instanceof NetworkError) return !isLasting(error.code);
  if (error instanceof TimeoutError) return true;
  const status = "status" in error ? Number(error.status) : 0;
  return status === 429 || status >= 500;
}
