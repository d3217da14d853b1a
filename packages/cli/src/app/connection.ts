/** The server that a run talks to: its base URL, the API key, a proxy in between, and a client of it. */
import { createHash } from "node:crypto";
import { isIP } from "node:net";
import { type ClientEvent, createClient, defaultBaseUrl, isApiError, isHttpError } from "@auto-extend/client";
import {
  baseUrlIssues,
  operations,
  parseBaseUrl,
  proxyFor,
  setAutoExtend,
  setAutoExtendByIpAddress,
} from "@auto-extend/core";
import type { Context } from "./context.js";
import { CliError, emptyValue, howToNameServer, usageError } from "./errors.js";
import { spanText, timestampText } from "./format.js";
import { clearBar } from "./progress.js";
import { version } from "./version.js";

export interface Connection {
  /** The host, with its port if the base URL names one. */
  readonly host: string;
  readonly isLoopback: boolean;
  /** How to reach it, without the API key: client and contract tests both take it. */
  readonly transport: {
    readonly baseUrl: string;
    readonly allowHttp: boolean;
    readonly timeout?: number;
    readonly fetch?: typeof fetch;
  };
}

export type OpenClient = Awaited<ReturnType<typeof openClient>>;

type AddressesOf = (orderId: string) => readonly string[];

/** The operations that change something: interrupted, they may have done it. */
const changing: ReadonlySet<string> = new Set(
  operations.filter(({ changes }) => changes).map(({ id }) => id),
);

export async function openClient(
  context: Context,
  { apiKey, onEvent }: { apiKey?: string; onEvent?: (event: ClientEvent) => void } = {},
) {
  const connection = await connectionOf(context);
  const { timeout } = connection.transport;
  let date: string | null = null;
  const announce = announcer(context);
  const key = apiKey ?? (await readApiKey(context));
  const clientOptions = {
    ...connection.transport,
    apiKey: key,
    // As by default, all attempts together may take three times as long as one.
    ...(timeout !== undefined && { retry: { totalTimeout: 3 * timeout } }),
    userAgent: `auto-extend-cli/${version}`,
    onEvent(event: ClientEvent) {
      if (event.type === "answer") date = event.date ?? date;
      onEvent?.(event);
      if (changing.has(event.operation)) {
        if (event.type === "attempt") context.track("unknown");
        if (event.type === "failure") context.track(event.error.effect);
      }
      if (context.options.verbose) context.talk(describeEvent(event));
      announce(event);
    },
  };
  const client = createClient(clientOptions);
  context.reach(connection.host);
  return {
    client,
    /**
     * A client whose `setAutoExtendMany` switches only some IP addresses of each order. So they are sent like whole orders:
     * in chunks that are halved if one is refused, at the same pace, and stopped by the same errors.
     */
    clientForParts: (addressesOf: AddressesOf) =>
      createClient({
        ...clientOptions,
        fetch: fetchForParts(clientOptions.fetch ?? fetch, addressesOf),
        onEvent: (event) =>
          clientOptions.onEvent({
            ...event,
            ...{ operation: setAutoExtendByIpAddress.id, url: urlForParts(event.url) },
          }),
      }),
    connection,
    /** The server's time at its last answer, in ISO 8601; `null` if it has not sent any. */
    serverTime: () => date,
    /** A mark of the API key that other keys do not have: 32 bits of a hash, from which nobody can find the key. */
    keyMark: (salt: string) => createHash("sha256").update(`${salt} ${key}`).digest("hex").slice(0, 8),
  };
}

function announcer(context: Context): (event: ClientEvent) => void {
  let isAskedFor = false;
  return (event) => {
    if (event.type === "pause" && isAskedFor) announcePause(context, event.delay);
    if (event.type !== "failure") return;
    const { error } = event;
    isAskedFor = (isApiError(error) || isHttpError(error)) && error.retryAfter !== null;
  };
}

const pauses = new WeakMap<Context, number>();

/** Says once for how long nothing is sent because the server asks for it: silence would look like a program that hangs. */
export function announcePause(context: Context, delayMs: number): void {
  const until = Date.now() + delayMs;
  // Requests that were under way together wait together.
  if (delayMs < 2_000 || until - (pauses.get(context) ?? 0) < 2_000) return;
  pauses.set(context, until);
  clearBar(context);
  const at = timestampText(new Date(until).toISOString());
  context.talk(`The server asks to wait ${spanText(Math.ceil(delayMs / 1000))}: continuing at ${at}.`);
}

