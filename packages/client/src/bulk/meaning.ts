import { describeErrorCode, type ErrorSubject } from "@auto-extend/core";
import { ApiError, type AutoExtendError, HttpError } from "../errors.js";

/** What an error of one call means for its orders and for the run. */
interface Meaning {
  /** `one-of-them`: at least one of the orders is refused, and it is not said which. */
  readonly orders: "refused" | "one-of-them" | "unknown" | "notTried";
  /** Why the run stops; `null` where it goes on. */
  readonly stop: "refused" | "failed" | null;
}

/** Every call of the run has the same, so each would be refused. */
const ofTheRun = new Set<ErrorSubject | null>(["key", "type", "period"]);
/** No order is to blame, and another call may succeed. */
const ofTheCall = new Set<ErrorSubject | null>(["funds", "unknown"]);

/** Reads an error of one call. */
export function meaningOf(error: AutoExtendError, maxRetryAfter: number): Meaning {
  if (error.effect !== "none") {
    return { orders: "unknown", stop: asksForLongPause(error, maxRetryAfter) ? "failed" : null };
  }
  // Not reached, not let in, not found, asked to stay away: the next call would fare no better.
  if (!(error instanceof ApiError)) return { orders: "notTried", stop: "failed" };
  const { about } = describeErrorCode(error.code);
  if (ofTheRun.has(about)) return { orders: "refused", stop: "refused" };
  const isTrouble = error.status === 429 || error.status >= 500;
  return { orders: ofTheCall.has(about) || isTrouble ? "refused" : "one-of-them", stop: null };
}

function asksForLongPause(error: AutoExtendError, maxRetryAfter: number): boolean {
  return error instanceof HttpError && error.retryAfter !== null && error.retryAfter > maxRetryAfter;
}
