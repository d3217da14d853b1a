import {
  answerLimit,
  type FetchInput,
  fillPath,
  type Issue,
  issuesOf,
  type Operation,
  redacted,
} from "@auto-extend/core";
import { RequestError } from "../errors.js";
import type { Settings } from "../options.js";

/** The target of an operation, made once per client. The URL holds the API key. */
export interface Endpoint<O extends Operation = Operation> {
  readonly operation: O;
  /** The request without unknown fields, since a misspelt one would go unnoticed. */
  readonly request: Operation["request"];
  readonly url: string;
  readonly shownUrl: string;
  readonly settings: Settings;
}

/** The request that each attempt of a call sends. The URL holds the API key. */
export interface Outgoing extends Omit<FetchInput, "signal"> {
  /** The checked copy of the request, so that later changes by the caller have no influence. */
  readonly sent: object;
  readonly shown: { readonly method: string; readonly url: string };
}

export function endpointOf<O extends Operation>(operation: O, settings: Settings): Endpoint<O> {
  const { apiKey, baseUrl, redact } = settings;
  return {
    operation,
    request: operation.request.strict(),
    url: baseUrl + fillPath(operation.path, { apiKey }),
    shownUrl: redact.text(baseUrl + operation.path.replace("{apiKey}", redacted)),
    settings,
  };
}

/** Checks a request, and makes the query of a GET or the body of a POST of it. It throws a RequestError. */
export function outgoingOf(endpoint: Endpoint, input: unknown): Outgoing {
  const { operation, url, shownUrl, settings } = endpoint;
  const { method } = operation;
  const sent = checkedRequest(endpoint, input);
  const query = method === "GET" ? queryOf(sent) : "";
  const headers: Record<string, string> = { accept: "application/json" };
  if (method === "POST") headers["content-type"] = "application/json";
  if (settings.userAgent !== undefined) headers["user-agent"] = settings.userAgent;
  return {
    url: url + query,
    init: {
      method,
      headers,
      // The API key is in the URL: following a redirect would pass it on.
      redirect: "manual",
      ...(method === "POST" ? { body: JSON.stringify(sent) } : {}),
    },
    limit: operation.answerLimit ?? answerLimit,
    sent,
    shown: { method, url: shownUrl + (query && settings.redact.text(query)) },
  };
}

function checkedRequest({ request, settings }: Endpoint, input: unknown): object {
  const parsed = request.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields = Object.keys(request.shape).join(", ");
  const unknownField = `is not a field of the request; its fields are ${fields}`;
  const issues = issuesOf(parsed.error, unknownField).map(
    (issue): Issue =>
      issue.path ? issue : { path: "", message: `The request must be an object with ${fields}` },
  );
  throw new RequestError(settings.redact.value(issues));
}

/** The query with its question mark; empty if it has no fields. */
function queryOf(sent: object): string {
  const fields = Object.entries(sent).filter(([, value]) => value !== undefined);
  const pairs = fields.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
