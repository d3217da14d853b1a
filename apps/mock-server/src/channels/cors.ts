import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import cors from "cors";

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * Lets pages of the named origins use a listener, and answers their preflights. Without an origin it is the listener
 * itself. All other OPTIONS requests reach the listener.
 */
export function corsFor(origins: readonly string[], listener: RequestListener): RequestListener {
  if (origins.length === 0) return listener;
  const named = new Set(origins);
  const answerPreflights = corsWith(origins, { preflightContinue: false });
  const addHeaders = corsWith(origins, { preflightContinue: true });
  return (request, response) => {
    const { origin = "", "access-control-request-method": method } = request.headers;
    const next = () => listener(request, response);
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
    // Whatever headers a page asks for: without `allowedHeaders`, a preflight gets those that it named.
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
