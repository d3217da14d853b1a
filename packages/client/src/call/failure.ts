import type { Effect } from "@auto-extend/core";
import type { AutoExtendError, ErrorContext } from "../errors.js";

/** How one attempt failed, as data. Only `call` makes an error of it, since only `call` knows the attempts before. */
export interface Failure {
  /** What this attempt may have done. */
  readonly effect: Effect;
  /** Whether the same request may succeed later. */
  readonly isRetryable: boolean;
  /** The pause that the server asked for, whatever the body says; `null` if it asked for none. */
  readonly retryAfterMs: number | null;
  readonly toError: (context: ErrorContext) => AutoExtendError;
}
