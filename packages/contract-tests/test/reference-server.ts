import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { problemMediaType, requestBodyLimit, type TransportError, transportErrors } from "@auto-extend/core";
import { type ReferenceAccount, referenceAccount, type Sent } from "./reference-account.js";

/** A server on loopback that keeps the log a test wants to see. */
export interface ReferenceServer {
  readonly url: string;
  /** What was switched, in order, such as `11111 on`. */
  readonly switched: readonly string[];
  /** Method and path of each request. */
  readonly seen: readonly string[];
  readonly close: () => Promise<void>;
}

/** The smallest right server: it serves one account, to any API key but the unknown one. */
export async function startReferenceServer(
  change: (listener: RequestListener) => RequestListener = (listener) => listener,
): Promise<ReferenceServer> {
  const account = referenceAccount();
  const seen: string[] = [];
  const listener = change((request, response) => void answer(request, response, account));
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    switched: account.switched,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { served }: ReferenceAccount,
): Promise<void> {
  const bytes = await buffer(request);
  const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
  const [, apiKey = "", path = ""] = /^\/client\/api\/v1\/([^/]+)(\/.+)$/.exec(pathname) ?? [];
  const asked = Object.hasOwn(served, path) ? served[path] : undefined;
  if (!asked) return refuse(response, transportErrors.notFound);
  if (request.method !== asked.method) {
    response.setHeader("allow", asked.method);
    return refuse(response, transportErrors.methodNotAllowed);
  }
  const sent = asked.method === "GET" ? Object.fromEntries(searchParams) : bodyOf(request, bytes);
  if ("status" in sent) return refuse(response, sent as TransportError);
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(asked.answer(decodeURIComponent(apiKey), sent)));
}

/** What a body says; what is wrong with it where it can't be read. */
function bodyOf({ headers }: IncomingMessage, bytes: Buffer): Sent | TransportError {
  const { "content-type": type = "", "content-encoding": encoding } = headers;
  if (!/^application\/json\s*(;|$)/i.test(type) || encoding) return transportErrors.unsupportedMediaType;
  if (bytes.length > requestBodyLimit) return transportErrors.tooLarge;
  try {
    return Object(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return transportErrors.malformedJson;
  }
}

function refuse(response: ServerResponse, { status, title, detail }: TransportError): void {
  response.statusCode = status;
  response.setHeader("content-type", problemMediaType);
  response.end(JSON.stringify({ type: "about:blank", title, status, detail }));
}