/** Sends a request that switches orders as one that switches their IP addresses; the answers are alike. */
function fetchForParts(send: typeof fetch, addressesOf: AddressesOf): typeof fetch {
  return (input, init) => {
    const { orderIds, ...rest } = JSON.parse(String(init?.body)) as { orderIds: string[] };
    const body = JSON.stringify({ ...rest, ipAddressIds: orderIds.flatMap(addressesOf) });
    return send(urlForParts(String(input)), { ...init, body });
  };
}

function urlForParts(url: string): string {
  const [, byOrder = ""] = setAutoExtend.path.split("{apiKey}");
  const [, byAddress = ""] = setAutoExtendByIpAddress.path.split("{apiKey}");
  return url.replace(new RegExp(`${byOrder}$`), byAddress);
}

function describeEvent(event: ClientEvent): string {
  const attempt = `Attempt ${event.attempt}`;
  switch (event.type) {
    case "attempt":
      return `${attempt}: ${event.method} ${event.url}`;
    case "answer":
      return `${attempt}: HTTP ${event.status} after ${Math.round(event.duration)} ms`;
    case "finding":
      return `${attempt}: ${event.finding.path || event.finding.part} ${event.finding.message}`;
    case "failure":
      return `${attempt}: ${event.error.name}, ${event.willRetry ? "will be retried" : "will not be retried"}`;
    case "pause":
      return `Next attempt in ${Math.round(event.delay)} ms`;
  }
}

/**
 * The server of the options or the environment (default: the live server), and how to reach it.
 *
 * @throws CliError, a usage error, if the base URL is not valid, or there but empty. No message has it, since people
 * paste URLs with the API key in them.
 */
export async function connectionOf(context: Context): Promise<Connection> {
  const { io, options } = context;
  const text = options.baseUrl ?? io.env.AUTO_EXTEND_BASE_URL ?? defaultBaseUrl;
  if (text.trim() === "") throw emptyValue("AUTO_EXTEND_BASE_URL", howToNameServer);
  const allowHttp = options.allowHttp === true;
  const issues = baseUrlIssues(text, { allowHttp, setting: "--allow-http" });
  if (issues.length > 0) {
    const isOther = !/^https?:\/\//i.test(text);
    throw usageError(
      `The base URL ${isOther ? absolute : issues.map(({ message }) => message).join(", and ")}.`,
      `Correct ${options.baseUrl === undefined ? "AUTO_EXTEND_BASE_URL" : "--base-url"}.`,
    );
  }
  const baseUrl = parseBaseUrl(text);
  const fetch = io.fetch ?? (await fetchThroughProxy(baseUrl.href, context));
  return {
    host: baseUrl.host,
    isLoopback: baseUrl.isLoopback,
    transport: {
      baseUrl: baseUrl.href,
      allowHttp,
      ...(options.timeout !== undefined && { timeout: options.timeout * 1000 }),
      ...(fetch && { fetch }),
    },
  };
}

const absolute = "must begin with https:// (or http:// for this machine), such as http://127.0.0.1:4010";

const howToGiveKey = "Set AUTO_EXTEND_API_KEY, or name a file with --api-key-file FILE.";

/** The API key: the first line of `--api-key-file`, or else `AUTO_EXTEND_API_KEY`. From then on no output shows it. */
export async function readApiKey(context: Context): Promise<string> {
  const apiKey = await findApiKey(context);
  if (apiKey) return apiKey;
  throw missingKey(apiKey);
}

export function missingKey(found: string | null): CliError {
  return found === null
    ? usageError("There is no API key.", howToGiveKey)
    : emptyValue("AUTO_EXTEND_API_KEY", howToGiveKey);
}

/** The API key; `null` if neither is given, and empty if the variable is. */
export async function findApiKey(context: Context): Promise<string | null> {
  const { apiKeyFile } = context.options;
  if (apiKeyFile !== undefined) return keyFromFile(apiKeyFile, context);
  return context.io.env.AUTO_EXTEND_API_KEY?.trim() ?? null;
}

const putKeyThere =
  "With --api-key-file, name a text file that has the API key on its first line, and nothing else on that line.";

