import { type Issue, isLoopback } from "@auto-extend/core";

/** What is wrong with a base URL. The URL itself is not in it: people paste URLs with the API key in them. */
export function baseUrlIssues(text: unknown, allowHttp: boolean): Issue[] {
  const url = parse(text);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return [issue("must be an absolute URL, such as https://youproxy.io or http://127.0.0.1:4010")];
  }
  const issues: Issue[] = [];
  if (url.username || url.password) issues.push(issue("must not hold a user name or password"));
  if (url.search || url.hash) issues.push(issue("must not hold a query or fragment (? or #)"));
  if (url.protocol === "http:" && !allowHttp && !isLoopback(url.hostname)) {
    issues.push(
      issue(
        "must be https: over plain http: anyone on the way can read the API key (allowHttp accepts that)",
      ),
    );
  }
  return issues;
}

/** A valid base URL in its normal form, without a slash at its end. */
export function normalBaseUrl(text: string): string {
  const { origin, pathname } = new URL(text);
  return origin + pathname.replace(/\/+$/, "");
}

function parse(text: unknown): URL | null {
  try {
    return typeof text === "string" ? new URL(text) : null;
  } catch {
    return null; // The platform's own error quotes its input.
  }
}

function issue(message: string): Issue {
  return { path: "baseUrl", message };
}
