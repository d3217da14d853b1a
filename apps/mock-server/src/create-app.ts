import type { RequestListener } from "node:http";
import { corsFor } from "./channels/cors.js";
import { answerWith, createNodeListener, loadListener } from "./channels/node.js";
import { createControl } from "./control-api/control.js";
import { controlsOf, type MockControls } from "./controls.js";
import type { SavedEngine } from "./engine/types.js";
import { checkOptions, createMockEngine, type MockFetchOptions, type Persistence } from "./mock-engine.js";
import { createProxy } from "./proxy/proxy.js";
import { type UpstreamOptions, upstreamOf, withoutState } from "./proxy/upstream.js";

/** The options of a mock that is reached over HTTP. */
export interface MockOptions extends MockFetchOptions, UpstreamOptions {
  /** Origins whose pages can use the mock, such as `http://localhost:5173` (default: none). */
  cors?: readonly string[];
  /** A token that every request of the control API must have (default: none, which suits a mock that only this machine can reach). */
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

interface MockListener {
  readonly listener: RequestListener;
  readonly controls: MockControls;
  readonly save: () => SavedEngine;
}

/** Creates the listener and its controls as separate values. */
export function createListener(options: MockOptions, persistence: Persistence = {}): MockListener {
  const { cors = [], controlToken = null } = options;
  const upstream = upstreamOf(options);
  const mock = createMockEngine(options, persistence);
  const engine = upstream ? withoutState(mock.engine) : mock.engine;
  const api = upstream ? createProxy(engine, upstream) : answerWith(engine.handle);
  const control = loadListener(() =>
    createControl(engine, { origins: new Set(cors), token: controlToken }, api),
  );
  return {
    listener: corsFor(cors, createNodeListener({ api, control })),
    controls: upstream ? controlsOf(engine) : mock.controls,
    save: engine.save,
  };
}
