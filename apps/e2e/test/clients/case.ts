import {
  type Effect,
  type EmittedAnswers,
  type ErrorName,
  type Operation,
  type OperationId,
  setAutoExtend,
  specOf,
} from "@auto-extend/core";

// A client case is a call, the answers it gets, and what its caller must learn from them.

export interface ClientCase {
  /** Unique, such as `setAutoExtend/refused/unknown-code`. */
  readonly id: string;
  readonly title: string;
  readonly operation: OperationId;
  /** The caller's input, which some cases get wrong on purpose. */
  readonly request: unknown;
  /** One answer for each request sent; the last one repeats. */
  readonly script: Script;
  readonly expect: ExpectedOutcome;
  /** How many requests must be sent (default: any number). */
  readonly sent?: number;
}

export type Script = readonly [ScriptedAnswer, ...ScriptedAnswer[]];

export type ScriptedAnswer = GivenAnswer | LostAnswer;

export interface GivenAnswer {
  /** Default: 200. */
  readonly status?: number;
  /** Default: `content-type: application/json`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** How many spaces come before the body (default: none). */
  readonly padding?: number;
}

/**
 * An answer that does not arrive, or not all of it:
 *
 * - `refuse`: the connection is refused, so that nothing is sent. It stands alone in its script.
 * - `reset`: the connection breaks after the request.
 * - `hang`: nothing arrives.
 * - `cut`: the connection closes in the middle of the body.
 * - `stall`: nothing more arrives after a part of the body.
 */
export interface LostAnswer {
  readonly lose: "refuse" | "reset" | "hang" | "cut" | "stall";
}

/** The result that the caller must get. */
export type ExpectedOutcome =
  | {
      readonly outcome: "success";
      /** The body as it must reach the caller. */
      readonly answer: unknown;
    }
  | {
      readonly outcome: "error";
      readonly error: ErrorName;
      readonly effect: Effect;
      readonly code?: number;
      readonly message?: string;
      readonly status?: number;
    };

/** The request of most cases: it switches one IPv4 order on. */
export const request = specOf(setAutoExtend).examples.requests.IPv4.request;
/** The documented success that answers {@link request}. */
export const success: EmittedAnswers<"setAutoExtend">["success"] =
  specOf(setAutoExtend).examples.requests.IPv4.success;
/** A failure whose code fits {@link request}. */
export const failure: EmittedAnswers<"setAutoExtend">["failure"] = {
  ...specOf(setAutoExtend).examples.failure,
  ipAddressIds: [],
  error: { code: 29, message: "Incorrect orderIds" },
};
export const unknownError = { code: 4711, message: "Brand new" };

/** Lets a client repeat its request without a pause. No case is about how long it waits. */
const retryNow = { "retry-after": "0" };

export function json(body: unknown, parts: Omit<GivenAnswer, "body"> = {}): GivenAnswer {
  return { ...parts, body: JSON.stringify(body) };
}

/** A JSON answer under a status that makes clients repeat their request. */
export function retriedJson(status: number, body: unknown, mediaType = "application/json"): GivenAnswer {
  return json(body, { status, headers: { "content-type": mediaType, ...retryNow } });
}

export function html(status: number): GivenAnswer & { status: number } {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8", ...retryNow },
    body: `<!doctype html><title>${status}</title><h1>Not the API</h1>`,
  };
}

export function redirect(status: number): GivenAnswer & { status: number } {
  return { ...html(status), headers: { "content-type": "text/html", location: "/elsewhere" } };
}

interface Parts extends Omit<ClientCase, "id" | "operation" | "script"> {
  readonly script: ScriptedAnswer | Script;
}

export function caseOf({ id: operation }: Operation, id: string, { script, ...parts }: Parts): ClientCase {
  return {
    id: `${operation}/${id}`,
    operation: operation as OperationId,
    ...parts,
    script: "length" in script ? script : [script],
  };
}

/** A request that is wrong from the start: the caller learns so, and nothing is sent. */
export function refusedInput(operation: Operation, id: string, what: string, input: unknown): ClientCase {
  return caseOf(operation, `input/${id}`, {
    title: `does not send ${what}`,
    request: input,
    script: json(Object.values(specOf(operation).examples.requests)[0]?.success),
    expect: { outcome: "error", error: "RequestError", effect: "none" },
    sent: 0,
  });
}
