import {
  type Operation,
  type SetAutoExtendFailure,
  type SetAutoExtendSuccess,
  setAutoExtend,
  specOf,
} from "@auto-extend/core";
import type { ClientCase, ExpectedOutcome, GivenAnswer, ScriptedAnswer } from "./client-case.js";

/** The request of most cases, which switches one IPv4 order on. */
export const request = specOf(setAutoExtend).examples.requests.IPv4.request;
/** The documented success, which answers {@link request}. */
export const success: SetAutoExtendSuccess = specOf(setAutoExtend).examples.requests.IPv4.success;
/** A failure with a code that fits {@link request}. */
export const failure: SetAutoExtendFailure = {
  ...specOf(setAutoExtend).examples.failure,
  ipAddressIds: [],
  error: { code: 29, message: "Incorrect orderIds" },
};

/** An answer with a JSON body. */
export function json(body: unknown, parts: Omit<GivenAnswer, "body"> = {}): GivenAnswer {
  return { ...parts, body: JSON.stringify(body) };
}

/** Asks a client that sends again to do so at once: no case is about how long it waits. */
export const atOnce = { "retry-after": "0" };

/** An answer with an HTML page, as gateways give it. */
export function html(status: number): GivenAnswer & { status: number } {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8", ...atOnce },
    body: `<!doctype html><title>${status}</title><h1>Not the API</h1>`,
  };
}

/** What of a case differs from the others. */
interface Parts {
  readonly title: string;
  readonly script: ScriptedAnswer | readonly [ScriptedAnswer, ...ScriptedAnswer[]];
  readonly expect: ExpectedOutcome;
  readonly request: unknown;
  readonly sent?: number;
}

/** A case of an operation. */
export function caseOf(operation: Operation, id: string, { script, ...parts }: Parts): ClientCase {
  return {
    id: `${operation.id}/${id}`,
    operation: operation.id,
    ...parts,
    script: "length" in script ? script : [script],
  };
}

/** A case of {@link setAutoExtend}, with the request of most cases where it has none of its own. */
export function clientCase(
  id: string,
  parts: Omit<Parts, "request"> & Partial<Pick<Parts, "request">>,
): ClientCase {
  return caseOf(setAutoExtend, id, { request, ...parts });
}
