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

/** A test for an option, and the message if it fails. An option that is undefined has its default. */
type Rule = readonly [fits: (value: unknown) => boolean, message: string];

/** The rule of each option; `null` if it is checked elsewhere, or not at all. A missing option, or one too many, does not compile. */
type Rules<Options> = { readonly [Name in keyof Options]-?: Rule | null };

export const aFunction: Rule = [(value) => typeof value === "function", "must be a function"];
export const aCount: Rule = [isCount, "must be a whole number, 1 or more"];
/** It may come from another realm, so it is not an instance of the platform's class. */
export const aSignal: Rule = [isSignal, "must be an AbortSignal"];

const clientRules: Rules<ClientOptions> = {
  apiKey: null,
  baseUrl: null,
  allowHttp: null,
  fetch: aFunction,
  timeout: timeFrom(1),
  retry: [
    (retry) => retry === false || (typeof retry === "object" && retry !== null),
    "must be an object or false",
  ],
  // Not every platform has `Headers` to try it with.
  userAgent: [
    (text) => typeof text === "string" && /^[\t\x20-\x7e\x80-\xff]*$/.test(text),
    "must be one line of Latin-1 text",
  ],
  onEvent: aFunction,
};

const retryRules: Rules<RetryOptions> = {
  attempts: aCount,
  totalTimeout: timeFrom(1),
  delay: timeFrom(0),
  maxRetryAfter: timeFrom(0),
};

function timeFrom(least: number): Rule {
  return [
    (time) => typeof time === "number" && time >= least && time <= longestTimer,
    `must be a number of milliseconds from ${least} to ${longestTimer}`,
  ];
}

export function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

/** Throws unless the options are an object. A signal in their place would be ignored, since it has no fields of its own. */
export function requireObject(options: unknown, example: string): void {
  if (typeof options === "object" && options !== null && !isSignal(options)) return;
  throw new RequestError([{ path: "", message: `The options must be an object, as in ${example}` }]);
}

/** Finds unknown options, since a misspelt one would leave the live server as the default, and wrong values. `prefix` has its dot. */
export function optionIssues<Options extends object>(
  options: Options,
  rules: Rules<Options>,
  prefix = "",
): Issue[] {
  const names = Object.keys(rules);
  return Object.keys({ ...options, ...rules }).flatMap((name) => {
    const value = options[name as keyof Options];
    const rule = rules[name as keyof Options];
    const unknown = !names.includes(name) && `is not an option; the options are ${names.join(", ")}`;
    const message = unknown || (rule && value !== undefined && !rule[0](value) && rule[1]);
    return message ? [{ path: prefix + name, message }] : [];
  });
}

/** The options of a client, checked and complete. They hold the API key, so they stay inside closures. */
export type Settings = ReturnType<typeof readClientOptions>;

/** Checks the options and adds the defaults. Its RequestError quotes no value: it could be the API key in the wrong place. */
export function readClientOptions(options: ClientOptions) {
  requireObject(options, "createClient({ apiKey })");
  const { apiKey, baseUrl = defaultBaseUrl, fetch, timeout = 30_000, userAgent, onEvent } = options;
  const retry = retryOf(options.retry);
  const issues = [
    ...apiKeyIssues(apiKey),
    ...(isUnset(options)
      ? [unsetBaseUrl]
      : baseUrlIssues(baseUrl, { allowHttp: options.allowHttp === true })),
    ...optionIssues(options, clientRules),
    ...(typeof options.retry === "object" ? optionIssues(options.retry ?? {}, retryRules, "retry.") : []),
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
  message: `is empty or undefined (an unset variable?): set it, or omit it to call the live server`,
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
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaultRetry, ...Object.fromEntries(chosen) };
}

function apiKeyIssues(apiKey: unknown): Issue[] {
  const problem = apiKeyProblem(apiKey);
  return problem === null
    ? []
    : [{ path: "apiKey", message: `${problem}: copy the API key from your account` }];
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
