import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { requestBodyLimit } from "@auto-extend/core";
import { applyCors } from "./carrier/cors.js";
import { sendReply } from "./carrier/reply.js";
import { readRequestBody } from "./carrier/request-body.js";
import { defaultWorld } from "./engine/default-world.js";
import { createEngine, type Engine } from "./engine/engine.js";
import type { LogEntry } from "./engine/request-log.js";
import { readWorld, type State, type World } from "./engine/world.js";

/** The settings of a mock. */
export interface MockOptions {
  /** The starting world; a small one with orders of every proxy type where left out. */
  world?: World;
  /** Only these API keys, and those of the world, are known; any key is where left out. */
  apiKeys?: readonly string[];
  /** Origins whose pages may use the mock, such as `http://localhost:5173`; none where left out. */
  cors?: readonly string[];
  /** How many requests the log keeps; 1,000 where left out. */
  logLimit?: number;
  /** How many accounts may be made for new API keys; 10,000 where left out. */
  accountLimit?: number;
  /** The mock's clock, in milliseconds since 1970; the machine's where left out. */
  now?: () => number;
  /** A token that the control API wants of everyone; being on this machine is enough where left out. */
  controlToken?: string;
  /** Told of each request after it was answered, without the API key. What it throws is ignored. */
  onRequest?: (entry: LogEntry) => void;
}

/** Names one account, by its id or by its API key. */
export type AccountName = { account: string } | { apiKey: string };

/** What a test asks of a mock in its own process. */
export interface MockControls {
  /** A copy of the state: all of it, or one account's. */
  state(of?: AccountName): State;
  /** Puts a world in place of the state, or of one account. Throws a `WorldError` where it can't be used. */
  putState(world: World, of?: AccountName): void;
  /** The requests in the log, oldest first: all, or one account's. */
  requests(of?: AccountName): LogEntry[];
  /** Back to the starting world, with an empty log: all, or one account. */
  reset(of?: AccountName): void;
}

/** A listener for `http.createServer` or supertest, which can also be asked what it saw. */
export type MockApp = RequestListener & MockControls;

/** The contract's operations are below this path; everything else is the mock's own. */
const apiPrefix = "/client/";

/**
 * Makes the mock as a request listener. Requests of the contract's operations go straight to the engine; the control
 * API, the document and its page are an Express application, which is not even loaded before it is asked for.
 *
 * @throws WorldError with all problems of a world that can't be used.
 */
export function createApp(options: MockOptions = {}): MockApp {
  const { world = defaultWorld, apiKeys = [], cors = [], now = Date.now } = options;
  const engine = createEngine({
    world: readWorld(world, now()),
    apiKeys,
    logLimit: options.logLimit ?? 1_000,
    accountLimit: options.accountLimit ?? 10_000,
    now,
    onRequest: options.onRequest,
  });
  const origins = new Set(cors);
  let control: Promise<RequestListener> | undefined;

  function listener(request: IncomingMessage, response: ServerResponse): void {
    if (applyCors(request, response, origins)) return;
    if (request.url?.startsWith(apiPrefix)) {
      serve(request, response);
      return;
    }
    control ??= import("./carrier/control.js").then(({ createControl }) =>
      createControl(engine, { origins, token: options.controlToken ?? null }, serve),
    );
    void control.then((handle) => handle(request, response));
  }

  /** Carries one request to the engine and its reply back. */
  function serve(request: IncomingMessage, response: ServerResponse): void {
    readRequestBody(request, requestBodyLimit, (body) => {
      const { method = "", url = "", headers } = request;
      sendReply(response, engine.handle({ method, target: url, headers, body }));
    });
  }

  return Object.assign(listener, controls(engine));
}

function controls(engine: Engine): MockControls {
  return {
    state: (of) => engine.state(accountId(of)),
    putState: (world, of) => engine.putState(world, accountId(of)),
    requests: (of) => engine.requests(accountId(of)),
    reset: (of) => engine.reset(accountId(of)),
  };

  function accountId(of: AccountName | undefined): string | undefined {
    if (of === undefined) return undefined;
    const id = "account" in of ? of.account : engine.accountOf(of.apiKey);
    if (id !== null && engine.has(id)) return id;
    // The API key is a secret, also here.
    throw new RangeError(
      "account" in of ? `There is no account "${of.account}".` : "This API key has no account.",
    );
  }
}
