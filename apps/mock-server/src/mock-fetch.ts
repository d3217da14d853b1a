import { requestBodyLimit } from "@auto-extend/core";
import type { MockControls } from "./controls.js";
import { createMockEngine, type EngineSettings } from "./mock-engine.js";
import { optionNames, refuseUnknownOptions } from "./option-names.js";

/** A `fetch` that the mock answers in the same process, and that can also be asked what it saw. */
export type MockFetch = typeof fetch & MockControls;

/**
 * Makes a `fetch` that asks no server: hand it to whatever takes a `fetch`. The host of a URL does not matter to it; the
 * control API is not there, for the controls are.
 *
 * @throws WorldError with all problems of a world that can't be used, RangeError for an option that there is not.
 */
export function createMockFetch(settings: EngineSettings = {}): MockFetch {
  refuseUnknownOptions(settings, optionNames.engine);
  const { engine, controls } = createMockEngine(settings);

  async function mockFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const bytes = new Uint8Array(await request.arrayBuffer());
    // As with a server, nothing is done for a caller who is gone.
    request.signal.throwIfAborted();
    const { pathname, search } = new URL(request.url);
    const { status, headers, body } = engine.handle({
      method: request.method,
      target: pathname + search,
      headers: Object.fromEntries(request.headers),
      body: bytes.length > requestBodyLimit ? "too-large" : bytes,
    });
    return new Response(body, { status, headers: pairs(headers) });
  }

  return Object.assign(mockFetch, controls);
}

function pairs(headers: readonly string[]): [string, string][] {
  return headers.flatMap((name, index) =>
    index % 2 === 0 ? [[name, headers[index + 1] ?? ""] satisfies [string, string]] : [],
  );
}
