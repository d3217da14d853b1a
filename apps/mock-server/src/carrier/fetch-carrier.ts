import { requestBodyLimit } from "@auto-extend/core";
import { isBodiless } from "../engine/bodiless.js";
import type { Engine, EngineReply } from "../engine/engine.js";
import type { Manner } from "../engine/faults/deliver.js";
import { socketFeats } from "../engine/faults/feats.js";
import { headerPairs } from "../engine/header-list.js";
import { bodyLength } from "./body-length.js";
import { connectionEnded } from "./connection-ended.js";
import { partialBody } from "./partial-body.js";
import { pause } from "./pause.js";

/** A request that gets to an engine without a socket. */
export interface Carried {
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
export async function carry(engine: Engine, carried: Carried): Promise<Response> {
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
    cannot: socketFeats,
  });
  return enacted(reply, carried);
}

const plainly: Manner = { delay: 0, gzip: null, ending: { how: "whole" } };

async function enacted(reply: EngineReply, { request, source }: Carried): Promise<Response> {
  const { status, body, manner = plainly, through = () => {} } = reply;
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
  const hasNone = request.method === "HEAD" || isBodiless(status);
  if (hasNone || ending.how === "whole" || ("at" in ending && ending.at === "after")) {
    through();
    return new Response(hasNone ? null : bytes, init);
  }
  return new Response(partialBody(bytes, ending, { ...wait, through }), init);
}
