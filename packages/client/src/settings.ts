import {
  baseUrlIssues,
  createRedactor,
  fillPath,
  type Issue,
  parseBaseUrl,
  type Redactor,
} from "@auto-extend/core";
import { RequestError } from "./errors.js";
import { type Emit, emitterOf } from "./events.js";
import { clientOptionNames, optionNameIssues, retryOptionNames } from "./option-names.js";
import { type ClientOptions, defaultBaseUrl, type RetryOptions } from "./options.js";

/** The options of a client, checked and complete. They hold the API key: they stay inside closures. */
export interface Settings {
  readonly apiKey: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch | undefined;
  readonly timeout: number;
  readonly retry: Required<RetryOptions>;
  readonly userAgent: string | undefined;
  readonly emit: Emit;
  readonly redactor: Redactor;
}

/** The longest time that timers keep; beyond it they fire at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Checks the options of a client and fills in what was left out.
 *
 * @throws RequestError with everything that is wrong. No value is in it: it may be the API key in the wrong place.
 */
export function settingsOf(options: ClientOptions): Settings {
  if (typeof options !== "object" || options === null) {
    throw new RequestError([
      { path: "", message: 'must be an object with an API key, such as { apiKey: "..." }' },
    ]);
  }
  const { apiKey, baseUrl = defaultBaseUrl, fetch, timeout = 30_000, userAgent, onEvent } = options;
  const retry = retryOf(options.retry);
  const issues = [
    ...optionNameIssues(options, clientOptionNames),
    ...apiKeyIssues(apiKey),
    ...baseUrlIssues(baseUrl, { allowHttp: options.allowHttp === true }),
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
    emit: emitterOf(onEvent),
    redactor: createRedactor(apiKey),
  };
}

function retryOf(retry: ClientOptions["retry"]): Required<RetryOptions> {
  const { attempts = 3, totalTimeout = 90_000, delay = 500, maxRetryAfter = 30_000 } = retry || {};
  // What is sent once is limited by the time of one attempt alone.
  return retry === false
    ? { attempts: 1, totalTimeout: Number.POSITIVE_INFINITY, delay, maxRetryAfter }
    : { attempts, totalTimeout, delay, maxRetryAfter };
}

function apiKeyIssues(apiKey: unknown): Issue[] {
  if (typeof apiKey !== "string" || apiKey === "") {
    return [{ path: "apiKey", message: "is missing: give the API key from your account as a string" }];
  }
  try {
    fillPath("{apiKey}", { apiKey });
    return [];
  } catch {
    return [{ path: "apiKey", message: "cannot be part of a URL: copy the API key from your account again" }];
  }
}

function retryIssues(
  given: unknown,
  { attempts, totalTimeout, delay, maxRetryAfter }: Required<RetryOptions>,
): Issue[] {
  if (given === false) return [];
  if (given !== undefined && (typeof given !== "object" || given === null)) {
    return [{ path: "retry", message: "must be an object, or false to send each request once" }];
  }
  return [
    ...optionNameIssues(given ?? {}, retryOptionNames, "retry."),
    ...(Number.isSafeInteger(attempts) && attempts >= 1
      ? []
      : [{ path: "retry.attempts", message: "must be a whole number, 1 or more" }]),
    ...timeIssues("retry.totalTimeout", totalTimeout, 1),
    ...timeIssues("retry.delay", delay, 0),
    ...timeIssues("retry.maxRetryAfter", maxRetryAfter, 0),
  ];
}

function timeIssues(path: string, time: unknown, least: number): Issue[] {
  const fits = typeof time === "number" && time >= least && time <= longestTimer;
  return fits ? [] : [{ path, message: `must be a number of milliseconds from ${least} to ${longestTimer}` }];
}

function userAgentIssues(userAgent: unknown): Issue[] {
  if (userAgent === undefined) return [];
  try {
    if (typeof userAgent !== "string") throw new TypeError("no string");
    new Headers({ "user-agent": userAgent });
    return [];
  } catch {
    return [{ path: "userAgent", message: "must be a string that a header can hold, on one line" }];
  }
}

function functionIssues(path: string, value: unknown): Issue[] {
  return value === undefined || typeof value === "function" ? [] : [{ path, message: "must be a function" }];
}