async function keyFromFile(file: string, context: Context): Promise<string> {
  const { checkSeparateFiles, nameOfFile, readText } = await import("./files.js");
  await checkSeparateFiles(context.io, { read: { "--api-key-file": file }, written: {} });
  const text = await readText(file, context).catch((error: unknown) => {
    throw error instanceof CliError ? usageError(error.message, putKeyThere) : error;
  });
  const [line = ""] = text.split("\n", 1);
  const apiKey = line.trim();
  if (!apiKey) {
    throw usageError(`The first line of ${nameOfFile(file)} is empty.`, putKeyThere);
  }
  // A line of another file would be sent to the server, and stand in its log.
  if (/[\s,;"']|^[A-Z_]+=/i.test(apiKey)) {
    throw usageError(
      `The first line of ${nameOfFile(file)} has a blank, a comma, a semicolon or a quote in it, or begins with NAME=.`,
      putKeyThere,
    );
  }
  context.hide(apiKey);
  return apiKey;
}

/**
 * A `fetch` through the proxy that the environment names for a base URL; `undefined` if none is needed.
 *
 * @throws CliError, a usage error, if the variable does not name a proxy. No message has its value, which may hold a
 * password.
 */
async function fetchThroughProxy(href: string, { io, hide }: Context): Promise<typeof fetch | undefined> {
  const proxy = proxyFor(href, io.env);
  if (proxy === null) return undefined;
  const { variable, url } = proxy;
  if (url === null) {
    throw usageError(
      `${variable} is not the URL of an HTTP proxy, such as http://proxy.example:3128 (without a path, and with %25 for a % in the password).`,
      "Correct or unset it, or list the host in NO_PROXY.",
    );
  }
  hide(new URL(url).password);
  const { default: undici } = await import("undici");
  const dispatcher = new undici.ProxyAgent({
    uri: url,
    clientFactory: (origin, options) => new undici.Pool(origin, withConnect(options, namingHosts)),
    factory: (origin, options) => new undici.Pool(origin, withConnect(options, failingForGood(variable))),
  });
  return (input, { body, headers, ...init } = {}) => {
    // This fetch has classes of its own and does not take the platform's; client and contract tests need none.
    if (input instanceof Request || !isTextOrBytes(body)) {
      throw new TypeError("Through a proxy, only URLs are fetched, with bodies of text or bytes.");
    }
    return undici.fetch(input, {
      ...init,
      headers: Object.fromEntries(new Headers(headers)),
      ...(body != null && { body }),
      dispatcher,
    });
  };
}

type Connect = (
  options: { servername?: string },
  callback: (error: Error | null, socket: unknown) => void,
) => unknown;

function withConnect<Options extends object>(
  options: Options,
  change: (connect: Connect) => Connect,
): Options {
  const { connect } = options as { connect?: unknown };
  return typeof connect === "function" ? { ...options, connect: change(connect as Connect) } : options;
}

/** Makes failures final: undici connects again without end and pause if a proxy closes the connection instead of opening a tunnel. */
function failingForGood(proxy: string): (connect: Connect) => Connect {
  return (connect) => (options, callback) =>
    connect(options, (error, socket) => callback(error && finalFailure(error, proxy), socket));
}

/** TLS allows no IP address as a server name, and Node warns on stderr about one. */
function namingHosts(connect: Connect): Connect {
  return ({ servername, ...rest }, callback) =>
    connect({ ...rest, servername: isIP(servername ?? "") ? "" : (servername ?? "") }, callback);
}

/** Failures of connecting that the client cannot tell from those in the middle of a request, in plain words. */
const brokenTunnels: readonly (readonly [RegExp, string])[] = [
  [/^UND_ERR_ABORTED .*\(407\)/, "it requires a user name and a password (407)"],
  [/^UND_ERR_ABORTED .*\((\d+)\)/, "it opens no tunnel to this host"],
  [/^ECONNREFUSED /, "nothing listens at its address"],
  [/^(ENOTFOUND|EAI_AGAIN) /, "its host name is unknown"],
  [/^HTTPParserError/, "what answers is not an HTTP proxy"],
  [/^ERR_SSL_/, "what answers behind it does not speak TLS"],
  [/^(UND_ERR_SOCKET|UND_ERR_INFO|ECONNRESET|EPIPE|EPROTO) /, "the connection was closed before any request"],
];

function finalFailure(error: Error, proxy: string): Error {
  const code = String(("code" in error && error.code) || error.name);
  const found = brokenTunnels.find(([pattern]) => pattern.test(`${code} ${error.message}`));
  if (!found) return error;
  // The client knows this code as that of a connection that was never there.
  return Object.assign(new Error(`the proxy of ${proxy} failed: ${found[1]}`, { cause: error }), {
    code: "ECONNREFUSED",
  });
}

function isTextOrBytes(body: unknown): body is string | Uint8Array<ArrayBuffer> | null | undefined {
  return body == null || typeof body === "string" || body instanceof Uint8Array;
}
