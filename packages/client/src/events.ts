import type { Finding } from "@auto-extend/core";
import type { AutoExtendError } from "./errors.js";

/** One event of a call, without the API key and credentials. A call that its caller aborts ends without a further event. */
export type ClientEvent = {
  /** The operation's ID. */
  readonly operation: string;
  readonly method: string;
  /** The redacted URL, with its query. */
  readonly url: string;
  /** The number of the attempt, counted from 1. */
  readonly attempt: number;
} & CallEvent;

/** The part of a {@link ClientEvent} that depends on its type. */
export type CallEvent =
  | { readonly type: "attempt" }
  | {
      readonly type: "answer";
      readonly status: number;
      /** The server's `Date` in ISO 8601; `null` if it is missing or unreadable. Browsers hide that of other origins. */
      readonly date: string | null;
      /** From sending to the end of the body, in milliseconds. */
      readonly duration: number;
    }
  | {
      readonly type: "finding";
      /** How a usable success differs from the contract: a low `quantity` (assumed), a list that says it is incomplete. */
      readonly finding: Finding;
    }
  | { readonly type: "failure"; readonly error: AutoExtendError; readonly willRetry: boolean }
  | {
      readonly type: "pause";
      /** How long until the next attempt, in milliseconds. */
      readonly delay: number;
    };

/** Reports an event and never throws. */
export type Emit = (event: ClientEvent) => void;

/** Wraps a listener, if there is one, so that its errors and rejections reach neither the call nor the program. */
export function emitterOf(onEvent: ((event: ClientEvent) => void) | undefined): Emit | null {
  if (onEvent === undefined) return null;
  // A listener may be async although its type says otherwise. Its rejection would end a Node program.
  return (event) => void (async () => onEvent(event))().catch(() => {});
}
