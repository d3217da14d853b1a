import { send } from "./channels/fetch.js";
import type { MockControls } from "./controls.js";
import { checkOptions, createMockEngine, type EngineSettings } from "./mock-engine.js";

/** A `fetch` that the mock answers in the same process, and that can also be asked what it saw. */
export type MockFetch = typeof fetch & MockControls;

/**
 * Makes a `fetch` that asks no server: hand it to whatever takes a `fetch`. The host of a URL does not matter to it, and
 * a redirect is given back rather than followed. The control API is not there, for the controls are.
 *
 * @throws WorldError with all problems of a world that can't be used, RangeError for an option that there is not.
 */
export function createMockFetch(settings: EngineSettings = {}): MockFetch {
  checkOptions("engine", settings);
  const { engine, controls } = createMockEngine(settings);

  async function mockFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const response = await send(engine, { request, source: input });
    if (request.redirect === "error" && isRedirect(response)) {
      throw new TypeError("fetch failed", { cause: new Error("unexpected redirect") });
    }
    return response;
  }

  return Object.assign(mockFetch, controls);
}

function isRedirect({ status }: Response): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}
