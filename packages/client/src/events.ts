import type { AutoExtendError } from "./errors.js";

/** What a client tells its `onEvent` of a call, in order; no part of it holds the API key. */
export type ClientEvent = {
  /** The operation's id. */
  readonly operation: string;
  readonly method: string;
  /** The redacted URL. */
  readonly url: string;
  /** The number of the attempt, from 1 on. */
  readonly attempt: number;
} & (
  | { readonly type: "attempt" }
  | {
      readonly type: "answer";
      readonly status: number;
      /** From sending to the end of the body, in milliseconds. */
      readonly duration: number;
    }
  | { readonly type: "failure"; readonly error: AutoExtendError; readonly willRetry: boolean }
  | {
      readonly type: "pause";
      /** How long until the next attempt, in milliseconds. */
      readonly delay: number;
    }
);
