import { defaultBaseUrl } from "@auto-extend/client";
import { baseUrlIssues, parseBaseUrl } from "@auto-extend/core";
import { emptyValue, howToNameServer, usageError } from "./cli-error.js";
import type { Context } from "./context.js";
import { fetchThroughProxy } from "./proxy.js";

/** A server, and the way to it. */
export interface Connection {
  /** The host, with its port where the base URL names one. */
  readonly host: string;
  /** Whether it is this machine. */
  readonly isLoopback: boolean;
  /** How to reach it, the API key aside: client and contract tests both take it. */
  readonly transport: {
    readonly baseUrl: string;
    readonly allowHttp: boolean;
    /** Milliseconds. */
    readonly timeout?: number;
    readonly fetch?: typeof fetch;
  };
}

/**
 * The server of the options or the environment (default: the live server), and the way to it.
 *
 * @throws CliError, a usage error, if the base URL is not valid, or there but empty. It is not shown: people paste URLs
 * with the API key in them.
 */
export async function connectionOf(context: Context): Promise<Connection> {
  const { io, options } = context;
  const text = options.baseUrl ?? io.env.AUTO_EXTEND_BASE_URL ?? defaultBaseUrl;
  if (text.trim() === "") throw emptyValue("AUTO_EXTEND_BASE_URL", howToNameServer);
  const allowHttp = options.allowHttp === true;
  const issues = baseUrlIssues(text, { allowHttp, setting: "--allow-http" });
  if (issues.length > 0) {
    throw usageError(
      `The base URL ${issues.map(({ message }) => message).join(", and ")}.`,
      "Correct --base-url or AUTO_EXTEND_BASE_URL.",
    );
  }
  const baseUrl = parseBaseUrl(text);
  const fetch = io.fetch ?? (await fetchThroughProxy(baseUrl, context));
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
