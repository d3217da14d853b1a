import type { ServerResponse } from "node:http";
import type { EngineReply } from "../engine/engine.js";
import { bodyLength } from "./body-length.js";
import { enact } from "./enact.js";

/** Sends a reply of the engine's, in the manner that it asks for. */
export function sendReply(response: ServerResponse, reply: EngineReply): void {
  const { status, headers, body, manner, through } = reply;
  if (through) response.once("close", through);
  if (manner) {
    enact(response, reply, manner);
    return;
  }
  response.writeHead(status, [...headers, ...bodyLength(status, Buffer.byteLength(body))]);
  response.end(body);
}
