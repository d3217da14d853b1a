import { fillPath, type Operation, type Redactor, redacted } from "@auto-extend/core";
import type { ErrorContext } from "./errors.js";
import type { Settings } from "./settings.js";

/** What goes out in each attempt of a call. The URL holds the API key. */
export interface Outgoing {
  readonly url: string;
  readonly method: string;
  /** JSON; `undefined` where what is sent stands in the query. */
  readonly body: string | undefined;
  readonly userAgent: string | undefined;
}

/** Makes what goes out: a checked request as the query of a GET, or as the body of a POST. */
export function outgoingOf(
  operation: Operation,
  sent: object,
  { baseUrl, apiKey, userAgent }: Settings,
): Outgoing {
  const { method, path } = operation;
  return {
    url: baseUrl + fillPath(path, { apiKey }) + queryOf(operation, sent),
    method,
    body: method === "GET" ? undefined : JSON.stringify(sent),
    userAgent,
  };
}

/** What errors and events tell of a request. */
export function shownRequest(
  operation: Operation,
  sent: object,
  { baseUrl, redactor }: { readonly baseUrl: string; readonly redactor: Redactor },
): NonNullable<ErrorContext["request"]> {
  const { method, path } = operation;
  const url = baseUrl + path.replace("{apiKey}", redacted) + queryOf(operation, sent);
  return { method, url: redactor.text(url) };
}

/** The query, with its question mark; empty where there is none. */
function queryOf({ method }: Operation, sent: object): string {
  const fields = Object.entries(sent).filter(([, value]) => value !== undefined);
  if (method !== "GET" || fields.length === 0) return "";
  // A plus sign is a space in forms alone; the one that stands for itself is encoded.
  return `?${new URLSearchParams(fields).toString().replaceAll("+", "%20")}`;
}
