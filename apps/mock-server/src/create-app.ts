import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { requestBodyLimit } from "@auto-extend/core";
import { corsFor } from "./channels/cors.js";
import { readRequestBody, sendReply } from "./channels/node.js";
import { controlsOf, type MockControls } from "./controls.js";
import type { SavedEngine } from "./engine/engine.js";
import { checkOptions, createMockEngine, type EngineSettings, type Kept } from "./mock-engine.js";
import { type UpstreamOptions, upstreamOf, withoutState } from "./proxy/upstream.js";

/** The settings of a mock that is reached over HTTP. */
export interface MockOptions extends EngineSettings, UpstreamOptions {
  /** Origins whose pages may use the mock, such as `http://localhost:5173`; none where left out. */
  cors?: readonly string[];
  /** A token that the control API wants of everyone; being on this machine is enough where left out. */
  controlToken?: string;
}

/** A listener for `http.createServer` or supertest, which can also be asked what it saw. */
export type MockApp = RequestListener & MockControls;

/** The contract's operations are below this path; everything else is the mock's own. */
const apiPrefix = "/client/";

/**
 * Makes the mock as a request listener. Requests of the contract's operations go straight to the engine; the control
 * API, the document and its page are an Express application, which is not even loaded before it is asked for.
 *
 * @throws WorldError with all problems of a world that can't be used, RangeError for an option that there is not or an
 * upstream that can't be used.
 */
export function createApp(options: MockOptions = {}): MockApp {
  checkOptions("app", options);
  const { listener, controls } = createListener(options);
  return Object.assign(listener, controls);
}

/** Makes the listener, its controls apart from it. */
export function createListener(
  options: MockOptions,
  kept: Kept = {},
): { listener: RequestListener; controls: MockControls; save: () => SavedEngine } {
  const { cors = [], controlToken = null } = options;
  const upstream = upstreamOf(options);
  // Who calls is for the upstream to find out: not one API key opens an account here.
  const mock = createMockEngine(upstream ? { ...options, accountLimit: 0 } : options, kept);
  const engine = upstream ? withoutState(mock.engine) : mock.engine;
  const controls = upstream ? controlsOf(engine) : mock.controls;
  const origins = new Set(cors);
  const allowPages = corsFor(cors);
  let control: Promise<RequestListener> | undefined;
  let proxy: Promise<RequestListener> | undefined;
  const serve = upstream ? passOn : answer;

  function listener(request: IncomingMessage, response: ServerResponse): void {
    allowPages(request, response, () => route(request, response));
  }

  function route(request: IncomingMessage, response: ServerResponse): void {
    if (request.url?.startsWith(apiPrefix)) {
      serve(request, response);
      return;
    }
    control ??= import("./control-api/control.js").then(({ createControl }) =>
      createControl(engine, { origins, token: controlToken }, serve),
    );
    void control.then((handle) => handle(request, response));
  }

  /** Carries one request to the server behind, and its answer back; a mock without one loads nothing of this. */
  function passOn(request: IncomingMessage, response: ServerResponse): void {
    if (!upstream) return;
    proxy ??= import("./proxy/proxy.js").then(({ createProxy }) => createProxy(engine, upstream));
    void proxy.then((handle) => handle(request, response));
  }

  /** Carries one request to the engine and its reply back. */
  function answer(request: IncomingMessage, response: ServerResponse): void {
    readRequestBody(request, requestBodyLimit, (body) => {
      const { method = "", url = "", headers } = request;
      sendReply(response, engine.handle({ method, target: url, headers, body }));
    });
  }

  return { listener, controls, save: engine.save };
}
