import { baseUrlIssues, formatIssues, parseBaseUrl } from "@auto-extend/core";
import { type HttpHandler, http } from "msw";
import { send } from "./channels/fetch.js";
import type { MockControls } from "./controls.js";
import { checkOptions, createMockEngine, type EngineSettings } from "./mock-engine.js";

/** The settings of a mock behind MSW. */
export interface MockHandlersSettings extends EngineSettings {
  /**
   * Where the API is, with or without a path before it, or several such places: only requests to there are answered.
   * Requests to any host are where left out.
   */
  baseUrl?: string | readonly string[];
}

/** Request handlers of MSW, which can also be asked what they saw. */
export interface MockHandlers extends MockControls {
  /** For `setupServer(...mock.handlers)` or `setupWorker(...mock.handlers)`. */
  readonly handlers: HttpHandler[];
}

/**
 * Makes handlers for MSW, of Node and of the browser, with a mock behind them. They answer everything below `/client/`,
 * also what the provider does not have; the control API is not there, for the controls are.
 *
 * @throws WorldError with all problems of a world that can't be used, RangeError for an option that there is not, or a
 * base URL that is none.
 */
export function createMockHandlers(settings: MockHandlersSettings = {}): MockHandlers {
  checkOptions("handlers", settings);
  const { baseUrl, ...engineSettings } = settings;
  const places = baseUrl === undefined ? [anyHost] : [baseUrl].flat().map(placeOf);
  const { engine, controls } = createMockEngine(engineSettings);

  const handlers = places.map(({ pattern, basePath }) =>
    http.all(pattern, ({ request }) =>
      // An error that is thrown would become an answer: MSW makes a 500 of it.
      send(engine, { request, basePath }).catch(() => Response.error()),
    ),
  );
  return { handlers, ...controls };
}

/** Where requests go that a handler answers. */
interface Place {
  /** Without groups: MSW would decode them, and throw where that can't be done. */
  readonly pattern: RegExp;
  readonly basePath: string;
}

const anyHost: Place = { pattern: /^https?:\/\/[^/]+\/client\//, basePath: "" };

function placeOf(baseUrl: string): Place {
  const issues = baseUrlIssues(baseUrl, { allowHttp: true });
  if (issues.length > 0) throw new RangeError(`No mock can be there: ${formatIssues(issues)}.`);
  const { href } = parseBaseUrl(baseUrl);
  const { pathname } = new URL(href);
  return {
    pattern: new RegExp(`^${href.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}/client/`),
    basePath: pathname === "/" ? "" : pathname,
  };
}
