import type { IncomingMessage, ServerResponse } from "node:http";
import type { EngineReply } from "../engine/engine.js";
import { bodyLength } from "../lib/headers.js";
import { sendWithFault } from "./send-with-fault.js";

/** Sends a reply of the engine's, in the manner that it asks for. */
export function sendReply(response: ServerResponse, reply: EngineReply): void {
  const { status, headers, body, delivery: manner, release: through } = reply;
  if (through) response.once("close", through);
  if (manner) {
    sendWithFault(response, reply, manner);
    return;
  }
  response.writeHead(status, [...headers, ...bodyLength(status, Buffer.byteLength(body))]);
  response.end(body);
}

/**
 * Reads a request's body, up to a limit in bytes, and hands over its bytes, or that there were more. What is over the
 * limit is let go by unread: the answer can leave at once, and a client that is still sending is not cut off before it
 * reads it. Of a request that breaks off nothing is handed over, for there is nobody left to answer.
 */
export function readRequestBody(
  request: IncomingMessage,
  limit: number,
  done: (body: Uint8Array | "too-large") => void,
): void {
  const chunks: Uint8Array[] = [];
  let size = 0;
  request.on("data", (chunk: Uint8Array) => {
    const before = size;
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else if (before <= limit) done("too-large");
  });
  request.on("end", () => {
    const [first] = chunks;
    if (size <= limit) done(chunks.length === 1 && first ? first : Buffer.concat(chunks));
  });
  // Without a listener, an error would end the process.
  request.on("error", () => {});
}
