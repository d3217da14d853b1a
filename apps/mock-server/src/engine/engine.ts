import { createFaultPlanner } from "./faults/plan.js";
import type { FaultQueue } from "./faults/queue.js";
import { apply, begin, deliver, handle, type Rooms, record } from "./handle.js";
import { createEvents, type Events } from "./log/events.js";
import { createRequestLog, type LogEntry, type Logged } from "./log/request-log.js";
import { createAccounts } from "./state/accounts.js";
import { createStore } from "./state/store.js";
import { type ReadWorld, readWorld, type State, WorldError } from "./state/world.js";
import { createClock } from "./time/clock.js";
import { createRenewals } from "./time/renewals.js";
import { createTime, type Time } from "./time/time.js";
import type { EngineProblem, EngineReply, EngineRequest, Exchange, Outcome, SavedEngine } from "./types.js";

/** The mock without any network: requests in, replies out, and a state between them. It is synchronous. */
export interface Engine {
  handle(request: EngineRequest): EngineReply;
  /** The steps of `handle` before the decision, for whoever lets another server decide and then calls `end`. */
  begin(request: EngineRequest): Exchange;
  /** The steps of `handle` after the decision. */
  end(exchange: Exchange, outcome: Outcome): EngineReply;
  /** The present by the mock's clock, in milliseconds since 1970. */
  now(): number;
  /** The ID of an API key's account; `null` if it has none. */
  accountOf(apiKey: string): string | null;
  /** Whether an account with this ID exists. */
  has(account: string): boolean;
  /** A copy of the state, or of one account. */
  state(account?: string): State;
  /**
   * Replaces the state by a world, or one account.
   *
   * @throws WorldError if the world cannot be used. The state then stays as it was.
   */
  putState(world: unknown, account?: string): void;
  /** The requests in the log, oldest first. */
  requests(account?: string): LogEntry[];
  /** The number of requests that the log has dropped since it was cleared. */
  droppedRequests(account?: string): number;
  /** The request with this ID, if the log still has it. */
  request(id: string): Logged | undefined;
  /** The last request, of all accounts or of one. */
  lastRequest(account?: string): Logged | undefined;
  clearRequests(account?: string): void;
  /** Restores the starting world, and clears log, faults and clock; or resets one account. */
  reset(account?: string): void;
  /** The faults that wait for requests. */
  readonly faults: FaultQueue;
  readonly time: Time;
  readonly events: Events;
  /** Why the state cannot be changed any more; `undefined` as long as it can. */
  refuseChanges(): EngineProblem | undefined;
  /** How often everything was reset. The numbers of requests and faults then start again. */
  resets(): number;
  /** The present state, from which a later engine can continue. It is not copied, so it must only be read. */
  save(): SavedEngine;
}

/** The settings of an engine. Time comes from outside, so that the same requests give the same replies. */
export interface EngineOptions {
  readonly world: ReadWorld;
  readonly apiKeys: readonly string[];
  /** The maximum number of requests in the log. */
  readonly logLimit: number;
  /** The maximum number of accounts for new API keys. */
  readonly accountLimit: number;
  /** The machine's time, in milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that really passed (default: by `now`). */
  readonly elapsed?: (() => number) | undefined;
  /** Called after each request. */
  readonly onRequest?: ((entry: LogEntry) => void) | undefined;
  /** Called each time the result of `save` has changed. */
  readonly onChange?: (() => void) | undefined;
  /** Why the state cannot be changed any more; `undefined` as long as it can (default: always). */
  readonly refuseChanges?: (() => EngineProblem | undefined) | undefined;
  /** The state to continue with (default: the starting world). */
  readonly saved?: SavedEngine | undefined;
}

