import type { ServerResponse } from "node:http";
import type { EngineReply } from "../engine/engine.js";

/** Sends a reply of the engine's. */
export function sendReply(response: ServerResponse, { status, headers, body }: EngineReply): void {
  response.writeHead(status, [...headers, "content-length", String(Buffer.byteLength(body))]);
  response.end(body);
}
