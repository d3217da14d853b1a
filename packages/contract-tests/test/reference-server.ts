import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import {
  catalogued,
  impossibleOrderId,
  matchPath,
  problemMediaType,
  proxyTypes,
  requestBodyLimit,
  setAutoExtend,
  type TransportError,
  transportErrors,
  unknownApiKey,
} from "@auto-extend/core";

/** A server on loopback that keeps the log a test wants to see. */
export interface ReferenceServer {
  readonly url: string;
  /** What was switched, in order, such as `11111 on`. */
  readonly switched: readonly string[];
  /** Method and path of each request. */
  readonly seen: readonly string[];
  readonly close: () => Promise<void>;
}

const owners: Record<string, string> = {
  "11111": "IPv4",
  "22222": "IPv4",
  "33333": "IPv6",
  "44444": "MOBILE",
  "55555": "ISP",
};

/** The smallest right server: the contract's own words, and nothing that a mock has beside them. */
export async function startReferenceServer(
  change: (listener: RequestListener) => RequestListener = (listener) => listener,
): Promise<ReferenceServer> {
  const switched: string[] = [];
  const seen: string[] = [];
  const listener = change((request, response) => void answer(request, response, switched));
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    switched,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, switched: string[]): Promise<void> {
  const bytes = await buffer(request);
  const { apiKey } = matchPath(setAutoExtend.path, request.url ?? "") ?? {};
  if (apiKey === undefined) return refuse(response, transportErrors.notFound);
  if (request.method !== "POST") {
    response.setHeader("allow", "POST");
    return refuse(response, transportErrors.methodNotAllowed);
  }
  const { "content-type": type = "", "content-encoding": encoding } = request.headers;
  if (!/^application\/json\s*(;|$)/i.test(type) || encoding) {
    return refuse(response, transportErrors.unsupportedMediaType);
  }
  if (bytes.length > requestBodyLimit) return refuse(response, transportErrors.tooLarge);
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return refuse(response, transportErrors.malformedJson);
  }
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(decide(apiKey, Object(body), switched)));
}

function decide(apiKey: string, body: Record<string, unknown>, switched: string[]): object {
  const { proxyType, orderIds, rentPeriodDays, autoExtend } = body;
  if (apiKey === unknownApiKey) return { ...failure(2), balance: null, currency: null };
  if (!proxyTypes.some((type) => type === proxyType)) return failure(4);
  const ids: unknown[] = Array.isArray(orderIds) && orderIds.length > 0 ? orderIds : [impossibleOrderId];
  if (!ids.every((id) => typeof id === "string" && owners[id] === proxyType)) return failure(29);
  if (rentPeriodDays !== 30) return failure(11);
  if (typeof autoExtend !== "boolean") return failure(35);
  const orders = [...new Set(ids)].map(String);
  switched.push(...orders.map((id) => `${id} ${autoExtend ? "on" : "off"}`));
  return {
    ...setAutoExtend.examples.byType.IPv4.success,
    proxyType,
    rentPeriodDays,
    quantity: orders.length,
    ipAddressIds: orders.map((id) => `ip-of-${id}`),
  };
}

function failure(code: number): object {
  return { ...setAutoExtend.examples.failure, error: { code, message: catalogued(code).message.text } };
}

function refuse(response: ServerResponse, { status, title, detail }: TransportError): void {
  response.statusCode = status;
  response.setHeader("content-type", problemMediaType);
  response.end(JSON.stringify({ type: "about:blank", title, status, detail }));
}
