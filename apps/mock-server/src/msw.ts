import { baseUrlIssues, formatIssues, parseBaseUrl } from "@auto-extend/core";
import { type HttpHandler, http } from "msw";
import { send } from "./channels/fetch.js";
import { controlsOf, type MockControls } from "./controls.js";
import { checkOptions, createMockEngine, type MockFetchOptions } from "./mock-engine.js";

/** The options of a mock behind MSW. */
export interface MockHandlersOptions extends MockFetchOptions {
  /** The base URLs of the API: only requests to them are answered (default: requests to any host). */
  baseUrl?: string | readonly string[];
}

/** Request handlers of MSW, with the controls of their mock. */
export interface MockHandlers extends MockControls {
  /** For `setupServer(...mock.handlers)` or `setupWorker(...mock.handlers)`. */
  readonly handlers: HttpHandler[];
}

/**
 * Creates handlers for MSW, in Node or a browser, with a mock behind them. They answer all requests below `/client/`. There
 * is no control API; use the controls instead.
 *
 * @throws WorldError with all problems of an invalid world; RangeError for an unknown or invalid option.
 */
export function createMockHandlers(options: MockHandlersOptions = {}): MockHandlers {
  checkOptions("handlers", options);
  const { baseUrl, ...engineOptions } = options;
  const places = baseUrl === undefined ? [anyHost] : [baseUrl].flat().map(placeOf);
  const engine = createMockEngine(engineOptions);

  const handlers = places.map(({ pattern, basePath }) =>
    http.all(pattern, ({ request }) =>
      // MSW would turn a thrown error into an answer with status 500.
      send(engine, { request, basePath }).catch(() => Response.error()),
    ),
  );
  return { handlers, ...controlsOf(engine) };
}

interface Place {
  /** Without groups: MSW would decode them, and throw if that fails. */
  readonly pattern: RegExp;
  readonly basePath: string;
}

const anyHost: Place = { pattern: /^https?:\/\/[^/]+\/client\//, basePath: "" };

function placeOf(baseUrl: string): Place {
  const issues = baseUrlIssues(baseUrl, { allowHttp: true });
  if (issues.length > 0) throw new RangeError(`The base URL is invalid: ${formatIssues(issues)}.`);
  // As MSW shows the URLs of requests.
  const { origin, pathname } = new URL(parseBaseUrl(baseUrl).href);
  const basePath = pathname === "/" ? "" : pathname;
  const start = (origin + basePath).replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return { pattern: new RegExp(`^${start}/client/`), basePath };
}
