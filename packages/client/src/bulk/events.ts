import type { Finding, ProxyType } from "@auto-extend/core";
import type { ApiError, AutoExtendError } from "../errors.js";
import type { SetAutoExtendResult } from "../types.js";
import type { UnsentOrder } from "./lookup.js";

/** The outcome of a finished chunk. Each of the `given` IDs is counted in `duplicates` or is in a list from `changed` to `unsent`. */
export interface BulkChunk {
  readonly type: "chunk";
  /** The number of the chunk, counted from 0. Chunks can finish in another order if several are sent at once. */
  readonly index: number;
  /** The proxy type of all its orders; `null` for a chunk of orders that are not sent. */
  readonly proxyType: ProxyType | null;
  /** The rental period of all its orders, in days; `null` for a chunk of orders that are not sent. */
  readonly rentPeriodDays: number | null;
  /** How many IDs it has, duplicates included. */
  readonly given: number;
  /** How many of them were repeated within the chunk, and dropped. */
  readonly duplicates: number;
  /** The orders that are switched, according to the provider's answer. */
  readonly changed: readonly string[];
  /**
   * The orders of a success with too low a `quantity`, with failures, or with a status such as 202. With `readBack`, the list
   * shows which are switched.
   */
  readonly unconfirmed: readonly BulkUnconfirmed[];
  /** The orders that were refused, and why. None of them was changed. */
  readonly refused: readonly BulkRefusal[];
  /** The orders of which it is unknown whether they were switched. */
  readonly unknown: readonly BulkUnknown[];
  /**
   * The orders that were not changed because the run stopped, or because their proxy type and rental period were refused before.
   * In another run they may succeed.
   */
  readonly notTried: readonly string[];
  /** The orders that were not sent, since their proxy type or rental period could not be looked up. */
  readonly unsent: readonly UnsentOrder[];
  /**
   * The orders whose IP addresses have several rental periods, of which the most frequent was chosen to switch off (assumed).
   * Each is in another list as well.
   */
  readonly assumedPeriod: readonly string[];
  /** How many IP addresses were switched, according to the provider's answers. */
  readonly quantity: number;
  /** The provider's answers that report success, whole: one for each call that did not fail. */
  readonly answers: readonly SetAutoExtendResult[];
  /** How many calls it took, each with retries of its own. */
  readonly calls: number;
}

/** An order that was refused. */
export interface BulkRefusal {
  readonly orderId: string;
  /** The provider's error code; `null` if the ID is not valid and was not sent. */
  readonly code: number | null;
  /** The provider's message, or the problem of the ID. */
  readonly message: string;
  /** The provider's refusal; `null` if the ID is not valid and was not sent. */
  readonly error: ApiError | null;
}

/** An order whose outcome is unknown. */
export interface BulkUnknown {
  readonly orderId: string;
  /** The error of the call. Its `effect` is `unknown` or `reported-applied`. */
  readonly error: AutoExtendError;
}

/** An order of a call that succeeded, and may not have switched all of its orders. */
export interface BulkUnconfirmed {
  readonly orderId: string;
  /** How the success differs from what was requested. */
  readonly finding: Finding;
}

/** The sent orders in the list of IP addresses, after all chunks. */
export interface BulkReadBack {
  /** How many orders have only IP addresses that are as requested. */
  readonly confirmed: number;
  /** The orders with at least one IP address that is not as requested. */
  readonly different: readonly string[];
  /** The orders that the list cannot confirm: it is not complete, lacks them, or could not be read. */
  readonly unclear: readonly string[];
  /** Why the list could not be read; `null` if it was. */
  readonly error: AutoExtendError | null;
}

/**
 * Why a run stopped before its end, or left out some of the orders:
 *
 * - `aborted`: its signal.
 * - `refused`: the provider refused the API key, or a proxy type and rental period. No further call with it was sent; orders of
 *   other types and periods that were looked up were sent.
 * - `failed`: the next call would most likely fail as well, or the server asked for too long a pause. A call with an
 *   unknown outcome also stops the run if, after 10 calls, no order is known to be switched or refused, and so do unknown error
 *   codes that refuse 10 orders in a row, each by itself.
 * - `thrown`: the source of IDs or `beforeChunk` threw, or there was a bug; `finish()` or the loop throws it.
 * - `left`: your loop over the events ended early.
 */
export type BulkStop = "aborted" | "refused" | "failed" | "thrown" | "left";

/** The counts over all finished chunks. `given` is the sum of the counts from `duplicates` to `unsent`. */
export interface BulkSummary {
  /** How many IDs were taken from the source. */
  readonly given: number;
  /** How many of them were repeated within their chunk. */
  readonly duplicates: number;
  /** Orders that are switched. After a read-back this includes those that only the list confirmed. */
  readonly changed: number;
  /** Orders of calls that succeeded but may not have switched all of their orders; a read-back may move them to another count. */
  readonly unconfirmed: number;
  /** Orders that the provider reported as switched, and that the list shows differently afterwards. */
  readonly different: number;
  readonly refused: number;
  readonly unknown: number;
  readonly notTried: number;
  readonly unsent: number;
  /** How many orders have several rental periods, of which the most frequent was chosen (assumed). They are counted above as well. */
  readonly assumedPeriod: number;
  /** How many IP addresses were switched, according to the provider's answers. */
  readonly quantity: number;
  readonly chunks: number;
  /** How many calls switched orders or tried to, each with retries of its own. */
  readonly calls: number;
  /** Whether the source was read to its end. If not, the rest of it is not counted and was not tried. */
  readonly exhausted: boolean;
  /** Why the run stopped before its end, or left out some of the orders; `null` if it did not, or not yet. */
  readonly stopped: BulkStop | null;
  /** The error of a run that was `refused` or `failed`. Its `retryAfter` says how long to wait, if the server does. */
  readonly error: AutoExtendError | null;
  /** The outcome of the read-back; `null` if there was none, or not yet. An aborted run is not read back. */
  readonly readBack: BulkReadBack | null;
}
