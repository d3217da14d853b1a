import type { IncomingMessage, ServerResponse } from "node:http";
import cors from "cors";

/** Middleware as Express has it, for requests on their way to Express and for those that never get there. */
type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * Lets pages of the named origins use the mock, and answers their preflights. Without an origin it adds nothing to any
 * answer. All other requests pass, OPTIONS among them: the mock says what it thinks of those.
 */
export function corsFor(origins: readonly string[]): Middleware {
  if (origins.length === 0) return (_request, _response, next) => next();
  const named = new Set(origins);
  const answerPreflights = corsWith(origins, { preflightContinue: false });
  const addHeaders = corsWith(origins, { preflightContinue: true });
  return (request, response, next) => {
    const { origin = "", "access-control-request-method": method } = request.headers;
    const isPreflight = named.has(origin) && method !== undefined;
    if (isPreflight) answerPreflights(request, response, next);
    else if (request.method !== "OPTIONS") addHeaders(request, response, next);
    else next();
  };
}

function corsWith(
  origins: readonly string[],
  { preflightContinue }: { readonly preflightContinue: boolean },
): Middleware {
  return cors({
    origin: [...origins],
    preflightContinue,
    methods: ["GET", "POST", "PUT", "DELETE"],
    allowedHeaders: ["content-type", "mock-api-key", "authorization", "prefer"],
    // A `retry-after` that is a date is read against the date of its answer.
    exposedHeaders: [
      "mock-request-id",
      "mock-account",
      "mock-explanation",
      "mock-drift",
      "preference-applied",
      "retry-after",
      "date",
    ],
  });
}
