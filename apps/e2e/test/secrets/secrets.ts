import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { setAutoExtend, specOf } from "@auto-extend/core";
import { expect } from "vitest";

/** API keys that must turn up nowhere but in the URLs of requests: a plain one, and one that changes when encoded. */
export const canaries = ["canary-9f8e7d6c5b4a", "canary/9f8e 7d6c%5b+4a"];

/** Every spelling in which a canary would be one. */
const sightings = canaries.flatMap((key) => [
  key,
  encodeURIComponent(key),
  JSON.stringify(key).slice(1, -1),
  btoa(key),
]);

/** Fails where a canary is in one of the texts, in any spelling. */
export function expectNoCanary(...texts: string[]): void {
  for (const text of texts) for (const sighting of sightings) expect(text).not.toContain(sighting);
}

/** Everything in a value that a careless program would print. */
export function inspected(value: unknown): string {
  return inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true });
}

/** The documented request of IPv4. */
export const { request } = specOf(setAutoExtend).examples.requests.IPv4;
const { success } = specOf(setAutoExtend).examples.requests.IPv4;

/** Servers that fail in every way, most of them quoting the URL that they were asked for. */
export const servers = {
  "refuses and quotes": (asked, response) => {
    const error = {
      code: 29,
      message: `no such order: ${asked.url}`,
      [decodeURIComponent(asked.url ?? "")]: asked.url,
    };
    response.end(JSON.stringify({ ...specOf(setAutoExtend).examples.failure, error }));
  },
  "breaks the contract and quotes": (asked, response) => {
    response.end(JSON.stringify({ ...success, proxyType: asked.url, [asked.url ?? ""]: asked.url }));
  },
  "answers no JSON": (asked, response) =>
    void response.end(`<a href="${asked.url}">${decodeURIComponent(asked.url ?? "")}</a>`),
  "answers 502": (asked, response) => void response.writeHead(502).end(`no answer from ${asked.url}`),
  "answers 404": (asked, response) => void response.writeHead(404).end(`Cannot POST ${asked.url}`),
  redirects: (asked, response) => {
    response
      .writeHead(302, { location: `https://login.example/?next=${encodeURIComponent(asked.url ?? "")}` })
      .end();
  },
  "cuts the answer": (_, response) => {
    response.writeHead(200, { "content-length": 1_000 }).write("{");
    response.socket?.destroy();
  },
  hangs: () => {},
} as const satisfies Record<string, RequestListener>;

/** Each of the servers with each of the canaries. */
export const cases = Object.entries(servers).flatMap(([name, listener]) =>
  canaries.map((apiKey) => ({ name, listener, apiKey })),
);

/** Serves on loopback for as long as it is used. */
export async function serving<Result>(
  listener: RequestListener,
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
