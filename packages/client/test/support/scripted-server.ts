import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** The reaction to one request: an answer, or anything else that can be done with a response. */
export type Script = Scripted | ((response: ServerResponse) => void);

interface Scripted {
  status?: number;
  headers?: Record<string, string>;
  /** A value is sent as JSON, a text or bytes as they are. */
  body?: unknown;
}

interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Starts a server on loopback that does one thing for each request in turn, and the last for all further ones. */
export async function scriptedServer(...scripts: Script[]) {
  const requests: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      const script = scripts[Math.min(requests.length, scripts.length) - 1];
      if (typeof script === "function") script(response);
      else answer(response, script ?? {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
}

function answer(response: ServerResponse, { status = 200, headers = {}, body = "" }: Scripted): void {
  const raw = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(raw);
}
