import { IncomingMessage, type RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers";
import { isAnyArrayBuffer } from "node:util/types";
import { gzipSync } from "node:zlib";
import { requestBodyLimit } from "@auto-extend/core";
import { mockError, problemReply } from "../engine/problem.js";
import type { Delivery, Ending, EngineProblem, EngineReply, EngineRequest } from "../engine/types.js";
import { bodyLength, withHeaders } from "../lib/headers.js";
import { excludeFromShutdown } from "./connections.js";

/** The channel for Node's HTTP server: bytes in, one answer out. It knows nothing of the contract. */

/** The contract's operations are below this path. */
const apiPrefix = "/client/";

/**
 * @param api answers requests below `/client/`.
 * @param control answers all others.
 */
export function createNodeListener({
  api,
  control,
}: Readonly<Record<"api" | "control", RequestListener>>): RequestListener {
  return function listen(request, response) {
    if (!request.url?.startsWith("/")) takeAbsoluteTarget(request);
    request.url ??= "";
    if (request.url.startsWith(apiPrefix)) api(request, response);
    else control(request, response);
  };
}

/** Leaves the path and query of an absolute URL, which clients send to a proxy. Its host replaces the header (RFC 9112, 3.2.2). */
function takeAbsoluteTarget(request: IncomingMessage): void {
  const [, host, path] = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(request.url ?? "") ?? [];
  if (host === undefined || path === undefined) return;
  request.headers.host = host;
  request.url = path.startsWith("/") ? path : `/${path}`;
}

/** Answers a client that takes the mock for its proxy and calls an `https:` URL. Node would close the connection without a word. */
export function refuseTunnel(request: IncomingMessage, stream: Duplex): void {
  const response = new ServerResponse(request);
  // Node types it as any stream, but a server of its own has sockets.
  response.assignSocket(stream as Socket);
  response.shouldKeepAlive = false;
  stream.on("error", ignoreError);
  sendReply(response, problemReply({ error: noTunnel }));
  response.once("finish", () => stream.end());
}

const noTunnel = mockError(
  "no-tunnel",
  501,
  "The mock is a server, not a proxy to others. Call it as http://HOST:PORT; HTTPS_PROXY must not name it.",
);

/**
 * A listener that is made with its first request. If that fails, such as when no file descriptor is free, the request is
 * answered with 503 and the next one tries again.
 *
 * @param load must not import modules: Node 20 remembers a failed import, and a failure of any module below it.
 */
export function loadListener(load: () => RequestListener): RequestListener {
  let loaded: RequestListener | undefined;
  return function listen(request, response) {
    try {
      loaded ??= load();
    } catch (error) {
      sendReply(response, problemReply(notLoaded(error as NodeJS.ErrnoException)));
      return;
    }
    loaded(request, response);
  };
}

/** The problem of a request that needs a file which can't be read now. */
export function notLoaded({ code = "unknown" }: NodeJS.ErrnoException): EngineProblem {
  const error = mockError(
    "not-loaded",
    503,
    "A part of the mock could not be loaded. Send the request again.",
  );
  return { error, remark: `error ${code}`, headers: ["cache-control", "no-store"] };
}

/** Answers requests with an engine as soon as the whole body has arrived. */
export function answerWith(handle: (request: EngineRequest) => EngineReply): RequestListener {
  return function answer(request, response) {
    readBody(request, requestBodyLimit, (body) => {
      const { method = "", url = "", headers } = request;
      if (body === "consumed") answerConsumedBody(response);
      else sendReply(response, handle({ method, target: url, headers, body, takesParts: true }));
    });
  };
}

export function answerConsumedBody(response: ServerResponse): void {
  sendReply(response, problemReply({ error: bodyConsumed }));
}

const bodyConsumed = mockError(
  "body-consumed",
  500,
  "Something has read the request's body before it reached the mock, and left nothing in request.body that can be read as JSON: mount the mock before it.",
);

/**
 * Reads a request's body and passes it to `done`. A body over the limit (in bytes) is reported at once and the rest is
 * discarded, so that a client that is still sending can read the answer. An aborted request is dropped.
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  done: (body: Uint8Array | "too-large" | "consumed") => void,
): void {
  // A body parser in front of the mock, such as `express.json()`, or whatever read an empty body to its end.
  if (request.readableDidRead || request.readableEnded) {
    done(parsedBody(request, limit));
    return;
  }
  const take = collector(limit, done);
  request.on("error", ignoreError);
  if (request instanceof DirectRequest) {
    request.takeChunk = take;
    return;
  }
  request.on("data", (data: Uint8Array | string) =>
    // Something in front of the mock may have called `setEncoding`.
    take(typeof data === "string" ? Buffer.from(data, request.readableEncoding ?? "utf8") : data),
  );
  request.on("end", () => take(null));
  // Something in front of the mock may have paused it, and then listening does not start it again.
  request.resume();
}

/**
 * A request of the mock's own server, whose body can be taken as the parser finds it. Passing it through the stream takes a tenth
 * of all the time of a request.
 */
class DirectRequest extends IncomingMessage {
  /** Set before the body arrives, it gets each chunk of it, and then `null`. The stream gets nothing. */
  takeChunk: ((chunk: Uint8Array | null) => void) | undefined = undefined;

  override push(chunk: Uint8Array | null, encoding?: BufferEncoding): boolean {
    if (!this.takeChunk) return super.push(chunk, encoding);
    this.takeChunk(chunk);
    return true;
  }

  /** Node calls it after an answer to discard the rest of the body, but `takeChunk` has received all of it. */
  override resume(): this {
    return this.takeChunk ? this : super.resume();
  }
}

/** Bun and Deno make requests of any class they are given, but fill their streams in another way. */
const isNode = !("bun" in process.versions || "deno" in process.versions);

/** The options of a server that reads requests as fast as it can. */
export const fastServer = isNode ? { IncomingMessage: DirectRequest } : {};

/** @returns what takes the chunks of a body, and `null` after the last one. */
function collector(
  limit: number,
  done: (body: Uint8Array | "too-large") => void,
): (chunk: Uint8Array | null) => void {
  let whole: Uint8Array = noBytes;
  let more: Uint8Array[] | undefined;
  let size = 0;
  return (chunk) => {
    const before = size;
    size += chunk?.length ?? 0;
    if (size > limit) {
      if (before <= limit) done("too-large");
    } else if (chunk === null) done(more ? Buffer.concat(more) : whole);
    else if (before === 0) whole = chunk;
    else {
      more ??= [whole];
      more.push(chunk);
    }
  };
}

const noBytes = new Uint8Array();

/** Without a listener, an error of an aborted request would end the process. */
function ignoreError(): void {}

/** The bytes of a body that was read and parsed already, as `request.body` has it. */
function parsedBody(request: IncomingMessage, limit: number): Uint8Array | "too-large" | "consumed" {
  const { method, headers, body } = request as IncomingMessage & { body?: unknown };
  if (!("transfer-encoding" in headers) && Number(headers["content-length"] ?? 0) === 0) return noBytes;
  if (body === undefined) return method === "GET" || method === "HEAD" ? noBytes : "consumed";
  const text = isText(request, body) ? body : jsonText(body);
  const bytes = bytesOf(body) ?? (text === undefined ? undefined : Buffer.from(text));
  if (!bytes) return "consumed";
  // A parser has decompressed it.
  delete headers["content-encoding"];
  return bytes.length > limit ? "too-large" : bytes;
}

/** Also those of another realm, as under jsdom, which no `instanceof` recognizes. */
function bytesOf(body: unknown): Buffer | undefined {
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return isAnyArrayBuffer(body) ? Buffer.from(body) : undefined;
}

/** Whether a parser has left a body as it came: `express.json({ strict: false })` makes `abc` of `"abc"`, which is shorter. */
function isText({ headers }: IncomingMessage, body: unknown): body is string {
  if (typeof body !== "string") return false;
  const length = headers["content-encoding"] === undefined ? headers["content-length"] : undefined;
  return length === undefined || Number(length) === Buffer.byteLength(body);
}

/** The body as JSON; `undefined` if it was parsed to something that JSON cannot represent. */
function jsonText(value: unknown): string | undefined {
  // JSON makes an empty object of a stream or a promise of the body.
  const { then, [Symbol.asyncIterator]: iterate } = Object(value);
  if (typeof then === "function" || iterate) return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

export function sendReply(response: ServerResponse, reply: EngineReply): void {
  const { status, headers, body, parts, delivery, release } = reply;
  if (release) response.once("close", release);
  if (parts) {
    sendInParts(response.writeHead(status, headers), parts[Symbol.iterator]());
    return;
  }
  if (delivery) {
    sendWithFault(response, reply, delivery);
    return;
  }
  const length = Buffer.byteLength(body);
  // A status without a body must not have a content length either (RFC 9110).
  if (status !== 204 && status !== 304) headers.push("content-length", String(length));
  response.writeHead(status, headers);
  // As many bytes as characters means ASCII, which Node writes faster as Latin-1.
  response.write(body, length === body.length ? "latin1" : "utf8");
  // Sends head and body now, in one write. `end(body)` would add an empty write to them, and send both the slow way.
  response.socket?.uncork();
  response.end();
}

/**
 * Sends a long body part by part, as fast as the caller reads. Other requests are answered between two parts. A body of one part has a
 * content length, unless the headers were sent before.
 */
export function sendInParts(
  response: ServerResponse,
  parts: Iterator<string>,
  part: IteratorResult<string> = parts.next(),
): void {
  if (response.destroyed) return;
  try {
    const next = parts.next();
    if (next.done) response.end(part.value);
    else {
      // Not at once: a socket that takes all that it gets drains before anything else has its turn.
      const proceed = () => setImmediate(sendInParts, response, parts, next);
      if (response.write(part.value)) proceed();
      else response.once("drain", proceed);
    }
  } catch {
    // A bug in the mock: an answer that breaks off is the only sign that can still be given.
    response.destroy();
  }
}

/** How long the caller has to read before the connection ends, in milliseconds. */
const flushMs = 20;

/** Sends a reply over a socket the way that a fault demands: late, in part, slowly, or not at all. */
function sendWithFault(
  response: ServerResponse,
  reply: EngineReply,
  { delay, gzip, ending }: Delivery,
): void {
  const { socket } = response.req;
  if (response.socket === null) {
    // An earlier request on this connection is not answered yet.
    response.once("socket", () => sendWithFault(response, reply, { delay, gzip, ending }));
    return;
  }
  const timers = new Set<NodeJS.Timeout>();
  response.once("close", () => {
    for (const timer of timers) clearTimeout(timer);
  });
  const after = (time: number, callback: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      callback();
    }, time);
    timers.add(timer);
    excludeFromShutdown(socket, response);
  };

  if (delay > 0) after(delay, deliver);
  else deliver();

  function deliver(): void {
    if ("at" in ending && ending.at === "before") {
      endWith(ending.how);
      return;
    }
    const plain = Buffer.from(reply.body);
    const body = gzip === "whole" ? gzipSync(plain) : plain;
    const headers =
      gzip === null ? reply.headers : withHeaders(reply.headers, { "content-encoding": "gzip" });
    response.writeHead(reply.status, [...headers, ...bodyLength(reply.status, body.length)]);
    if (ending.how === "whole") response.end(body);
    else if (ending.how === "drip") drip(body, ending);
    else if (ending.at === "middle")
      response.write(body.subarray(0, body.length >> 1), () => soon(ending.how));
    else response.end(body, () => soon(ending.how));
  }

  function soon(how: "reset" | "close" | "hang"): void {
    // After the last byte the answer is closed, and with it the timers; the connection is still there.
    setTimeout(() => endWith(how), flushMs).unref();
  }

  function endWith(how: "reset" | "close" | "hang"): void {
    if (how === "reset") socket.resetAndDestroy();
    if (how === "close") socket.destroy();
    // A closing server does not wait for an answer that is complete.
    if (how === "hang" && !response.writableEnded) excludeFromShutdown(socket, response);
  }

  function drip(body: Buffer, { bytes, everyMs }: Extract<Ending, { how: "drip" }>): void {
    const rest = body.subarray(bytes);
    response.write(body.subarray(0, bytes));
    if (rest.length === 0) response.end();
    else after(everyMs, () => drip(rest, { how: "drip", bytes, everyMs }));
  }
}
