import { type ReadBody, type ResponseLike, readBody } from "./read-body.js";
import type { Signal } from "./time-limit.js";

// One request and its whole answer, on any platform: each part of it is tried before it is used.

/** A `fetch`: that of the platform, or one that a caller brings. */
export type Fetch = (url: string, init: object) => Promise<unknown>;

/** A request before it is sent. */
export interface FetchInput {
  readonly url: string;
  readonly init: object;
  /** How much of the answer is read, in bytes. */
  readonly limit: number;
  readonly signal: Signal;
}

/** An answer, read to its end. */
export interface RawAnswer extends ReadBody {
  /** 0 for a redirect that the platform hides. */
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Why there is no answer. */
export interface FetchFailure {
  /** Nothing was sent, `fetch` threw, the answer broke off, or there was no response that can be read. */
  readonly failed: "unsent" | "sending" | "reading" | "unreadable";
  /** The error of the platform, or of a `fetch` without a response. */
  readonly thrown: unknown;
}

/** Sends a request once and reads the whole answer. Whatever `fetch` or its response throws is returned as a failure. */
export async function fetchAnswer(fetch: Fetch, input: FetchInput): Promise<RawAnswer | FetchFailure> {
  const { url, limit, signal } = input;
  const init = initOf(input);
  let response: unknown;
  try {
    response = await fetch(url, init);
  } catch (thrown) {
    // The platform's own fetch checks a request as its Request does.
    const isRefused = fetch === platform.fetch && !isTaken(url, init);
    return { failed: isRefused ? "unsent" : "sending", thrown };
  }
  try {
    if (!isResponse(response)) throw new TypeError("the fetch option returned no Response");
    const { status } = response;
    const headers = headersOf(response);
    const read = await readBody(response, { limit, signal });
    return "thrown" in read ? { failed: "reading", ...read } : { status, headers, ...read };
  } catch (thrown) {
    return { failed: "unreadable", thrown };
  }
}

interface Platform {
  readonly fetch?: unknown;
  readonly Request?: (new (url: string, init: object) => object) & { readonly prototype: object };
}

const platform = globalThis as Platform;

const privacy = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };

/**
 * The settings that the platform took last: to try them for each request would cost time and memory. They are tried with the
 * first one, since Node loads its whole fetch when the name is read.
 */
let tried = { request: null as unknown, signals: null, taken: [] as readonly string[] };

/** Adds the settings that the platform takes: some throw on others, and jsdom's fetch throws on signals of another realm. */
function initOf({ init, signal }: FetchInput): object {
  const settings: Readonly<Record<string, unknown>> = { ...privacy, signal };
  const { Request: request } = platform;
  const signals = Object.getPrototypeOf(signal);
  if (tried.request !== request || tried.signals !== signals) {
    // A polyfilled Request has nothing in its prototype, and its fetch may change a URL for the sake of a setting.
    const taken = Object.keys(settings).filter(
      (name) =>
        (name === "signal" || (request && name in request.prototype)) &&
        isTaken("http://localhost", { [name]: settings[name] }),
    );
    tried = { request, signals, taken };
  }
  const complete: Record<string, unknown> = { ...init };
  for (const name of tried.taken) complete[name] = settings[name];
  return complete;
}

/** Whether the platform can make a request with these settings. Without a Request there is no way to find out. */
function isTaken(url: string, init: object): boolean {
  try {
    return !platform.Request || new platform.Request(url, init) !== null;
  } catch {
    return false;
  }
}

/** The parts that every response must have, whichever `fetch` it comes from. */
interface UsableResponse extends ResponseLike {
  readonly status: number;
  readonly headers: {
    get(name: string): unknown;
    readonly forEach?: unknown;
  };
}

function isResponse(value: unknown): value is UsableResponse {
  const { status, headers } = Object(value) as Partial<UsableResponse>;
  return typeof status === "number" && typeof headers?.get === "function";
}

/** The headers that are read of a response that cannot list its own. */
const readHeaders = "allow content-type date link location retry-after retry-after-ms x-total-count".split(
  " ",
);

function headersOf({ headers }: UsableResponse): Record<string, string> {
  const found: Record<string, string> = {};
  const add = (value: unknown, name: string) => {
    if (typeof value === "string") found[name.toLowerCase()] = value;
  };
  if (typeof headers.forEach === "function") headers.forEach(add);
  else for (const name of readHeaders) add(headers.get(name), name);
  return found;
}
