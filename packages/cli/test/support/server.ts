import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type SetAutoExtendRequest, setAutoExtend, specOf } from "@auto-extend/core";
import { onTestFinished } from "vitest";

/** A request as a {@link TestServer} saw it. */
export interface Seen {
  method: string;
  url: string;
  userAgent: string | undefined;
  /** Null where it was no JSON. */
  body: SetAutoExtendRequest;
}

export interface TestServer {
  url: string;
  host: string;
  seen: Seen[];
}

/** Serves on loopback until the test is over; `respond` gets the number of the request, from 1 on. */
export async function serve(
  respond: (response: ServerResponse, seen: Seen, number: number) => void,
): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "", url = "", headers } = request;
    const entry = { method, url, userAgent: headers["user-agent"], body: parsed(Buffer.concat(chunks)) };
    respond(response, entry, seen.push(entry));
  });
  const url = await listen(server);
  return { url, host: new URL(url).host, seen };
}

/** Listens on a free port of loopback until the test is over, and returns the base URL. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A base URL of loopback where nothing listens. */
export async function deadUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** Answers as the provider does. */
export function answer(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** The documented success, as the answer to a request: one IP address an order. */
export function successFor({ proxyType, rentPeriodDays, orderIds }: SetAutoExtendRequest) {
  const ipAddressIds = orderIds.map((id) => `address-of-${id}`);
  return {
    ...specOf(setAutoExtend).examples.requests[proxyType].success,
    rentPeriodDays,
    quantity: ipAddressIds.length,
    ipAddressIds,
  };
}

/** A failure with one of the provider's error codes. */
export function failure(code: number, message: string) {
  return { ...specOf(setAutoExtend).examples.failure, error: { code, message } };
}

/** Serves the success to every valid request, and the documented failure to all others. */
export function serveSuccess(): Promise<TestServer> {
  return serve((response, { body }) => {
    const valid = setAutoExtend.request.safeParse(body).success;
    answer(response, valid ? successFor(body) : specOf(setAutoExtend).examples.failure);
  });
}

function parsed(body: Buffer) {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}
