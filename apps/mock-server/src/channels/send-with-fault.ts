import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { Delivery, Ending, EngineReply } from "../engine/types.js";
import { bodyLength, withHeaders } from "../lib/headers.js";
import { excludeFromShutdown } from "./connections.js";

/** How long the other side has to read what was sent before its connection ends, in milliseconds. */
const flushMs = 20;

/** Sends a reply over a socket the way that a fault demands: late, in part, slowly, or not at all. */
export function sendWithFault(
  response: ServerResponse,
  reply: EngineReply,
  { delay, gzip, ending }: Delivery,
): void {
  // After its last byte the response no longer has it.
  const { socket } = response;
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
    if (how === "reset") socket?.resetAndDestroy();
    if (how === "close") socket?.destroy();
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
