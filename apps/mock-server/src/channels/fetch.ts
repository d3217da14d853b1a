import { requestBodyLimit } from "@auto-extend/core";
import statuses from "statuses";
import type { Engine } from "../engine/engine.js";
import type { Capability, Delivery, Ending, EngineReply } from "../engine/types.js";
import { bodyLength, hasNullBody, headerPairs } from "../lib/headers.js";
import { encodeUtf8 } from "../lib/text.js";

/** The channel for requests that reach an engine without a socket: those of a `fetch`, and of MSW. */

/** The engine refuses faults that need one of these. */
export const socketCapabilities = new Set<Capability>(["reset", "close-after", "gzip"]);

export interface InProcessRequest {
  readonly request: Request;
  /** The object that the request was made from, if any: an abort of its signal is noticed through it. */
  readonly source?: unknown;
  readonly basePath?: string;
}

/**
 * Sends a request to an engine, and returns its reply as the `Response` of a `fetch`: late, slowly, in part or not at
 * all, if a fault demands it.
 *
 * @throws the reason of the request's signal, unwrapped, when it aborts; a TypeError if the connection ends before the
 * answer.
 */
export async function send(engine: Engine, sent: InProcessRequest): Promise<Response> {
  const { request, source, basePath = "" } = sent;
  const wait = { signal: request.signal, held: { request, source } };
  // As with a server, nothing is done for a caller who aborts before the end of the body.
  const buffer = await unlessAborted<ArrayBuffer>(wait, (resolve, reject) => {
    request.arrayBuffer().then(resolve, reject);
    return () => {};
  });
  const bytes = new Uint8Array(buffer);
  const { pathname, search, protocol } = new URL(request.url);
  if (!/^https?:$/.test(protocol)) {
    throw new TypeError("fetch failed", { cause: new Error(`The scheme ${protocol} is not supported.`) });
  }
  const isLarge = bytes.length > requestBodyLimit;
  const headers = Object.fromEntries(request.headers);
  if (isLarge) headers["content-length"] = String(bytes.length);
  const reply = engine.handle({
    method: request.method,
    target: pathname.slice(basePath.length) + search,
    headers,
    body: isLarge ? "too-large" : bytes,
    unsupported: socketCapabilities,
  });
  return withUrl(await respond(reply, request.method, wait), request.url.replace(/#.*$/s, ""));
}

const plainDelivery: Delivery = { delay: 0, gzip: null, ending: { how: "whole" } };

async function respond(reply: EngineReply, method: string, wait: Wait): Promise<Response> {
  const { status, body, delivery = plainDelivery, release = () => {} } = reply;
  const { delay, ending } = delivery;
  try {
    if (delay > 0) await pause(delay, wait);
    if ("at" in ending && ending.at === "before") {
      if (ending.how === "hang") await pause("forever", wait);
      throw connectionEnded("fetch failed");
    }
  } catch (error) {
    release();
    throw error;
  }
  const bytes = typeof body === "string" ? encodeUtf8(body) : body;
  const headers = headerPairs([...reply.headers, ...bodyLength(status, bytes.length)]);
  const init = { status, headers, statusText: statuses.message[status] ?? "" };
  // Over HTTP it would get lost, and a `Response` would refuse it.
  const hasNone = method === "HEAD" || hasNullBody(status);
  if (hasNone || ending.how === "whole" || ("at" in ending && ending.at === "after")) {
    release();
    return new Response(hasNone ? null : bytes, init);
  }
  return new Response(partialBody(bytes, ending, { ...wait, release }), init);
}

/** Only a real `fetch` can give a `Response` its URL and type. Older versions of MSW define it again, so it must be configurable. */
function withUrl(response: Response, url: string): Response {
  return Object.defineProperties(response, {
    url: { value: url, configurable: true },
    type: { value: "basic", configurable: true },
    clone: { value: () => withUrl(Response.prototype.clone.call(response), url), configurable: true },
  });
}

/** The error of Node's `fetch` when a connection ends, before the answer or within it. */
function connectionEnded(message: "fetch failed" | "terminated"): TypeError {
  const cause = Object.assign(new Error("other side closed"), {
    name: "SocketError",
    code: "UND_ERR_SOCKET",
  });
  return new TypeError(message, { cause });
}

type PartialEnding = Exclude<Ending, { how: "whole" }>;

/** The body of an answer that drips, or stops in the middle. A timer runs only while the caller reads. */
function partialBody(
  bytes: Uint8Array,
  ending: PartialEnding,
  { signal, held, release }: Wait & { readonly release: () => void },
): ReadableStream<Uint8Array> {
  const over = new AbortController();
  over.signal.addEventListener("abort", release, { once: true });
  const parts = partsOf(bytes, ending, { signal: over.signal, held });

  function start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const abort = () => {
      controller.error(signal.reason);
      over.abort(signal.reason);
    };
    signal.addEventListener("abort", abort, { signal: over.signal });
  }

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const part = await parts.next();
      if (!part.done) return controller.enqueue(part.value);
      controller.close();
    } catch (error) {
      controller.error(error);
    }
    over.abort();
  }

  return new ReadableStream({ start, pull, cancel: (reason) => over.abort(reason) }, { highWaterMark: 0 });
}

async function* partsOf(bytes: Uint8Array, ending: PartialEnding, wait: Wait): AsyncGenerator<Uint8Array> {
  if (ending.how === "drip") {
    for (let sent = 0; sent < bytes.length; sent += ending.bytes) {
      if (sent > 0) await pause(ending.everyMs, wait);
      yield bytes.subarray(sent, sent + ending.bytes);
    }
    return;
  }
  yield bytes.subarray(0, bytes.length >> 1);
  if (ending.how === "hang") await pause("forever", wait);
  throw connectionEnded("terminated");
}

interface Wait {
  readonly signal: AbortSignal;
  /** A `Request` is held weakly by the source of its signal: once it is collected, no abort reaches it any more. */
  readonly held: unknown;
}

const waits = new Set<Wait>();

/** Forever needs no timer, and keeps no process alive. */
function pause(time: number | "forever", wait: Wait): Promise<void> {
  return unlessAborted<void>(wait, (resolve) => {
    const timer = time === "forever" ? undefined : setTimeout(resolve, time);
    return () => clearTimeout(timer);
  });
}

/**
 * @param start returns a function that ends what it has started.
 * @throws the signal's reason, unwrapped, when it aborts.
 */
function unlessAborted<Value>(
  wait: Wait,
  start: (resolve: (value: Value) => void, reject: (reason: unknown) => void) => () => void,
): Promise<Value> {
  const { signal } = wait;
  const over = new AbortController();
  return new Promise<Value>((resolve, reject) => {
    signal.throwIfAborted();
    const stop = start(resolve, reject);
    const abort = () => {
      stop();
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { signal: over.signal });
    waits.add(wait);
  }).finally(() => {
    over.abort();
    waits.delete(wait);
  });
}
