import { send } from "./channels/fetch.js";
import { controlsOf, type MockControls } from "./controls.js";
import { checkOptions, createMockEngine, type MockFetchOptions } from "./mock-engine.js";

/** A `fetch` that a mock in the same process answers, with the controls of that mock. */
export type MockFetch = typeof fetch & MockControls;

/**
 * Creates a `fetch` that needs no server. It ignores the host of a URL, and returns redirects instead of following them.
 * There is no control API; use the controls instead.
 *
 * @throws WorldError with all problems of an invalid world; RangeError for an unknown or invalid option.
 */
export function createMockFetch(options: MockFetchOptions = {}): MockFetch {
  checkOptions("engine", options);
  const engine = createMockEngine(options);

  async function mockFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const response = await send(engine, { request, source: input });
    if (request.redirect === "error" && [301, 302, 303, 307, 308].includes(response.status)) {
      throw new TypeError("fetch failed", { cause: new Error("unexpected redirect") });
    }
    return response;
  }

  return Object.assign(mockFetch, controlsOf(engine));
}
