import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type FaultSpec, startMockServer } from "@auto-extend/mock-server";
import type { GivenAnswer, LostAnswer, Script, ScriptedAnswer } from "./case.js";

export type Channel = (script: Script) => Promise<ScriptedServer>;

export interface ScriptedServer {
  readonly fetch: typeof fetch;
  /** Its address, without a slash at the end. */
  readonly baseUrl: string;
  readonly sent: readonly SentRequest[];
  readonly close: () => Promise<void>;
}

export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const overSocket: Channel = async (script) => {
  const sent: SentRequest[] = [];
  const server = createServer(async (request, response) => {
    const answer = script[Math.min(sent.length, script.length - 1)] ?? script[0];
    sent.push(await received(request));
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
  // A port that was just released refuses connections.
  if (script.some((answer) => "lose" in answer && answer.lose === "refuse")) await close();
  return { fetch, baseUrl, sent, close };
};

/**
 * Plays a script through the faults of our mock, which has to produce every answer that a case needs.
 *
 * @throws RangeError if the mock has no fault for one of the answers; see {@link canMock}.
 */
export const byMock: Channel = async (script) => {
  const mock = await startMockServer();
  const sent: SentRequest[] = [];
  for (const [index, answer] of script.entries()) {
    const fault = faultOf(answer);
    if (!fault) throw new RangeError("The mock has no fault for this answer.");
    mock.faults.add({ fault, times: index === script.length - 1 ? null : 1 });
  }
  return {
    // The mock's own log has no API key in it.
    async fetch(input, init) {
      const request = new Request(input, init);
      const { pathname, search } = new URL(request.url);
      const headers = Object.fromEntries(request.headers);
      const body = await request.clone().text();
      sent.push({ method: request.method, path: pathname + search, headers, body });
      return fetch(request);
    },
    baseUrl: mock.url,
    sent,
    close: () => mock.close(),
  };
};

export function canMock(script: Script): boolean {
  return script.every((answer) => faultOf(answer) !== null);
}

/** How the mock is made to answer so; `null` if it cannot. */
function faultOf(answer: ScriptedAnswer): FaultSpec["fault"] | null {
  if ("lose" in answer) return lostBy[answer.lose];
  const { status = 200, headers = { "content-type": "application/json" }, body, padding = 0 } = answer;
  // A header can be changed but not left out, a body is text, and the log keeps all of it.
  if (Object.keys(headers).length === 0 || typeof body !== "string" || padding > 0) return null;
  return { http: { status, headers, body } };
}

const lostBy: Readonly<Record<LostAnswer["lose"], FaultSpec["fault"] | null>> = {
  // The mock is there, so a connection is made.
  refuse: null,
  reset: { cut: { how: "reset", at: "before" } },
  hang: { cut: { how: "hang", at: "before" } },
  cut: { cut: { how: "close", at: "middle" } },
  stall: { cut: { how: "hang", at: "middle" } },
};

async function received(request: IncomingMessage): Promise<SentRequest> {
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
  if (how === "cut") sendPart(response, () => response.socket?.end());
  if (how === "stall") sendPart(response, () => {});
}

function sendPart(response: ServerResponse, then: () => void): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": 200 });
  response.write('{"success":true,', () => setImmediate(then));
}
