import { controlsOf, type MockControls } from "./controls.js";
import { defaultWorld } from "./engine/default-world.js";
import { createEngine, type Engine, type EngineOptions } from "./engine/engine.js";
import type { LogEntry } from "./engine/request-log.js";
import { readWorld, type World } from "./engine/world.js";

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

/** What goes on from an earlier run. */
export type Kept = Pick<EngineOptions, "saved" | "memory" | "onChange">;

/**
 * Makes the engine of a mock, and the controls that go with it.
 *
 * @throws WorldError with all problems of a world that can't be used.
 */
export function createMockEngine(
  settings: EngineSettings,
  kept: Kept = {},
): { engine: Engine; controls: MockControls } {
  const { world = defaultWorld, apiKeys = [], logLimit = 1_000, accountLimit = 10_000 } = settings;
  const { now = Date.now, onRequest } = settings;
  const engine = createEngine({
    world: readWorld(world),
    apiKeys,
    logLimit,
    accountLimit,
    now,
    elapsed: () => performance.now(),
    onRequest,
    ...kept,
  });
  return { engine, controls: controlsOf(engine) };
}
