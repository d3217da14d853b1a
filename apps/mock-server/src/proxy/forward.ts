import { type ClientRequest, type IncomingMessage, request as requestOverHttp } from "node:http";
import { request as requestOverHttps } from "node:https";
import type { Socket } from "node:net";
import { urlToHttpOptions } from "node:url";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { type AnswerBody, answerLimit, parseBody } from "@auto-extend/core";
import { mockError } from "../engine/problem.js";
import type { EngineProblem } from "../engine/types.js";
import { fieldsOf } from "../lib/fits.js";
import { headerPairs } from "../lib/headers.js";
import { loadProxyAgent } from "../lib/load.cjs";
import { decodeUtf8 } from "../lib/text.js";
import type { Upstream } from "./upstream.js";

export interface Outgoing {
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  /** Names and values alternating, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array;
  /** Of the answer, in bytes (default: {@link answerLimit}). */
  readonly limit?: number | undefined;
}

/** An answer as it came, redirects included. */
export interface Answer {
  readonly status: number;
  /** Lower-case names and values alternating, without those that concern a single connection. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

interface ForwardOptions {
  /** Of a whole answer. */
  readonly timeoutMs: number;
  /** The name of this mock in `Via` headers (RFC 9110). */
  readonly via: string;
}

/**
 * Forwards requests to a server. Each has a connection of its own: the server may close an idle one just as it is
 * used again, and the answer would seem lost. Not by `fetch`, which rewrites paths, follows redirects and unpacks
 * answers. An HTTP proxy is tried once for each request.
 *
 * @returns a function that sends a request and reads the whole answer; it never rejects.
 */
export function createForward(upstream: Upstream, { timeoutMs, via }: ForwardOptions) {
  const { protocol, hostname, port, path = "" } = urlToHttpOptions(new URL(upstream.href));
  const isTls = protocol === "https:";
  const send = isTls ? requestOverHttps : requestOverHttp;
  const basePath = path === "/" ? "" : path;
  const { proxy } = upstream;
  const ProxyAgent = proxy === "" ? null : loadProxyAgent().HttpsProxyAgent;

  return ({ method, target, rawHeaders, body, limit = answerLimit }: Outgoing) =>
    new Promise<Answer | EngineProblem>((resolve) => {
      let isConnected = false;
      const over = new AbortController();
      const agent = ProxyAgent ? new ProxyAgent(proxy, { signal: over.signal }) : false;
      const headers = forwardedHeaders(rawHeaders, { host: upstream.host, method, length: body.length, via });
      const outgoing = started(() =>
        send({ hostname, port, method, path: basePath + target, headers, agent }),
      );
      if (!outgoing) return resolve({ error: notEncoded });

      const timer = setTimeout(() => {
        const seconds = timeoutMs / 1_000;
        if (isConnected) end(noAnswer("timeout", `no complete answer within ${seconds} s`));
        else end(noAnswer("unreachable", `no connection within ${seconds} s`));
      }, timeoutMs);
      // A caller who waits keeps the process; nobody else needs to.
      timer.unref();

      outgoing.on("proxyConnect", ({ statusCode }: { statusCode: number }) => {
        // The agent would pass this answer off as the server's.
        if (statusCode !== 200) end(noAnswer("unreachable", `the HTTP proxy answered ${statusCode}`));
      });
      outgoing.on("socket", (socket) => {
        socket.unref();
        whenConnected(socket, isTls, () => {
          isConnected = true;
        });
      });
      outgoing.on("error", fail);
      outgoing.on("upgrade", (_, socket) => {
        socket.destroy();
        end(noAnswer("brokenOff", "it switched protocols without being asked to"));
      });
      outgoing.on("response", (incoming) => readAnswer(incoming.on("error", fail), limit, end));
      outgoing.end(body);

      function fail(error: unknown): void {
        const server = proxy === "" ? upstream.host : "the HTTP proxy";
        const where = isConnected ? "" : `at ${server}, `;
        end(noAnswer(isConnected ? "brokenOff" : "unreachable", where + reasonOf(error)));
      }

      function end(result: Answer | EngineProblem): void {
        clearTimeout(timer);
        // Only the first result counts: errors after it are of no interest.
        resolve(result);
        over.abort();
        outgoing?.destroy();
      }
    });
}

/** Until then the upstream server has seen nothing of the request. */
function whenConnected(socket: Socket, isTls: boolean, callback: () => void): void {
  if (isTls) socket.once("secureConnect", callback);
  else if (socket.connecting) socket.once("connect", callback);
  // A tunnel through a proxy is connected from the start. A connection that could not even be tried is not.
  else if (socket.readyState === "open") callback();
}

function readAnswer(
  incoming: IncomingMessage,
  limit: number,
  end: (result: Answer | EngineProblem) => void,
): void {
  const chunks: Uint8Array[] = [];
  let size = 0;
  incoming.on("data", (chunk: Uint8Array) => {
    size += chunk.length;
    if (size > limit) end(noAnswer("tooLarge", `it has more than ${limit / 1024 / 1024} MiB`));
    else chunks.push(chunk);
  });
  incoming.on("end", () => {
    const { statusCode: status = 0, rawHeaders } = incoming;
    // Node reads such a status, but does not write it.
    if (status < 100 || status > 999) return end(noAnswer("brokenOff", `its status is ${status}`));
    end({ status, headers: answeredHeaders(rawHeaders), body: Buffer.concat(chunks) });
  });
}

/** Node refuses to send a path with characters that no URL can have, although it reads one. */
function started(start: () => ClientRequest): ClientRequest | null {
  try {
    return start();
  } catch {
    return null;
  }
}

