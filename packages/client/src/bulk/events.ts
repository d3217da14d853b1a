import type { AutoExtendError } from "../errors.js";

/** What a run tells of: so far, chunks alone. */
export type BulkEvent = BulkChunk;

/**
 * What became of one chunk of ids. Each id of it is in one of the four lists, or counted in `duplicates`: together they
 * are `given`.
 */
export interface BulkChunk {
  readonly type: "chunk";
  /** The place of the chunk in the source, from 0 on; chunks finish in another order where several are under way. */
  readonly index: number;
  /** How many ids were taken for it. */
  readonly given: number;
  /** How many of them were in it before, and dropped. */
  readonly duplicates: number;
  /** The orders that are switched. */
  readonly changed: readonly string[];
  /** The orders that were refused, and by what; nothing of them was changed. */
  readonly refused: readonly BulkRefusal[];
  /** The orders that may have been switched, and may not. */
  readonly unknown: readonly BulkUnknown[];
  /** The orders of which nothing was changed because the run stopped: given again, they may go through. */
  readonly notTried: readonly string[];
  /** How many IP addresses the provider says were switched. */
  readonly quantity: number;
  /** How many calls it took, each with retries of its own. */
  readonly calls: number;
}

/** An order that was refused. */
export interface BulkRefusal {
  readonly orderId: string;
  /** The provider's error code; `null` where the id is not valid and was not sent. */
  readonly code: number | null;
  /** The provider's message, or what is wrong with the id. */
  readonly message: string;
}

/** An order of which it is not known whether it was switched. */
export interface BulkUnknown {
  readonly orderId: string;
  /** What the call ended with; its `effect` is `unknown` or `reported-applied`. */
  readonly error: AutoExtendError;
}

/**
 * Why a run stopped before its end: its signal (`aborted`); a refusal that every further call would meet (`refused`);
 * an error of which the same is to be expected (`failed`); a source that threw, or something unforeseen (`thrown`,
 * which the iteration throws as well); the end of the iteration, as by `break` (`left`).
 */
export type BulkStop = "aborted" | "refused" | "failed" | "thrown" | "left";

/** The sums of all chunks that are finished: `changed + refused + unknown + notTried + duplicates` is `given`. */
export interface BulkAccount {
  /** How many ids were taken from the source. */
  readonly given: number;
  /** How many of them were in the same chunk before. */
  readonly duplicates: number;
  readonly changed: number;
  readonly refused: number;
  readonly unknown: number;
  readonly notTried: number;
  /** How many IP addresses the provider says were switched. */
  readonly quantity: number;
  readonly chunks: number;
  readonly calls: number;
  /** Whether the source was taken to its end; where not, what is left in it is not counted and was not tried. */
  readonly exhausted: boolean;
  /** Why the run stopped before its end; `null` where it did not, or has not yet. */
  readonly stopped: BulkStop | null;
  /** What a run that was `refused` or `failed` met with. */
  readonly error: AutoExtendError | null;
}
