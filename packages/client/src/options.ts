import type { ClientEvent } from "./events.js";

/** The settings of a client. */
export interface ClientOptions {
  /** Your API key. It leaves the client in the URL of its requests and nowhere else. */
  apiKey: string;
  /** Where the API is; `https://youproxy.io` where left out. Plain `http:` is for loopback only. */
  baseUrl?: string;
  /** Allows plain `http:` to other hosts than loopback: the API key is then readable on the way. */
  allowHttp?: boolean;
  /** The `fetch` to use; the platform's own where left out. */
  fetch?: typeof fetch;
  /** How long one attempt may take, in milliseconds, its answer's body included; 30,000 where left out. */
  timeout?: number;
  /** How failures that repeating may mend are repeated; `false` sends each request once. */
  retry?: RetryOptions | false;
  /** Sent as `User-Agent`, where the platform lets a program set it. */
  userAgent?: string;
  /** Told of every attempt, answer and pause. What it throws is ignored: watching a call must not change it. */
  onEvent?: (event: ClientEvent) => void;
}

/** How failures that repeating may mend are repeated: network errors, timeouts, and the statuses 429 and 5xx. */
export interface RetryOptions {
  /** How often a request is sent at most; 3 where left out. */
  attempts?: number;
  /** How long all attempts and pauses may take together, in milliseconds; 90,000 where left out. */
  totalTimeout?: number;
  /** The longest first pause, in milliseconds, doubled for each further one and drawn by chance; 500 where left out. */
  delay?: number;
  /** The longest pause of a server's `Retry-After` that is waited for, in milliseconds; 30,000 where left out. */
  maxRetryAfter?: number;
}
