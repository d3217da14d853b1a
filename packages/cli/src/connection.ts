import { defaultBaseUrl } from "@auto-extend/client";
import { usageError } from "./cli-error.js";
import type { Context } from "./context.js";
import { fetchThroughProxy } from "./proxy.js";

/** How to reach the server, the API key aside: client and contract tests both take it. */
export interface Connection {
  readonly baseUrl: string;
  readonly allowHttp: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly fetch?: typeof fetch;
}

/** The server that the options or the environment name, the live one where they name none, and the way to it. */
export async function connectionOf(context: Context): Promise<Connection> {
  const { io, options } = context;
  const text = options.baseUrl ?? (io.env.AUTO_EXTEND_BASE_URL || defaultBaseUrl);
  if (!URL.canParse(text)) {
    // It is not shown: people paste URLs with the API key in them.
    throw usageError(
      "The base URL is not a URL.",
      `Give one such as ${defaultBaseUrl} or http://127.0.0.1:4010.`,
    );
  }
  const url = new URL(text);
  const fetch = io.fetch ?? (await fetchThroughProxy(url, context));
  return {
    baseUrl: url.href,
    allowHttp: options.allowHttp === true,
    ...(options.timeout !== undefined && { timeout: options.timeout * 1000 }),
    ...(fetch && { fetch }),
  };
}
