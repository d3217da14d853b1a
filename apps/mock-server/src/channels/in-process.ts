import { requestBodyLimit } from "@auto-extend/core";
import type { Engine, EngineReply } from "../engine/engine.js";
import { socketCapabilities } from "../engine/faults/capabilities.js";
import type { Delivery, Ending } from "../engine/faults/deliver.js";
import { bodyLength, hasNullBody, headerPairs } from "../lib/headers.js";

/** A request that gets to an engine without a socket. */
export interface InProcessRequest {
  readonly request: Request;
  /** What the request was made of, if anything: its signal is followed through that. */
  readonly source?: unknown;
  /** What stands in the URL before the paths that the engine knows; nothing where left out. */
  readonly basePath?: string;
}

/**
 * Carries a request to an engine, and its reply back as a `Response`: late, slowly, in part or not at all, where a fault
 * wants it so. What takes a socket the engine refuses by itself.
 *
 * @throws the reason of the request's signal, itself, when it aborts; a TypeError where the connection is to end before
 * the answer.
 */
export async function send(engine: Engine, carried: InProcessRequest): Promise<Response> {
  const { request, basePath = "" } = carried;
  const bytes = new Uint8Array(await request.arrayBuffer());
  // As with a server, nothing is done for a caller who is gone.
  request.signal.throwIfAborted();
  const { pathname, search } = new URL(request.url);
  const reply = engine.handle({
    method: request.method,
    target: pathname.slice(basePath.length) + search,
    headers: Object.fromEntries(request.headers),
    body: bytes.length > requestBodyLimit ? "too-large" : bytes,
    unsupported: socketCapabilities,
  });
  return enacted(reply, carried);
}

const plainly: Delivery = { delay: 0, gzip: null, ending: { how: "whole" } };

async function enacted(reply: EngineReply, { request, source }: InProcessRequest): Promise<Response> {
  const { status, body, delivery: manner = plainly, release: through = () => {} } = reply;
  const { delay, ending } = manner;
  const wait = { signal: request.signal, held: { request, source } };
  try {
    if (delay > 0) await pause(delay, wait);
    if ("at" in ending && ending.at === "before") {
      if (ending.how === "hang") await pause("for ever", wait);
      throw connectionEnded("fetch failed");
    }
  } catch (error) {
    through();
    throw error;
  }
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const init = { status, headers: headerPairs([...reply.headers, ...bodyLength(status, bytes.length)]) };
  // Over HTTP it would get lost, and a `Response` would refuse it.
  const hasNone = request.method === "HEAD" || hasNullBody(status);
  if (hasNone || ending.how === "whole" || ("at" in ending && ending.at === "after")) {
    through();
    return new Response(hasNone ? null : bytes, init);
  }
  return new Response(partialBody(bytes, ending, { ...wait, through }), init);
}

/** How a body comes that does not simply come. */
type PartialEnding = Exclude<Ending, { how: "whole" }>;

/**
 * The body of an answer that comes in drops, breaks off half-way, or stays there. No timer runs but while somebody reads.
 *
 * @param options the caller's signal, and what is to be called once no more will come: all of it was read, or the caller
 * has cancelled it or aborted.
 */
export function partialBody(
  bytes: Uint8Array,
  ending: PartialEnding,
  { signal, held, through }: Wait & { readonly through: () => void },
): ReadableStream<Uint8Array> {
  const over = new AbortController();
  over.signal.addEventListener("abort", through, { once: true });
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
  if (ending.how === "hang") await pause("for ever", wait);
  throw connectionEnded("terminated");
}

/** What ends a wait before its time. */
export interface Wait {
  readonly signal: AbortSignal;
  /**
   * What the abort comes through. A `Request` is held by its signal's source weakly: once it is collected, no abort gets
   * to it any more, and whoever waits would wait for ever.
   */
  readonly held: unknown;
}

const waits = new Set<Wait>();

/**
 * Waits for a time in milliseconds, or for ever, which needs no timer and so keeps no process alive.
 *
 * @throws the signal's reason, itself, when it aborts.
 */
export function pause(time: number | "for ever", wait: Wait): Promise<void> {
  const { signal } = wait;
  return new Promise<void>((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const elapse = () => {
      signal.removeEventListener("abort", abort);
      resolve();
    };
    const timer = time === "for ever" ? undefined : setTimeout(elapse, time);
    signal.addEventListener("abort", abort, { once: true });
    waits.add(wait);
  }).finally(() => waits.delete(wait));
}

/**
 * What Node's `fetch` throws where a connection ends that stood: nobody can tell from it whether the request arrived.
 *
 * @param message what it says where no answer came, `fetch failed`, or not all of it, `terminated`.
 */
export function connectionEnded(message: "fetch failed" | "terminated"): TypeError {
  const cause = Object.assign(new Error("other side closed"), {
    name: "SocketError",
    code: "UND_ERR_SOCKET",
  });
  return new TypeError(message, { cause });
}
