import { servers } from "@auto-extend/core";
import type { ClientEvent } from "./events.js";

/** The base URL of a client that is given none: the provider's own, where auto-extend costs real money (sibling). */
export const defaultBaseUrl: string = servers.live.url;

/** The settings of a client. */
export interface ClientOptions {
  /** Your API key. It leaves the client in the URL of its requests and nowhere else. */
  readonly apiKey: string;
  /** Where the API is, with or without a path before it; {@link defaultBaseUrl} where left out. */
  readonly baseUrl?: string;
  /** Allows plain `http:` to other hosts than loopback: the API key is then readable on the way. */
  readonly allowHttp?: boolean;
  /** The `fetch` to use; where left out the platform's own, looked up at each call. */
  readonly fetch?: typeof fetch;
  /** How long one attempt may take, in milliseconds, its answer's body included; 30,000 where left out. */
  readonly timeout?: number;
  /** How failures that repeating may mend are repeated; `false` sends each request once. */
  readonly retry?: RetryOptions | false;
  /** Sent as `User-Agent`, where the platform lets a program set it. */
  readonly userAgent?: string;
  /** Told of every attempt, answer and pause. What it throws is ignored: watching a call must not change it. */
  readonly onEvent?: (event: ClientEvent) => void;
}

/** How failures that repeating may mend are repeated: network errors, timeouts, and the statuses 429 and 5xx. */
export interface RetryOptions {
  /** How often a request is sent at most; 3 where left out. */
  readonly attempts?: number;
  /** How long all attempts and pauses may take together, in milliseconds; 90,000 where left out. */
  readonly totalTimeout?: number;
  /** The longest first pause, in milliseconds, doubled for each further one and drawn by chance; 500 where left out. */
  readonly delay?: number;
  /** The longest pause of a server's `Retry-After` that is waited for, in milliseconds; 30,000 where left out. */
  readonly maxRetryAfter?: number;
}
