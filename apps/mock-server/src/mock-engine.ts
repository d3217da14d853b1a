import { defaultWorld } from "./engine/default-world.js";
import { createEngine, type Engine } from "./engine/engine.js";
import type { LogEntry } from "./engine/request-log.js";
import { readWorld, type State, type World } from "./engine/world.js";

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
  /** The mock's clock, in milliseconds since 1970; the machine's where left out. */
  now?: () => number;
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

/**
 * Makes the engine of a mock, and the controls that go with it.
 *
 * @throws WorldError with all problems of a world that can't be used.
 */
export function createMockEngine(settings: EngineSettings): { engine: Engine; controls: MockControls } {
  const { world = defaultWorld, apiKeys = [], logLimit = 1_000, accountLimit = 10_000 } = settings;
  const { now = Date.now, onRequest } = settings;
  const read = readWorld(world, now());
  const engine = createEngine({ world: read, apiKeys, logLimit, accountLimit, now, onRequest });
  return { engine, controls: controlsOf(engine) };
}

function controlsOf(engine: Engine): MockControls {
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
