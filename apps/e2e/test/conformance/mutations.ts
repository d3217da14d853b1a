import { catalogued, proxyTypes, setAutoExtend } from "@auto-extend/core";
import type { Mutation, PassingAnswer, PassingRequest } from "./mutating-proxy.js";

/** A JSON object on its way. */
export type Json = Record<string, unknown>;

/** A server that breaks the contract in one way, and the case that is there to catch it. */
export interface BrokenServer {
  readonly does: string;
  /** The id of the case. */
  readonly caughtBy: string;
  /** Made anew for each run, since some servers remember. */
  readonly mutation: () => Mutation;
}

/** A broken server that remembers nothing. */
export function broken(does: string, caughtBy: string, mutation: Mutation): BrokenServer {
  return { does, caughtBy, mutation: () => mutation };
}

/** Changes the JSON object of a request before the right server reads it. */
export function reading(change: (body: Json) => Json): Mutation {
  return {
    request(request) {
      const body = jsonOf(request.body);
      const changed = body && change(body);
      // What need not change passes byte for byte, so that a server is broken in one way only.
      return changed && JSON.stringify(changed) !== JSON.stringify(body)
        ? withBody(request, changed)
        : request;
    },
  };
}

/** Answers a JSON request itself where it has an answer for it. */
export function deciding(
  decide: (body: Json, request: PassingRequest) => PassingAnswer | undefined,
): Mutation {
  return {
    request(request) {
      const body = jsonOf(request.body);
      return (body && decide(body, request)) ?? request;
    },
  };
}

/** Changes the successes. */
export function succeeding(change: (answer: Json, asked: Json) => unknown): Mutation {
  return writing((answer, asked) => (answer.success === true ? change(answer, asked) : answer));
}

/** Changes the failures. */
export function failing(change: (answer: Json, asked: Json) => unknown): Mutation {
  return writing((answer, asked) => (answer.success === false ? change(answer, asked) : answer));
}

/** Changes the envelopes, successes and failures. */
export function writing(change: (answer: Json, asked: Json) => unknown): Mutation {
  return envelopes((answer, body, asked) => withBody(answer, change(body, asked)));
}

/** Changes the answers that are envelopes, with all that HTTP has of them. */
export function envelopes(
  change: (answer: PassingAnswer, body: Json, asked: Json) => PassingAnswer | "reset" | "hang",
): Mutation {
  return {
    answer(answer, request) {
      const body = jsonOf(answer.body);
      return body && typeof body.success === "boolean"
        ? change(answer, body, jsonOf(request.body) ?? {})
        : answer;
    },
  };
}

/** Changes the answers that have a status. */
export function answering(status: number, change: (answer: PassingAnswer) => PassingAnswer): Mutation {
  return { answer: (answer) => (answer.status === status ? change(answer) : answer) };
}

/** The failure with a code, as a right server writes it. */
export function refusal(code: number): PassingAnswer {
  const error = { code, message: catalogued(code).message.text };
  return jsonAnswer({ ...setAutoExtend.examples.failure, error });
}

/** An answer with a JSON body. */
export function jsonAnswer(body: unknown, status = 200): PassingAnswer {
  const headers = { "content-type": "application/json" };
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}

/** An answer with a page. */
export function page(status: number): PassingAnswer {
  return { status, headers: { "content-type": "text/html" }, body: Buffer.from("<h1>Something else</h1>") };
}

/** The same message with another JSON body. */
export function withBody<Message extends PassingRequest | PassingAnswer>(
  message: Message,
  body: unknown,
): Message {
  return { ...message, body: Buffer.from(JSON.stringify(body)) };
}

/** The same message with other headers beside its own. */
export function withHeaders<Message extends PassingRequest | PassingAnswer>(
  message: Message,
  headers: Record<string, string>,
): Message {
  return { ...message, headers: { ...message.headers, ...headers } };
}

/** The JSON object in a body; `undefined` where it is anything else. */
export function jsonOf(body: Buffer): Json | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a request gets as far as its order ids. */
export function namesType({ proxyType }: Json): boolean {
  return proxyTypes.some((type) => type === proxyType);
}

/** Whether a request names orders of the default world, and none that isn't there. */
export function namesOrders({ orderIds }: Json): boolean {
  const known = ["11111", "22222", "33333", "44444", "55555"];
  return Array.isArray(orderIds) && orderIds.length > 0 && orderIds.every((id) => known.includes(id));
}
