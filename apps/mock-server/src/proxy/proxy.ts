import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type BaseUrl, requestBodyLimit } from "@auto-extend/core";
import { readRequestBody, sendReply } from "../channels/node.js";
import type { Engine } from "../engine/engine.js";
import { type Begun, type Handled, refused } from "../engine/handler.js";
import { type EngineProblem, internalError } from "../engine/problem.js";
import { headerText } from "../lib/text.js";
import { discretionFor } from "./discretion.js";
import { driftText } from "./drift-text.js";
import { exchangeDrift } from "./exchange-drift.js";
import { createForward } from "./forward.js";
import { withoutHeaders } from "./headers.js";
import { answerLimitOf, passedOn } from "./passed-on.js";
import { withheld } from "./withheld.js";

interface ProxyOptions {
  /** How long a whole answer of the server behind may take, in milliseconds. */
  readonly timeout?: number;
}

/** The largest body of a request that is passed on, in bytes. */
const largestBody = 16 * 1024 * 1024;

/** What is passed on is below this path, as all paths of the API are. */
const apiPrefix = "/client/";

/**
 * Passes requests on to a server, and its answers back, byte for byte; faults spoil them as they would the mock's own.
 * Both are held to the contract: what differs is told in the header `mock-drift` and in the request log.
 *
 * A request whose caller is gone is seen through all the same: it may have been carried out, and the log is to say so.
 */
export function createProxy(
  engine: Engine,
  upstream: BaseUrl,
  { timeout = 60_000 }: ProxyOptions = {},
): RequestListener {
  const forward = createForward(upstream, { timeout });

  function listener(request: IncomingMessage, response: ServerResponse): void {
    readRequestBody(request, largestBody, (body) => {
      void carry(request, response, body).catch(() => response.destroy());
    });
  }

  async function carry(
    request: IncomingMessage,
    response: ServerResponse,
    body: Uint8Array | "too-large",
  ): Promise<void> {
    const { method = "", url = "", headers } = request;
    const isRead = body !== "too-large" && body.length <= requestBodyLimit;
    const begun = engine.begin({
      method,
      target: url,
      headers,
      body: isRead ? body : "too-large",
      // In front of real money an order id means that order, and nothing else.
      ignoreMagic: true,
    });
    // The answer may take long, and a caller who is gone must not count as under way.
    if (begun.plan) response.once("close", begun.plan.release);
    const handled = await become(begun, request, body);
    const reply = engine.end(begun, {
      ...told(handled, response),
      discretion: discretionFor(begun, handled),
    });
    if (response.destroyed) begun.plan?.release();
    else sendReply(response, reply);
  }

  async function become(
    begun: Begun,
    { socket, rawHeaders }: IncomingMessage,
    body: Uint8Array | "too-large",
  ): Promise<Handled> {
    const { method, target } = begun.request;
    try {
      const stays = withheld(begun, body);
      if (stays) return { ...stays, drift: exchangeDrift(begun) };
      if (body === "too-large" || !target.startsWith(apiPrefix)) {
        return refused(begun.problem ?? { error: internalError });
      }
      if (isItself(upstream, socket)) return { ...refused(loop), drift: exchangeDrift(begun) };
      const answer = await forward({ method, target, rawHeaders, body, limit: answerLimitOf(begun) });
      if ("problem" in answer) return { ...refused(answer.problem), drift: exchangeDrift(begun) };
      return passedOn(begun, answer);
    } catch {
      // What was thrown may quote what came.
      return refused({ error: internalError });
    }
  }

  return listener;

  /** Tells the caller of what drifts; what this server has said of itself (CORS) stays. */
  function told(handled: Handled, response: ServerResponse): Handled {
    const { reply, drift = [] } = handled;
    const headers = withoutHeaders(reply.headers, response.getHeaderNames());
    if (drift.length > 0) headers.push("mock-drift", headerText(driftText(drift)));
    return { ...handled, reply: { ...reply, headers } };
  }
}

const loop: EngineProblem = {
  error: {
    id: "mock/upstream-loop",
    status: 508,
    title: "Loop Detected",
    detail:
      "This mock was told to pass requests on to itself. Give it another port (--port), or another upstream.",
  },
};

/** Whether a request that came in on a connection would come in here again. */
function isItself(
  { href, isLoopback }: BaseUrl,
  { localPort, localAddress = "" }: IncomingMessage["socket"],
): boolean {
  const { port, hostname } = new URL(href);
  const own = localAddress.replace(/^::ffff:/, "");
  return isLoopback && Number(port || 80) === localPort && (hostname === "localhost" || hostname === own);
}
