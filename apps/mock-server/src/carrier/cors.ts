import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Lets pages of the named origins use the mock; pages of others get nothing.
 *
 * @returns whether the request was a preflight, which is answered with this.
 */
export function applyCors(
  request: IncomingMessage,
  response: ServerResponse,
  origins: ReadonlySet<string>,
): boolean {
  if (origins.size === 0) return false;
  response.setHeader("vary", "Origin");
  const { origin } = request.headers;
  if (!origin || !origins.has(origin)) return false;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-expose-headers", exposed);
  if (request.method !== "OPTIONS" || !request.headers["access-control-request-method"]) return false;
  response.setHeader("access-control-allow-methods", "GET, POST, PUT, DELETE");
  response.setHeader("access-control-allow-headers", "content-type, mock-api-key, authorization, prefer");
  response.writeHead(204).end();
  return true;
}

/** Headers of answers that pages may read; a `retry-after` that is a date is read against the date of its answer. */
const exposed =
  "mock-request-id, mock-account, mock-explanation, mock-drift, preference-applied, retry-after, date";
