import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  answerAt,
  type ClientCase,
  type GivenAnswer,
  type LostAnswer,
  type ScriptedServer,
  type SentRequest,
} from "./index.js";

const beginning = '{"success":true,';

/** Enacts a script on a real socket. */
export async function startScriptedServer(script: ClientCase["script"]): Promise<ScriptedServer> {
  const sent: SentRequest[] = [];
  const server = createServer(async (request, response) => {
    const answer = answerAt(script, sent.length);
    sent.push(await recorded(request));
    if ("lose" in answer) lose(answer.lose, response);
    else give(answer, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  // A port that was just given back refuses connections.
  if (script.some((answer) => "lose" in answer && answer.lose === "refuse")) await close();
  return { fetch, baseUrl, sent, close };
}

async function recorded(request: IncomingMessage): Promise<SentRequest> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: Object.fromEntries(headers),
    body: await text(request),
  };
}

function give({ status = 200, headers, body, padding = 0 }: GivenAnswer, response: ServerResponse): void {
  response.writeHead(status, headers ?? { "content-type": "application/json" });
  if (padding > 0) response.write(" ".repeat(padding));
  response.end(body);
}

function lose(how: LostAnswer["lose"], response: ServerResponse): void {
  if (how === "reset") response.socket?.resetAndDestroy();
  if (how === "cut") part(response, () => response.socket?.end());
  if (how === "stall") part(response, () => {});
}

function part(response: ServerResponse, then: () => void): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": 200 });
  response.write(beginning, () => setImmediate(then));
}
