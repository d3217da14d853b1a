import type { BaseUrl } from "@auto-extend/core";
import { usageError } from "./cli-error.js";
import type { Context } from "./context.js";

/**
 * A `fetch` that goes through the proxy which the environment names for a base URL; `undefined` where none is needed.
 *
 * @throws CliError, a usage error, where the variable names no proxy. Its value is in no message: it may hold a password.
 */
export async function fetchThroughProxy(
  { href, isLoopback }: BaseUrl,
  { io, hide }: Context,
): Promise<typeof fetch | undefined> {
  const name = href.startsWith("https:") ? "HTTPS_PROXY" : "HTTP_PROXY";
  const proxy = variable(io.env, name);
  if (!proxy || isLoopback) return undefined;
  if (!/^https?:/.test(proxy) || !URL.canParse(proxy)) {
    throw usageError(
      `${name} is not the URL of an HTTP proxy.`,
      "Set it to one such as http://proxy.example:3128, or unset it.",
    );
  }
  hide(new URL(proxy).password);
  const undici = await import("undici");
  const dispatcher = new undici.EnvHttpProxyAgent({
    httpProxy: proxy,
    httpsProxy: proxy,
    noProxy: variable(io.env, "NO_PROXY"),
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

function isTextOrBytes(body: unknown): body is string | Uint8Array<ArrayBuffer> | null | undefined {
  return body == null || typeof body === "string" || body instanceof Uint8Array;
}

/** A variable by its name in lower case, which comes first by custom, or in upper case. */
function variable(env: Context["io"]["env"], name: string): string {
  return env[name.toLowerCase()] ?? env[name] ?? "";
}
