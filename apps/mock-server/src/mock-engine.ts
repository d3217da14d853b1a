import { z } from "zod/v3";
import { createEngine, type Engine, type EngineOptions } from "./engine/engine.js";
import type { LogEntry } from "./engine/log/schemas.js";
import { defaultWorld, readWorld, type World } from "./engine/state/world.js";
import { count, readWith, withSubject } from "./lib/schemas.js";

/** The options of a mock without a network, which every other kind of mock has as well. */
export interface MockFetchOptions {
  /** The starting world (default: a small one with orders of every proxy type). */
  world?: World;
  /** The API keys that are accepted, besides those of the world (default: any key). */
  apiKeys?: readonly string[];
  /** The maximum number of requests in the log, which also drops the oldest beyond 32 MiB (default: 1,000). */
  logLimit?: number;
  /** The maximum number of accounts for new API keys (default: 10,000). */
  accountLimit?: number;
  /** The time that the mock's clock follows, in milliseconds since 1970 (default: the machine's time). */
  now?: () => number;
  /** Called after each request, without its API key. Errors that it throws are ignored. */
  onRequest?: (entry: LogEntry) => void;
}

/** The hooks through which a state file is connected to an engine. */
export type Persistence = Pick<EngineOptions, "saved" | "onChange" | "refuseChanges">;

/** @throws WorldError with all problems of an invalid world; RangeError for a time that is not a number. */
export function createMockEngine(options: MockFetchOptions, persistence: Persistence = {}): Engine {
  const { world = defaultWorld, apiKeys = [], logLimit = 1_000, accountLimit = 10_000 } = options;
  // Looked up at each call: fake timers replace `Date` before or after the mock is made.
  const { now = () => Date.now(), onRequest } = options;
  finite(now());
  return createEngine({
    world: readWorld(world),
    apiKeys,
    logLimit,
    accountLimit,
    now: options.now ? () => finite(now()) : now,
    elapsed: () => performance.now(),
    onRequest,
    ...persistence,
  });
}

/** @throws RangeError if the option `now` returns something else than a time. */
function finite(time: number): number {
  if (Number.isFinite(time)) return time;
  throw new RangeError(
    "The options can't be used: now must return milliseconds since 1970, as Date.now() does.",
  );
}

const limit = count.max(1_000_000);
const text = z.string().min(1);
const callback = z.function();
export const origin = z.string().refine((url) => URL.canParse(url) && new URL(url).origin === url, {
  message: "must be an origin without a path, such as http://localhost:5173",
});

// World and upstream are checked by the code that uses them, with better messages.
const engine = z
  .strictObject({
    world: z.unknown(),
    apiKeys: z.array(text),
    logLimit: limit,
    accountLimit: limit,
    now: callback,
    onRequest: callback,
  })
  .partial();
const handlers = engine.extend({ baseUrl: z.union([text, z.array(text)]).optional() });
const app = engine.extend({
  cors: z.array(origin).optional(),
  controlToken: text
    .regex(/^[!-~]+$/, "must contain only printable ASCII characters, without spaces")
    .optional(),
  upstream: z.string().optional(),
  upstreamAllowHttp: z.boolean().optional(),
});
const server = app.extend({
  port: count.max(65_535).optional(),
  host: text.optional(),
  stateFile: text.optional(),
  onStateTrouble: callback.optional(),
});

const schemas = { engine, handlers, app, server };

/** Refuses unknown and invalid options by a RangeError: a misspelled one would do nothing, others would fail later. */
export function checkOptions(kind: keyof typeof schemas, options: unknown): void {
  // Messages never quote a value: it may be an API key in the wrong place.
  readWith(
    schemas[kind],
    options,
    (problems) => new RangeError(`${withSubject("The options", "can't be used", problems)}.`),
    "option",
  );
}
