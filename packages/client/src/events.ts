import type { AutoExtendError } from "./errors.js";

/**
 * What a client tells its `onEvent` of a call, in order; no part of it holds the API key or a proxy's credentials.
 * A call that its caller aborts ends without a further event.
 */
export type ClientEvent = {
  /** The operation's id. */
  readonly operation: string;
  readonly method: string;
  /** The redacted URL, with its query. */
  readonly url: string;
  /** The number of the attempt, from 1 on. */
  readonly attempt: number;
} & Happening;

/** What can happen in a call. */
export type Happening =
  | { readonly type: "attempt" }
  | {
      readonly type: "answer";
      readonly status: number;
      /**
       * What the server's `Date` says, in ISO 8601; `null` where there is none, or none that can be read. Browsers hide
       * that of another origin.
       */
      readonly date: string | null;
      /** From sending to the end of the body, in milliseconds. */
      readonly duration: number;
    }
  | { readonly type: "failure"; readonly error: AutoExtendError; readonly willRetry: boolean }
  | {
      readonly type: "pause";
      /** How long until the next attempt, in milliseconds. */
      readonly delay: number;
    };

/** Tells of an event and never throws. */
export type Emit = (event: ClientEvent) => void;

/** Wraps a listener, so that nothing it throws or rejects with reaches the call or the program. */
export function emitterOf(onEvent: ((event: ClientEvent) => void) | undefined): Emit {
  return (event) => {
    try {
      // A listener may be async all the same; its rejection would otherwise end a Node program.
      const returned: unknown = onEvent?.(event);
      Promise.resolve(returned).catch(() => {});
    } catch {
      // Watching a call must not change it.
    }
  };
}
