import {
  matchPath,
  type Operation,
  operations,
  proxyTypes,
  requireErrorCode,
  setAutoExtend,
  specOf,
} from "@auto-extend/core";
import type { Mutation, PassingAnswer, PassingRequest } from "./mutating-proxy.js";

export type Json = Record<string, unknown>;

/** A server that breaks the contract in one way, and the cases that must catch it. */
export interface BrokenServer {
  readonly does: string;
  /** The IDs of the cases, first that of the operation that it is mostly about. */
  readonly caughtBy: readonly [string, ...string[]];
  /** Made for each run, because some servers remember. */
  readonly mutation: () => Mutation;
}

/** A broken server without a memory. */
export function broken(
  does: string,
  caughtBy: string | BrokenServer["caughtBy"],
  mutation: Mutation,
): BrokenServer {
  return { does, caughtBy: typeof caughtBy === "string" ? [caughtBy] : caughtBy, mutation: () => mutation };
}

/** The IDs of a case that several operations have. */
export function inEach(ids: readonly [Operation["id"], ...Operation["id"][]], name: string) {
  const [first, ...others] = ids;
  return [`${first}/${name}`, ...others.map((id) => `${id}/${name}`)] as const;
}

export const switches = ["setAutoExtend", "setAutoExtendByIpAddress"] as const;
/** Those whose request is a body. */
export const posts = [...switches, "priceExtension", "priceExtensionByIpAddress"] as const;
/** Those whose request is a query with a proxy type. */
export const queries = ["listIpAddresses", "getRentPeriods"] as const;

export const everyOperation = operations.map(({ id }) => id) as [Operation["id"], ...Operation["id"][]];

export function onlyFor(
  ids: readonly Operation["id"][],
  { also, request: changeRequest, answer: changeAnswer }: Mutation,
): Mutation {
  const isMeant = (request: PassingRequest) => ids.some((id) => id === operationOf(request)?.id);
  return {
    also: (request) => (also && isMeant(request) ? also(request) : undefined),
    request: (request) => (changeRequest && isMeant(request) ? changeRequest(request) : request),
    answer: (answer, request) => (changeAnswer && isMeant(request) ? changeAnswer(answer, request) : answer),
  };
}

export function operationOf({ path }: PassingRequest): Operation | undefined {
  const [pathname = ""] = path.split("?");
  return operations.find((operation) => matchPath(operation.path, pathname));
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

export function readingQuery(change: (query: Json) => Json): Mutation {
  return {
    request(request) {
      if (request.method !== "GET" || !operationOf(request)) return request;
      const [pathname = ""] = request.path.split("?");
      const query = new URLSearchParams(change(queryOf(request)) as Record<string, string>);
      return { ...request, path: query.size > 0 ? `${pathname}?${query}` : pathname };
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

export function succeeding(change: (answer: Json, asked: Json) => unknown): Mutation {
  return writing((answer, asked) => (answer.success === true ? change(answer, asked) : answer));
}

export function failing(change: (answer: Json, asked: Json) => unknown): Mutation {
  return writing((answer, asked) => (answer.success === false ? change(answer, asked) : answer));
}

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
        ? change(answer, body, jsonOf(request.body) ?? queryOf(request))
        : answer;
    },
  };
}

export function answering(status: number, change: (answer: PassingAnswer) => PassingAnswer): Mutation {
  return { answer: (answer) => (answer.status === status ? change(answer) : answer) };
}

/** The failure with a code, as a right server answers it to a request. */
export function refusal(code: number, request?: PassingRequest): PassingAnswer {
  const operation: Operation = (request && operationOf(request)) ?? setAutoExtend;
  const { examples } = specOf(operation);
  const error = { code, message: requireErrorCode(code).message.text };
  return jsonAnswer({ ...(examples.failure as Json), error });
}

export function refusing(
  code: number,
  isRefused: (body: Json, request: PassingRequest) => boolean,
): Mutation {
  return deciding((body, request) => (isRefused(body, request) ? refusal(code, request) : undefined));
}

export function jsonAnswer(body: unknown, status = 200): PassingAnswer {
  const headers = { "content-type": "application/json" };
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}

export function page(status: number): PassingAnswer {
  return { status, headers: { "content-type": "text/html" }, body: Buffer.from("<h1>Something else</h1>") };
}

export function withBody<Message extends PassingRequest | PassingAnswer>(
  message: Message,
  body: unknown,
): Message {
  return { ...message, body: Buffer.from(JSON.stringify(body)) };
}

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

function queryOf({ path }: PassingRequest): Json {
  return Object.fromEntries(new URLSearchParams(path.split("?")[1] ?? ""));
}

/** Whether a request gets as far as its order IDs. */
export function namesType({ proxyType }: Json): boolean {
  return proxyTypes.some((type) => type === proxyType);
}

/** Whether a request names orders of the default world, and none that isn't there. */
export function namesOrders({ orderIds }: Json): boolean {
  const known = ["11111", "22222", "33333", "44444", "55555", "66666"];
  return Array.isArray(orderIds) && orderIds.length > 0 && orderIds.every((id) => known.includes(id));
}
