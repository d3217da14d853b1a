import { formatIssues, issuesOf } from "@auto-extend/core";
import { z } from "zod/v3";
import { controlsOf, type MockControls } from "./controls.js";
import { createEngine, type Engine, type EngineOptions } from "./engine/engine.js";
import type { LogEntry } from "./engine/log/request-log.js";
import { defaultWorld } from "./engine/state/default-world.js";
import { readWorld, type World } from "./engine/state/world.js";
import { suggestion } from "./lib/nearest.js";
import { schemaMessages } from "./lib/schema-messages.js";

/** The settings of a mock, however it is reached. */
export interface EngineSettings {
  /** The starting world; a small one with orders of every proxy type where left out. */
  world?: World;
  /** Only these API keys, and those of the world, are known; any key is where left out. */
  apiKeys?: readonly string[];
  /** How many requests the log keeps; 1,000 where left out. */
  logLimit?: number;
  /** How many accounts may be made for new API keys; 10,000 where left out. */
  accountLimit?: number;
  /** What the mock's clock goes by, in milliseconds since 1970; the machine's time where left out. */
  now?: () => number;
  /** Told of each request after it was answered, without the API key. What it throws is ignored. */
  onRequest?: (entry: LogEntry) => void;
}

/** What persistence around an engine gives to it. */
export type Persistence = Pick<EngineOptions, "saved" | "onChange" | "refuseChanges">;

/**
 * Makes the engine of a mock, and the controls that go with it.
 *
 * @throws WorldError with all problems of a world that can't be used.
 */
export function createMockEngine(
  settings: EngineSettings,
  persistence: Persistence = {},
): { engine: Engine; controls: MockControls } {
  const { world = defaultWorld, apiKeys = [], logLimit = 1_000, accountLimit = 10_000 } = settings;
  // Looked up at each call: fake timers replace `Date` before or after the mock is made.
  const { now = () => Date.now(), onRequest } = settings;
  const engine = createEngine({
    world: readWorld(world),
    apiKeys,
    logLimit,
    accountLimit,
    now,
    elapsed: () => performance.now(),
    onRequest,
    ...persistence,
  });
  return { engine, controls: controlsOf(engine) };
}

const limit = z.number().int().min(0).max(1_000_000);
const text = z.string().min(1);
const callback = z.function();
const origin = z.string().refine((url) => URL.canParse(url) && new URL(url).origin === url, {
  message: "must be an origin without a path, such as http://localhost:5173",
});

// The world is read, and the upstream looked at, where they are used: what can be wrong with them takes more words.
const engine = z
  .object({
    world: z.unknown(),
    apiKeys: z.array(text),
    logLimit: limit,
    accountLimit: limit,
    now: callback,
    onRequest: callback,
  })
  .partial()
  .strict();
const handlers = engine.extend({ baseUrl: z.union([text, z.array(text)]).optional() });
const app = engine.extend({
  cors: z.array(origin).optional(),
  controlToken: text.optional(),
  upstream: z.string().optional(),
  upstreamAllowHttp: z.boolean().optional(),
});
const server = app.extend({
  port: z.number().int().min(0).max(65_535).optional(),
  host: text.optional(),
  stateFile: text.optional(),
  onStateTrouble: callback.optional(),
});

/** The options of each way to make a mock. */
const schemas = { engine, handlers, app, server };

/**
 * Checks the options of a mock: one that is misspelled would silently do nothing, and one of another type do harm later.
 *
 * @throws RangeError that says what is wrong with each, and what there is.
 */
export function checkOptions(way: keyof typeof schemas, options: unknown): void {
  const schema = schemas[way];
  const known = Object.keys(schema.shape);
  const names = typeof options === "object" && options !== null ? Object.keys(options) : [];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new RangeError(`Unknown option "${unknown}". ${suggestion(unknown, known)}`);
  const checked = schema.safeParse(options, { errorMap: schemaMessages(schema) });
  // Messages never quote a value: it may be an API key in the wrong place.
  if (!checked.success)
    throw new RangeError(`The options can't be used: ${formatIssues(issuesOf(checked.error))}.`);
}
