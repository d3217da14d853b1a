import { isoDate } from "../lib/dates.js";
import { encodeUtf8, pluralize } from "../lib/text.js";
import { createFaultPlanner } from "./faults/plan.js";
import type { QueuedFault } from "./faults/queue.js";
import { begin, type EngineParts, end, handle, record } from "./handle.js";
import { createEvents } from "./log/events.js";
import { createRequestLog } from "./log/request-log.js";
import type { LogEntry } from "./log/schemas.js";
import { Accounts } from "./state/accounts.js";
import { createStore } from "./state/store.js";
import { type ReadWorld, readWorld, type State, WorldError } from "./state/world.js";
import { createClock, createTime } from "./time/clock.js";
import { createRenewals } from "./time/renewals.js";
import type {
  EngineProblem,
  EngineRequest,
  Exchange,
  Resolution,
  RestoredAddress,
  SavedEngine,
} from "./types.js";

/** The settings of an engine. Time comes from outside, so that the same requests give the same replies. */
export interface EngineOptions {
  readonly world: ReadWorld;
  readonly apiKeys: readonly string[];
  readonly logLimit: number;
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

export type Engine = ReturnType<typeof createEngine>;

/** Creates the mock without any network: requests in, replies out, and a state between them. It is synchronous. */
export function createEngine(options: EngineOptions) {
  const { world, onChange = () => {}, refuseChanges } = options;
  const parts = createParts(options, onChange);
  const { clock, accounts, faults, store, renewals, log, events } = parts;
  const time = createTime({ clock, store, renewals, events, onChange });

  function stateChanged(account: string | undefined, because: "put" | "reset"): void {
    events.emit({ at: isoDate(clock.peek()), account: account ?? null, type: "state", because });
    onChange();
  }

  /** Clears log and faults, or those of one account. */
  function clear(account?: string): void {
    clearLog(parts, account);
    faults.reset(account);
  }

  function queueChanged(): void {
    const queued = faults.queue.entries.length;
    events.emit({ at: isoDate(clock.peek()), account: null, type: "queue", queued });
  }

  return {
    clear,
    handle: (request: EngineRequest) => handle(parts, request),
    /** The steps of `handle` before the decision, for a caller who lets another server decide and then calls `end`. */
    begin: (request: EngineRequest) => begin(parts, request),
    /** The steps of `handle` after the decision. */
    end: (exchange: Exchange, resolution: Resolution) => end(parts, exchange, resolution),
    /** The present by the mock's clock, in milliseconds since 1970. */
    now: clock.now,
    /** The account of an API key, or why it has none. */
    callerOf: (apiKey: string) => accounts.callerOf(apiKey, clock.now()),
    /** The ID of an API key's account, without creating one for a new key; `null` if it has none. */
    findAccountOf: (apiKey: string) => accounts.find(apiKey),
    isTemplate: renewals.isTemplate,
    acceptsNewKeys: () => accounts.acceptsNewKeys(),
    accountIds: store.ids,
    has: (account: string) => store.get(account) !== undefined,
    /** The state, or one account. It is not copied, so it must only be read. */
    state(account?: string): State {
      accounts.refreshTemplate(clock.now());
      time.advanceAll();
      const startsAt = account === undefined && { startsAt: isoDate(clock.now()) };
      return { version: 1, ...startsAt, renewals: { ...renewals.rules }, accounts: store.view(account) };
    },
    /**
     * Replaces the state, or one account, with a world. The clock goes to the start of a world that has one, also back; with
     * an account named, it stays.
     *
     * @throws WorldError if the world cannot be used. The state then stays as it was.
     */
    putState(input: unknown, account?: string): void {
      if (account === undefined) replaceAll(parts, readWorld(input));
      else accounts.replaceSome(onlyAccount(readWorld(input), account), clock.now());
      stateChanged(account, "put");
    },
    /** Restores an earlier state of IP addresses of an order; those that have expired stay as they are. The log shows it. */
    restore: (account: string, addresses: Restored) => restore(parts, account, addresses),
    requests: log.list,
    /** The number of requests that the log has dropped since it was cleared. */
    droppedRequests: log.dropped,
    request: log.find,
    lastRequest: log.last,
    clearRequests: (account?: string) => clearLog(parts, account),
    /** How many times requests were cleared from the log since the mock was started. */
    clears: log.clears,
    /** Restores the starting world, and clears log, faults and clock; or resets one account. */
    reset(account?: string): void {
      if (account === undefined) {
        clock.reset(world.startsAt);
        renewals.rules = world.renewals;
      }
      clear(account);
      accounts.reset(clock.peek(), account);
      stateChanged(account, "reset");
    },
    faults: {
      list: faults.queue.list,
      /** @throws FaultError if the specification cannot be used. */
      add(spec: unknown): QueuedFault {
        const added = faults.queue.add(spec);
        queueChanged();
        return added;
      },
      /** Removes one fault, those of an account, or all. @returns whether there were any. */
      remove(which?: { readonly id: string } | { readonly account: string }): boolean {
        const isRemoved = faults.queue.remove(which);
        if (isRemoved) queueChanged();
        return isRemoved;
      },
    },
    time,
    events,
    renewalRules: () => renewals.rules,
    /** The last renewals and expiries of an account, in order of time. */
    renewalsOf: renewals.history,
    /** Why the state cannot be changed any more; `undefined` as long as it can. */
    refuseChanges: () => refuseChanges?.(),
    /** The current state, from which a later engine can continue. It is not copied, so it must only be read. */
    save(): SavedEngine {
      time.advanceAll();
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

function createParts(options: EngineOptions, onChange: () => void): EngineParts {
  const { world, now, elapsed = now, saved, logLimit, onRequest, refuseChanges } = options;
  const clock = createClock(now, world.startsAt);
  if (saved) clock.restore(saved.clock);
  const store = createStore(onChange);
  const log = createRequestLog(logLimit);
  const events = createEvents(log);
  if (onRequest) events.watch((event) => event.type === "request" && onRequest(event.request));
  const renewals = createRenewals(store, events, saved?.renewals ?? world.renewals);
  const accounts = new Accounts({ ...options, store, renewals }, clock.peek());
  const faults = createFaultPlanner({ elapsed, hasAccount: (id) => store.get(id) !== undefined });
  return { clock, accounts, faults, store, renewals, log, events, now, refuseChanges };
}

function clearLog({ clock, log, events }: EngineParts, account?: string): void {
  log.clear(account);
  const at = isoDate(clock.peek());
  events.emit({ at, account: account ?? null, type: "log", because: "cleared", clears: log.clears() });
}

function replaceAll({ clock, renewals, accounts }: EngineParts, world: ReadWorld): void {
  if (world.startsAt !== null) {
    const { frozen } = clock;
    clock.reset(world.startsAt);
    if (frozen) clock.freeze();
  }
  renewals.rules = world.renewals;
  accounts.replaceAll(world, clock.now());
}

function restore(parts: EngineParts, account: string, { orderId, ipAddresses }: Restored) {
  const { store, renewals } = parts;
  const method = "POST";
  const target = `/__mock/orders/${encodeURIComponent(orderId)}/restore?account=${encodeURIComponent(account)}`;
  const body = encodeUtf8(JSON.stringify({ ipAddresses }));
  const origin = "control API";
  const sent = { method, target, shownTarget: target, headers: typeOfJson, body, account, origin } as const;
  const exchange = begin(parts, sent);
  const time = isoDate(exchange.receivedAt);
  const { switched, ...counts } = store.restore(account, orderId, { addresses: ipAddresses, now: time });
  if (switched) renewals.switched(account, [switched]);
  const answer = { status: 200, headers: [], body: JSON.stringify(counts) };
  const why = `the earlier state of ${pluralize(counts.restored, "IP address", "es")} of order ${orderId} was restored`;
  const decision = { outcome: "done", statement: null, code: null, why, satisfied: 0, ignored: [] } as const;
  const resolution = { decision, answer, switches: [] };
  const changed = switched ? [switched] : [];
  record(parts, exchange, { resolution, changed, reply: answer });
  return counts;
}

const typeOfJson = { "content-type": "application/json" };

interface Restored {
  readonly orderId: string;
  readonly ipAddresses: readonly RestoredAddress[];
}

/** @throws WorldError if the world has other accounts. */
function onlyAccount(world: ReadWorld, account: string): ReadWorld {
  const others = world.ids.flatMap((id, index) =>
    id === account
      ? []
      : [
          {
            path: `accounts[${index}].id`,
            message: `must be "${account}": this request replaces only that account`,
          },
        ],
  );
  if (others.length > 0) throw new WorldError(others);
  return world;
}
