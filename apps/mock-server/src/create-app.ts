import type { RequestListener } from "node:http";
import cors from "cors";
import { answerWith, createNodeListener, loadListener } from "./channels/node.js";
import { createControl } from "./control-api/control.js";
import { controlsOf, type MockControls } from "./controls.js";
import { checkOptions, createMockEngine, type MockFetchOptions, type Persistence } from "./mock-engine.js";
import { createProxy } from "./proxy/proxy.js";
import { type UpstreamOptions, upstreamOf, withoutState } from "./proxy/upstream.js";

/** The options of a mock that is reached over HTTP. */
export interface MockOptions extends MockFetchOptions, UpstreamOptions {
  /** Origins whose pages can use the mock, such as `http://localhost:5173` (default: none). */
  cors?: readonly string[];
  /**
   * A token that the control API requires for everything but `/__mock/health` (default: none, which suits a mock that only
   * this machine can reach).
   */
  controlToken?: string;
}

/** A listener for `http.createServer` or supertest, and the controls of its mock. */
export type MockApp = RequestListener & MockControls;

/**
 * Creates a mock as a request listener. Requests of the contract go straight to the engine. The control API, the document
 * and its page are an Express application, which is loaded when it is first needed.
 *
 * @throws WorldError with all problems of an invalid world; RangeError for an unknown or invalid option.
 */
export function createApp(options: MockOptions = {}): MockApp {
  checkOptions("app", options);
  const { listener, controls } = createListener(options);
  return Object.assign(listener, controls);
}

/** Creates the listener and its controls as separate values. */
export function createListener(options: MockOptions, persistence: Persistence = {}) {
  const { cors = [], controlToken = null } = options;
  const upstream = upstreamOf(options);
  const own = createMockEngine(options, persistence);
  const engine = upstream ? withoutState(own) : own;
  const api = upstream ? createProxy(engine, upstream) : answerWith(engine.handle);
  const control = loadListener(() =>
    createControl(engine, { origins: new Set(cors), token: controlToken }, api),
  );
  return {
    listener: corsFor(cors, createNodeListener({ api, control })),
    controls: controlsOf(engine),
    save: engine.save,
  };
}

/**
 * Lets pages of the named origins use a listener, and answers their preflights. Without an origin it is the listener
 * itself. All other OPTIONS requests reach the listener.
 */
function corsFor(origins: readonly string[], listener: RequestListener): RequestListener {
  if (origins.length === 0) return listener;
  const handle = cors({
    origin: [...origins],
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
  return (request, response) => {
    const { origin = "", "access-control-request-method": method } = request.headers;
    const next = () => listener(request, response);
    const isPreflight = origins.includes(origin) && method !== undefined;
    if (request.method === "OPTIONS" && !isPreflight) next();
    else handle(request, response, next);
  };
}
