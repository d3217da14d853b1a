import {
  baseUrlIssues,
  createRedactor,
  credentialRedactor,
  fillPath,
  type Issue,
  isSignal,
  liveUrl,
  longestTimer,
  parseBaseUrl,
} from "@auto-extend/core";
import { RequestError } from "./errors.js";
import { type ClientEvent, emitterOf } from "./events.js";

/** The default base URL: the provider's live server (sibling), where auto-extend costs real money. */
export const defaultBaseUrl: string = liveUrl;

/** The settings of a client. */
export interface ClientOptions {
  /** Your API key, a secret. It leaves the client only in the URL of its requests. */
  readonly apiKey: string;
  /**
   * The URL of the server (default: the live server, {@link defaultBaseUrl}). A property that is present but undefined or empty
   * is an error, so that nobody calls the live server by accident.
   */
  readonly baseUrl?: string;
  /** Allows plain `http:` to hosts other than loopback (default: false). Anyone on the network path can then read the API key. */
  readonly allowHttp?: boolean;
  /** The `fetch` to use, such as that of node-fetch or one of your own (default: the platform's own, looked up at each attempt). */
  readonly fetch?: typeof fetch;
  /** How long one attempt may take, the answer's body included, in milliseconds (default: 30,000). */
  readonly timeout?: number;
  /** How transient failures are retried; `false` sends each request once. */
  readonly retry?: RetryOptions | false;
  /** Sent as `User-Agent`, if the platform lets a program set it. */
  readonly userAgent?: string;
  /** Called with every attempt, answer, finding, failure and pause. Errors that it throws are ignored, since it must not change a call. */
  readonly onEvent?: (event: ClientEvent) => void;
}

/** How transient failures are retried: network errors, timeouts, and the statuses 429 and 5xx, whatever the body says. */
export interface RetryOptions {
  /** Maximum attempts (default: 3). */
  readonly attempts?: number;
  /** How long all attempts and pauses may take together, in milliseconds (default: 90,000). A pause that would exceed it is not begun. */
  readonly totalTimeout?: number;
  /** The upper limit of the first pause, in milliseconds (default: 500). It doubles each time; each pause is random below it. */
  readonly delay?: number;
  /** The longest pause that a server may ask for, in milliseconds (default: 30,000). A longer one ends the call. */
  readonly maxRetryAfter?: number;
}

/** How transient failures are retried by default; see {@link RetryOptions}. */
export const defaultRetry = {
  attempts: 3,
  totalTimeout: 90_000,
  delay: 500,
  maxRetryAfter: 30_000,
} as const satisfies Required<RetryOptions>;

/** The names of a client's options. A missing name, or one too many, does not compile. */
const clientOptionNames = optionNames<ClientOptions>({
  apiKey: true,
  baseUrl: true,
  allowHttp: true,
  fetch: true,
  timeout: true,
  retry: true,
  userAgent: true,
  onEvent: true,
});

const retryOptionNames = Object.keys(defaultRetry) as readonly (keyof RetryOptions)[];

/** Finds unknown options: a misspelt one would leave the live server as the default. `prefix` of the paths has its dot. */
export function unknownOptions(options: object, names: readonly string[], prefix = ""): Issue[] {
  const message = `is not an option; the options are ${names.join(", ")}`;
  const unknown = Object.keys(options).filter((name) => !names.includes(name));
  return unknown.map((name) => ({ path: `${prefix}${name}`, message }));
}

export function optionNames<Options>(names: Readonly<Record<keyof Options, true>>): readonly string[] {
  return Object.keys(names);
}

/** The options of a client, checked and complete. They hold the API key, so they stay inside closures. */
export type Settings = ReturnType<typeof readClientOptions>;

