import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, request as sendRequest } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { setAutoExtend, specOf } from "@auto-extend/core";
import { onTestFinished } from "vitest";
import { type MockServer, type MockServerOptions, startMockServer } from "../../src/index.js";

/** The documented exchange of IPv4. */
export const { request: asked, success } = specOf(setAutoExtend).examples.requests.IPv4;
/** The documented failure. */
export const { failure } = specOf(setAutoExtend).examples;

/** A request as the server behind the proxy got it. */
export interface Got {
  readonly method: string;
  readonly url: string;
  /** Names as they came. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A server behind a proxy, for as long as the test runs. */
export interface Behind {
  readonly url: string;
  readonly got: Got[];
}

/** Starts a server that answers in its own way, once it has read what came. */
export async function startBehind(answer: RequestListener): Promise<Behind> {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    got.push(await received(request));
    answer(request, response);
  });
  return { url: await listening(server), got };
}

/** Starts a server that speaks in bytes. */
export async function startBytes(onConnection: (socket: Socket) => void): Promise<string> {
  return listening(createTcpServer(onConnection));
}

/** Starts a mock that forwards requests, for as long as the test runs. */
export async function startProxy(upstream: string, options: MockServerOptions = {}): Promise<MockServer> {
  const mock = await startMockServer({ upstream, ...options });
  onTestFinished(() => mock.close());
  return mock;
}

/** A server that answers every request with this JSON. */
export function answering(value: unknown, status = 200): RequestListener {
  return (_, response) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** An answer as it came over the socket. */
export interface Came {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly text: string;
  /** The body as JSON; an empty object if it is not JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, text, or a value to be written as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** The path of the operation, with an API key that any server would take. */
export const path = "/client/api/v1/any-key/extend/order/auto";

/** Sends a request just as it is said, which no `fetch` does. */
export function send(url: string, sent: Sent = {}): Promise<Came> {
  const { method = "POST", headers = { "content-type": "application/json" }, body = asked } = sent;
  const bytes = body instanceof Buffer ? body : typeof body === "string" ? body : JSON.stringify(body);
  const { hostname: bracketed, port } = new URL(url);
  const hostname = bracketed.replace(/^\[(.*)\]$/, "$1");
  const signal = sent.signal ? { signal: sent.signal } : {};
  return new Promise((resolve, reject) => {
    const outgoing = sendRequest(
      { hostname, port, method, path: sent.path ?? path, headers, agent: false, ...signal },
      (incoming) => {
        const { statusCode: status = 0, rawHeaders } = incoming;
        const names = incoming.headers as Record<string, string | undefined>;
        buffer(incoming).then((bytes) => {
          const text = String(bytes);
          resolve({ status, headers: names, rawHeaders, body: bytes, text, json: jsonOf(text) });
        }, reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(method === "GET" ? undefined : bytes);
  });
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

async function received(request: IncomingMessage): Promise<Got> {
  const { method = "", url = "", rawHeaders } = request;
  const pairs = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""] satisfies [string, string]] : [],
  );
  return { method, url, headers: Object.fromEntries(pairs), body: await buffer(request) };
}

export async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket.on("error", () => {}));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
