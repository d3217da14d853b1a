import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { problemMediaType, requestBodyLimit, type TransportError, transportErrors } from "@auto-extend/core";
import { type ReferenceAccount, referenceAccount, type Sent } from "./reference-account.js";

/** A server on loopback that records what a test wants to see. */
export interface ReferenceServer extends Pick<ReferenceAccount, "switched" | "addresses"> {
  readonly url: string;
  /** Method and path of each request. */
  readonly seen: readonly string[];
  readonly close: () => Promise<void>;
}

/** Answers a request in place of the account, if it returns something: a text is a page, anything else JSON. */
export type Instead = (path: string, sent: Sent, account: ReferenceAccount) => object | string | undefined;

/** The smallest correct server. It serves one account, with any API key except the unknown one. */
export async function startReferenceServer(
  change: (listener: RequestListener) => RequestListener = (listener) => listener,
  instead?: Instead,
): Promise<ReferenceServer> {
  const account = { ...referenceAccount(), instead };
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
    addresses: account.addresses,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Changes the answers below a path, such as `ipAddress`, for {@link startReferenceServer}. */
export function changingAnswers(
  path: string,
  change: (answer: Record<string, unknown>) => unknown,
): (listener: RequestListener) => RequestListener {
  return (listener) => (request, response) => {
    const end = response.end.bind(response);
    if (new URL(request.url ?? "", "http://127.0.0.1").pathname.endsWith(`/${path}`)) {
      response.end = ((text: string) => end(JSON.stringify(change(JSON.parse(text))))) as typeof response.end;
    }
    listener(request, response);
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  account: ReferenceAccount & { readonly instead: Instead | undefined },
): Promise<void> {
  const { handlers, instead } = account;
  const bytes = await buffer(request);
  const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
  const [, apiKey = "", path = ""] = /^\/client\/api\/v1\/([^/]+)(\/.+)$/.exec(pathname) ?? [];
  const handler = Object.hasOwn(handlers, path) ? handlers[path] : undefined;
  if (!handler) return refuse(response, transportErrors.notFound);
  if (request.method !== handler.method) {
    response.setHeader("allow", handler.method);
    return refuse(response, transportErrors.methodNotAllowed);
  }
  const sent = handler.method === "GET" ? Object.fromEntries(searchParams) : bodyOf(request, bytes);
  if ("status" in sent) return refuse(response, sent as TransportError);
  const other = instead?.(path, sent, account);
  if (typeof other === "string") {
    response.writeHead(500, { "content-type": "text/html" }).end(other);
    return;
  }
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(other ?? handler.answer(decodeURIComponent(apiKey), sent)));
}

/** The JSON of a body, or what is wrong with it. */
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