/** Makes an engine. */
export function createEngine(options: EngineOptions): Engine {
  const { world, now, saved, onRequest, onChange = () => {}, refuseChanges } = options;
  const clock = createClock(now, world.startsAt);
  if (saved) clock.restore(saved.clock);
  const store = createStore(onChange);
  const events = createEvents();
  const renewals = createRenewals(store, events, saved?.renewals ?? world.renewals);
  const time = createTime({ clock, store, renewals, events, onChange });
  const accounts = createAccounts({ ...options, limit: options.accountLimit, store, renewals }, clock.now());
  const faults = createFaultPlanner({
    elapsed: options.elapsed ?? now,
    hasAccount: (id) => store.get(id) !== undefined,
  });
  const log = createRequestLog(options.logLimit);
  const rooms: Rooms = { clock, accounts, faults, store, renewals, log, events, refuseChanges };
  if (onRequest) events.watch((event) => event.type === "request" && onRequest(event.request));

  let resets = 0;

  /** Emits an event that is about all accounts, or about one. */
  function emitAbout(account: string | null, what: AboutState): void {
    events.emit(account, () => ({ at: new Date(clock.now()).toISOString(), account, ...what }));
  }

  const queue: FaultQueue = {
    ...faults.queue,
    get size() {
      return faults.queue.size;
    },
    add(spec) {
      const added = faults.queue.add(spec);
      emitAbout(null, { type: "queue", waiting: faults.queue.size });
      return added;
    },
    remove(which) {
      const found = faults.queue.remove(which);
      if (found) emitAbout(null, { type: "queue", waiting: faults.queue.size });
      return found;
    },
  };

  function stateChanged(account: string | undefined, because: "put" | "reset"): void {
    emitAbout(account ?? null, { type: "state", because });
    onChange();
  }

  return {
    handle: (request) => handle(rooms, request),
    begin: (request) => begin(rooms, request),
    end(exchange, outcome) {
      const changed = apply(rooms, exchange, outcome.changes);
      const reply = deliver(exchange, outcome);
      record(rooms, exchange, { outcome, changed, reply });
      return reply;
    },
    now: clock.now,
    accountOf: (apiKey) => accounts.accountOf(apiKey, clock.now()),
    has: (account) => store.get(account) !== undefined,
    state(account) {
      accounts.refreshTemplate(clock.now());
      time.settle(account);
      return { version: 1, renewals: { ...renewals.rules }, accounts: store.snapshot(account) };
    },
    putState(input, account) {
      const next = readWorld(input);
      if (account === undefined) {
        renewals.rules = next.renewals;
        accounts.replaceAll(next, clock.now());
      } else {
        requireOnly(next, account);
        accounts.replaceSome(next, clock.now());
      }
      stateChanged(account, "put");
    },
    requests: log.list,
    droppedRequests: log.dropped,
    request: log.find,
    lastRequest: log.last,
    clearRequests(account) {
      log.clear(account);
      emitAbout(account ?? null, { type: "log", because: "cleared" });
    },
    reset(account) {
      log.clear(account);
      if (account === undefined) {
        clock.reset(world.startsAt);
        renewals.rules = world.renewals;
        log.renumber();
        resets += 1;
      }
      faults.reset(account);
      accounts.reset(clock.now(), account);
      stateChanged(account, "reset");
    },
    faults: queue,
    time,
    events,
    refuseChanges: () => refuseChanges?.(),
    resets: () => resets,
    save() {
      time.settle();
      return {
        version: 2,
        clock: clock.save(),
        advancedTo: clock.now(),
        renewals: renewals.rules,
        accounts: store.view(),
        ...accounts.save(),
      };
    },
  };
}

type AboutState =
  | { type: "state"; because: "put" | "reset" }
  | { type: "queue"; waiting: number }
  | { type: "log"; because: "cleared" };

function requireOnly(world: ReadWorld, account: string): void {
  const others = world.ids.flatMap((id, index) =>
    id === account
      ? []
      : [{ path: `accounts[${index}].id`, message: `must be "${account}", the only account to be put` }],
  );
  if (others.length > 0) throw new WorldError(others);
}