const notEncoded = mockError(
  "path-not-encoded",
  400,
  "The path has characters that can't be sent over HTTP. Percent-encode them.",
);

const mayHaveRun = "The request may have been carried out: check before you repeat it.";

const noAnswerProblems = {
  unreachable: mockError(
    "upstream-unreachable",
    502,
    "The upstream server was not reached, so nothing was carried out. Check its URL, the HTTP proxy if there is one, and that the server runs.",
  ),
  brokenOff: mockError(
    "upstream-broken-off",
    502,
    `No complete answer came from the upstream server. ${mayHaveRun}`,
  ),
  tooLarge: mockError(
    "upstream-too-large",
    502,
    `The answer of the upstream server is too large. ${mayHaveRun}`,
  ),
  timeout: mockError("upstream-timeout", 504, `The upstream server did not answer in time. ${mayHaveRun}`),
};

function noAnswer(problem: keyof typeof noAnswerProblems, remark: string): EngineProblem {
  return { error: noAnswerProblems[problem], remark };
}

/** A system error in words. Its own message is not used, since it may quote what was sent or received. */
function reasonOf(error: unknown): string {
  const { code } = fieldsOf(error);
  if (typeof code !== "string" || !/^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return "the reason is unknown";
  if (code.startsWith("HPE_")) return `the answer is not HTTP (${code})`;
  if (/CERT|ERR_TLS|ERR_SSL|SIGNATURE/.test(code))
    return `its certificate is not trusted, or TLS failed (${code})`;
  return reasons[code] ? `${reasons[code]} (${code})` : code;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection ended",
  EPIPE: "the connection ended",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the host name could not be looked up",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no route to it",
  ETIMEDOUT: "the connection timed out",
  EMFILE: "this process has too many files and connections open",
  ENFILE: "this machine has too many files and connections open",
};

/** Headers about one connection only (RFC 9110), and the framing, which each server chooses for itself. */
const hopByHop = [
  "connection",
  "content-length",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

const notForwarded = [...hopByHop, "accept-encoding", "expect", "host"];

const ownPrefix = "mock-";

interface Sending {
  readonly host: string;
  readonly method: string;
  readonly length: number;
  readonly via: string;
}

function forwardedHeaders(raw: readonly string[], { host, method, length, via }: Sending): string[] {
  const forwarded = endToEnd(raw, notForwarded).flatMap(([name, value]) => {
    if (name.toLowerCase() !== "prefer") return [name, value];
    const others = otherPreferences(value);
    return others === "" ? [] : [name, others];
  });
  const hasNoBody = length === 0 && (method === "GET" || method === "HEAD");
  return [
    "host",
    host,
    ...forwarded,
    "via",
    `1.1 ${via}`,
    // Some gateways remove the header above.
    "x-forwarded-by",
    via,
    // The answer is read here, too.
    "accept-encoding",
    "identity",
    ...(hasNoBody ? [] : ["content-length", String(length)]),
  ];
}

function answeredHeaders(raw: readonly string[]): string[] {
  return endToEnd(raw, hopByHop).flatMap(([name, value]) => [name.toLowerCase(), value]);
}

function endToEnd(raw: readonly string[], dropped: readonly string[]): [string, string][] {
  const pairs = headerPairs(raw);
  const named = pairs
    .filter(([name]) => name.toLowerCase() === "connection")
    .flatMap(([, value]) => value.split(",").map((part) => part.trim().toLowerCase()));
  return pairs.filter(([name]) => {
    const lower = name.toLowerCase();
    return !dropped.includes(lower) && !named.includes(lower) && !lower.startsWith(ownPrefix);
  });
}

function otherPreferences(value: string): string {
  const preferences = value.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return preferences.filter((each) => !/^\s*fault\s*(?:[=;]|$)/i.test(each)).join(",");
}

/** Whether a mock of this name, which is long and random, has already forwarded the request. */
export function wasForwardedBy(via: string, rawHeaders: readonly string[]): boolean {
  return rawHeaders.some((text) => text.toLowerCase().includes(via));
}

/** The value of a header in a flat list of lower-case names and values; empty if it is absent. */
export function headerOf(headers: readonly string[], name: string): string {
  return headerPairs(headers).find(([each]) => each === name)?.[1] ?? "";
}

export function withoutHeaders(headers: readonly string[], names: readonly string[]): string[] {
  return headerPairs(headers)
    .filter(([name]) => !names.includes(name))
    .flat();
}

export interface UnpackedBody {
  /** The bytes without their content encoding; `null` if they cannot be unpacked. */
  readonly bytes: Uint8Array | null;
  readonly body: AnswerBody;
}

const unpackings: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** Reads the body of an answer as JSON in UTF-8, whatever its coding. `limit` is that of the unpacked body, in bytes. */
export function unpack({ headers, body }: Answer, limit = answerLimit): UnpackedBody {
  const coding = headerOf(headers, "content-encoding").trim().toLowerCase();
  const bytes = unpacked(body, { coding, limit });
  if (!bytes) return { bytes, body: { problem: "can't be unpacked" } };
  const text = decodeUtf8(bytes);
  return { bytes, body: text === null ? { problem: "is not UTF-8" } : parseBody(text) };
}

function unpacked(body: Uint8Array, { coding, limit }: { coding: string; limit: number }): Uint8Array | null {
  if (coding === "" || coding === "identity") return body;
  try {
    return unpackings[coding]?.(body, { maxOutputLength: limit }) ?? null;
  } catch {
    return null;
  }
}
