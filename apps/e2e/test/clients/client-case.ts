import type { Effect, ErrorName } from "@auto-extend/core";

/** One promise that a client keeps: a request, what it is answered, and what its caller must learn from it. */
export interface ClientCase {
  /** Stable and unique, such as `refused/unknown-code`. */
  readonly id: string;
  /** What is tried, for people. */
  readonly title: string;
  /** The operation that is called. */
  readonly operation: string;
  /** What the caller hands in; not valid where the case is about that. */
  readonly request: unknown;
  /** The answers, one for each request sent; the last one repeats. */
  readonly script: readonly [ScriptedAnswer, ...ScriptedAnswer[]];
  readonly expect: ExpectedOutcome;
  /** How many requests must have been sent; left out where that is the client's own affair. */
  readonly sent?: number;
}

/** One answer of a script, or the loss of it. */
export type ScriptedAnswer = GivenAnswer | LostAnswer;

/** An answer that comes. */
export interface GivenAnswer {
  /** 200 where left out. */
  readonly status?: number;
  /** `content-type: application/json` where left out. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** So many spaces come before the body. */
  readonly padding?: number;
}

/**
 * An answer that does not come, or not all of it:
 *
 * - `refuse`: the connection is refused, so that nothing is sent. It stands alone in its script.
 * - `reset`: the connection breaks after the request.
 * - `hang`: nothing comes.
 * - `cut`: the connection breaks in the middle of the body.
 * - `stall`: nothing more comes in the middle of the body.
 */
export interface LostAnswer {
  readonly lose: "refuse" | "reset" | "hang" | "cut" | "stall";
}

/** What the caller must learn. */
export type ExpectedOutcome =
  | {
      readonly outcome: "success";
      /** The answer as it must reach the caller. */
      readonly answer: unknown;
    }
  | {
      readonly outcome: "error";
      readonly error: ErrorName;
      readonly effect: Effect;
      /** The provider's error code, for an `ApiError`. */
      readonly code?: number;
      /** The provider's message, for an `ApiError`. */
      readonly message?: string;
      /** The HTTP status, for an `HttpError` or an `ApiError`. */
      readonly status?: number;
    };
