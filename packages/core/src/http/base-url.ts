import type { Issue } from "../contract/issue.js";

/** A base URL, taken apart. */
export interface BaseUrl {
  /** In its normal form, without a slash at its end. */
  readonly href: string;
  /** The host, with its port where the URL names one. */
  readonly host: string;
  /** Whether it is on this machine. */
  readonly isLoopback: boolean;
}

/** All that is used of the platform, wherever this runs. */
declare const URL: {
  canParse(text: string): boolean;
  new (text: string): Readonly<Record<UrlPart, string>>;
};

type UrlPart =
  | "protocol"
  | "username"
  | "password"
  | "host"
  | "hostname"
  | "origin"
  | "pathname"
  | "search"
  | "hash";

/**
 * What is wrong with a base URL that an API key is to be sent to; an empty list where nothing is. The URL itself is not
 * in it: people paste URLs with the API key in them.
 *
 * @param options whether plain `http:` may go beyond this machine, and what the setting for that is called in messages.
 */
export function baseUrlIssues(
  text: unknown,
  { allowHttp, setting = "allowHttp" }: { readonly allowHttp: boolean; readonly setting?: string },
): Issue[] {
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return [issue("must be an absolute URL, such as https://youproxy.io or http://127.0.0.1:4010")];
  }
  const issues: Issue[] = [];
  if (url.username || url.password) issues.push(issue("must not hold a user name or password"));
  if (url.search || url.hash) issues.push(issue("must not hold a query or fragment (? or #)"));
  if (url.protocol === "http:" && !allowHttp && !isLoopback(url.hostname)) {
    issues.push(
      issue(
        `must be https: over plain http: anyone on the way can read the API key (${setting} accepts that)`,
      ),
    );
  }
  if (/\/client\/api(\/|$)/.test(url.pathname)) {
    issues.push(issue("must not hold the path of the API, /client/api/..., which is added to it"));
  }
  return issues;
}

/** Takes a base URL apart in which {@link baseUrlIssues} finds nothing wrong. */
export function parseBaseUrl(text: string): BaseUrl {
  const { origin, pathname, host, hostname } = new URL(text);
  return { href: origin + pathname.replace(/\/+$/, ""), host, isLoopback: isLoopback(hostname) };
}

function issue(message: string): Issue {
  return { path: "baseUrl", message };
}

/**
 * Whether a host means this machine and no other, so that nothing said to it can be overheard on the way.
 *
 * @param hostname a host name or address without its port, an IPv6 address with or without its brackets.
 */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return (
    name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name)
  );
}
