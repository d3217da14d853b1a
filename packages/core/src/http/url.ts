import type { Issue } from "../contract/operation.js";

// The URLs of requests: servers, base URLs, and the paths of operations.

/** A server that speaks the contract. */
export interface Server {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  readonly description: string;
}

/** The provider's live server (sibling). Apart from {@link servers}, so that the bundle of a client leaves those out. */
export const liveUrl = "https://youproxy.io";

/** Where the contract is served: by the provider (sibling), and by the mock server with its default settings. */
export const servers = {
  live: {
    url: liveUrl,
    description: "The provider itself: switching auto-extend on costs money here.",
  },
  mock: {
    url: "http://127.0.0.1:4010",
    description: "The mock server on this machine: no account, no money.",
  },
} as const satisfies Record<string, Server>;

/** The parts of a base URL. */
export interface BaseUrl {
  /** In its normal form, without a slash at its end. */
  readonly href: string;
  /** The host, with its port if the URL names one. */
  readonly host: string;
  /** Whether it is this machine. */
  readonly isLoopback: boolean;
}

/** The s of https, user, host name, port, path and the rest: on some platforms `URL` has no parts, or they throw. */
const urlParts = /^http(s?):\/\/([^/?#]*@)?(\[[\da-f:.]+\]|[^\s/?#@:\\[]+)(:\d+)?(\/[^\s?#\\]*)?([?#].*)?$/i;

/**
 * Checks a base URL before an API key is sent to it. No message quotes the URL, which may hold the key; `setting` is the name
 * of `allowHttp` in them.
 */
export function baseUrlIssues(
  text: unknown,
  { allowHttp, setting = "allowHttp" }: { readonly allowHttp: boolean; readonly setting?: string },
): Issue[] {
  const parts = typeof text === "string" ? urlPartsOf(text) : null;
  if (parts === null) return [issue("must be a valid http(s) URL, such as https://youproxy.io")];
  const [, secure, user, hostname = "", , path = "", rest] = parts;
  const issues: Issue[] = [];
  if (user) issues.push(issue("must not contain a user name or password"));
  if (rest) issues.push(issue("must not contain a query or fragment (? or #)"));
  if (!secure && !allowHttp && !isLoopback(hostname)) {
    const why = "with plain http, anyone on the network path can read the API key";
    issues.push(issue(`must use https: ${why} (${setting} allows it anyway)`));
  }
  if (/\/client\/api(\/|$)/.test(path)) {
    issues.push(issue("must not contain /client/api"));
  }
  return issues;
}

/** `null` where the platform cannot send requests: a port may be too large, or an address have too many parts. */
function urlPartsOf(text: string) {
  try {
    new URL(text);
    return urlParts.exec(text.trim());
  } catch {
    return null;
  }
}

/** Parses a base URL that has passed {@link baseUrlIssues}. */
export function parseBaseUrl(text: string): BaseUrl {
  const [, secure = "", , hostname = "", port = "", path = ""] = urlPartsOf(text) ?? [];
  const host = (hostname + port).toLowerCase();
  const href = `http${secure.toLowerCase()}://${host}${path.replace(/\/+$/, "")}`;
  return { href, host, isLoopback: isLoopback(hostname) };
}

function issue(message: string): Issue {
  return { path: "baseUrl", message };
}

/** Whether a host is this machine, so that nobody on the way can read the traffic. IPv6 addresses may have brackets. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  // 127.0.0.1 has a form in IPv6, which URLs spell in hexadecimal digits.
  return /(^|\.)localhost$|^::1$|^(::ffff:)?127(\.\d{1,3}){3}$|^::ffff:7f[\da-f]{2}:/.test(name);
}

/**
 * Fills the parameters of a path, each encoded as one segment.
 *
 * @throws RangeError, without the value, if it would change the path or cannot be encoded.
 */
export function fillPath(template: string, parameters: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined || /^\.?\.?$|[\ud800-\udfff]/u.test(value)) {
      throw new RangeError(
        `The path parameter ${name} must not be empty, "." or "..", nor contain a lone surrogate.`,
      );
    }
    // A bare quote would seem to end a URL that is quoted in a text.
    return encodeURIComponent(value).replace(/'/g, "%27");
  });
}

/** Finds the parameters of a path template in a path, decoded; `undefined` if the path is another. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const parts = template.split("/");
  const segments = path.split("/");
  if (parts.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? "";
    const value = part.startsWith("{") ? decode(segment) : undefined;
    if (value) parameters[part.slice(1, -1)] = value;
    else if (part !== segment) return undefined;
  }
  return parameters;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