/** Checks the options and adds the defaults. Its RequestError quotes no value: it could be the API key in the wrong place. */
export function readClientOptions(options: ClientOptions) {
  if (typeof options !== "object" || options === null) {
    const message = 'The options must be an object with an API key, such as { apiKey: "..." }';
    throw new RequestError([{ path: "", message }]);
  }
  const { apiKey, baseUrl = defaultBaseUrl, fetch, timeout = 30_000, userAgent, onEvent } = options;
  const retry = retryOf(options.retry);
  const issues = [
    ...unknownOptions(options, clientOptionNames),
    ...apiKeyIssues(apiKey),
    ...(isUnset(options)
      ? [unsetBaseUrl]
      : baseUrlIssues(baseUrl, { allowHttp: options.allowHttp === true })),
    ...functionIssues("fetch", fetch),
    ...timeIssues("timeout", timeout, 1),
    ...retryIssues(options.retry, retry),
    ...userAgentIssues(userAgent),
    ...functionIssues("onEvent", onEvent),
  ];
  if (issues.length > 0) throw new RequestError(issues);
  return {
    apiKey,
    baseUrl: parseBaseUrl(baseUrl).href,
    fetch,
    timeout,
    retry,
    userAgent,
    /** `null` if nobody listens: then no event is made. */
    emit: emitterOf(onEvent),
    /** Removes the API key, and the credentials of proxies: a faulty server may send them anywhere. */
    redact: credentialRedactor(createRedactor(apiKey)),
  };
}

const unsetBaseUrl: Issue = {
  path: "baseUrl",
  message: `is empty or undefined (an unset variable?): set it, or leave it out to call the live server, ${defaultBaseUrl}`,
};

/** Whether a base URL was meant to be given. Inherited properties count as well, as those of a settings object. */
function isUnset(options: ClientOptions): boolean {
  if (!("baseUrl" in options)) return false;
  const { baseUrl } = options;
  return baseUrl === undefined || (typeof baseUrl === "string" && baseUrl.trim() === "");
}

function retryOf(retry: ClientOptions["retry"]): Required<RetryOptions> {
  // A request that is sent once is limited only by the time of one attempt.
  if (retry === false) return { ...defaultRetry, attempts: 1, totalTimeout: longestTimer };
  const given: RetryOptions = retry ?? {};
  const chosen = retryOptionNames.map((name) => [
    name,
    given[name] === undefined ? defaultRetry[name] : given[name],
  ]);
  return Object.fromEntries(chosen);
}

function apiKeyIssues(apiKey: unknown): Issue[] {
  const problem = apiKeyProblem(apiKey);
  return unless(problem === null, "apiKey", `${problem}: copy the API key from your account`);
}

function apiKeyProblem(apiKey: unknown): string | null {
  if (typeof apiKey !== "string" || !apiKey.trim()) return "is missing";
  // As from a file, with the end of its line. The provider would refuse it.
  if (apiKey.trim() !== apiKey) return "has spaces around it";
  try {
    fillPath("{apiKey}", { apiKey });
    return null;
  } catch {
    return "cannot be part of a URL";
  }
}

function retryIssues(
  given: unknown,
  { attempts, totalTimeout, delay, maxRetryAfter }: Required<RetryOptions>,
): Issue[] {
  if (given === false) return [];
  if (given !== undefined && (typeof given !== "object" || given === null)) {
    return [{ path: "retry", message: "must be an object or false" }];
  }
  return [
    ...unknownOptions(given ?? {}, retryOptionNames, "retry."),
    ...unless(isCount(attempts), "retry.attempts", "must be a whole number, 1 or more"),
    ...timeIssues("retry.totalTimeout", totalTimeout, 1),
    ...timeIssues("retry.delay", delay, 0),
    ...timeIssues("retry.maxRetryAfter", maxRetryAfter, 0),
  ];
}

function timeIssues(path: string, time: unknown, least: number): Issue[] {
  const fits = typeof time === "number" && time >= least && time <= longestTimer;
  return unless(fits, path, `must be a number of milliseconds from ${least} to ${longestTimer}`);
}

function userAgentIssues(userAgent: unknown): Issue[] {
  // Not every platform has `Headers` to try it with.
  const fits = typeof userAgent === "string" && /^[\t\x20-\x7e\x80-\xff]*$/.test(userAgent);
  return unless(userAgent === undefined || fits, "userAgent", "must be one line of Latin-1 text");
}

/** A signal may come from another realm, so it is not an instance of the platform's class. */
export function signalIssues(signal: unknown): Issue[] {
  return unless(signal === undefined || isSignal(signal), "signal", "must be an AbortSignal");
}

export function functionIssues(path: string, value: unknown): Issue[] {
  return unless(value === undefined || typeof value === "function", path, "must be a function");
}

export function unless(fits: boolean, path: string, message: string): Issue[] {
  return fits ? [] : [{ path, message }];
}

export function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}
