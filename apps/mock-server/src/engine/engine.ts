import { createRedactor } from "@auto-extend/core";
import type { Capability } from "./faults/capabilities.js";
import type { Delivery } from "./faults/deliver.js";
import { createPlanner, type Plan } from "./faults/plan.js";
import type { FaultQueue } from "./faults/queue.js";
import { type Begun, createHandler, type Handled } from "./handler.js";
import { createEvents, type Events, type MockEvent } from "./log/events.js";
import { createRequestLog, type DraftEntry, type LogEntry } from "./log/request-log.js";
import { type EngineProblem, internalError, problemReply } from "./problem.js";
import { createAccounts, type KeyMemory, type SavedAccounts } from "./state/accounts.js";
import { orderChange } from "./state/order-change.js";
import { type Change, type Changed, createStore } from "./state/store.js";
import { type ReadWorld, type RenewalRules, readWorld, type State, WorldError } from "./state/world.js";
import { type Clock, createClock, type SavedClock } from "./time/clock.js";
import { createRenewals } from "./time/renewals.js";
import { createTime, type Time } from "./time/time.js";

/** A request as a carrier hands it in: a socket's, a test's, a browser's. */
export interface EngineRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes, or that there were more of them than the mock takes. */
  readonly body: Uint8Array | "too-large";
  /** What the carrier can't do with an answer; it can do everything where left out. */
  readonly unsupported?: ReadonlySet<Capability>;
  /** Whether order ids and API keys are what they are, even where they look like a fault. */
  readonly ignoreMagic?: boolean;
}

/** What a carrier sends back. */
export interface EngineReply {
  readonly status: number;
  /** Lower-case names and their values in turn, as in Node's `rawHeaders`: the form that takes the least to send. */
  readonly headers: readonly string[];
  readonly body: string | Uint8Array;
  /** How to send it; it is simply sent where left out. */
  readonly delivery?: Delivery;
  /** To be called once the answer was sent, or can't be sent any more. */
  readonly release?: () => void;
}

/** The mock without any network: requests in, replies out, and a state between them. */
export interface Engine {
  handle(request: EngineRequest): EngineReply;
  /** Reads a request and plans what is to go wrong: for whoever has it answered elsewhere, and then calls `end`. */
  begin(request: EngineRequest): Begun;
  /** Delivers what became of a request, and writes it down. */
  end(begun: Begun, handled: Handled): EngineReply;
  /** The moment by the mock's clock, in milliseconds since 1970. */
  now(): number;
  /** The account id that an API key opens; `null` where it opens none. */
  accountOf(apiKey: string): string | null;
  /** Whether there is an account of this id. */
  has(account: string): boolean;
  /** A copy of the state, all of it or one account's. */
  state(account?: string): State;
  /**
   * Puts a world in place of the state; with an account given, only that account.
   *
   * @throws WorldError where the world can't be used; the state is then as it was.
   */
  putState(world: unknown, account?: string): void;
  /** The requests in the log, oldest first. */
  requests(account?: string): LogEntry[];
  /** How many requests the log has let go of since it was cleared, to keep within its limits. */
  droppedRequests(account?: string): number;
  /** The request of an id; `undefined` where the log does not have it, or not any more. */
  request(id: string): DraftEntry | undefined;
  /** The last request, of all or of one account. */
  lastRequest(account?: string): DraftEntry | undefined;
  clearRequests(account?: string): void;
  /** Back to the starting world: log, faults and clock, too; with an account given, only what is that account's. */
  reset(account?: string): void;
  /** The faults that wait for requests. */
  readonly faults: FaultQueue;
  readonly time: Time;
  readonly events: Events;
  /** Why the state cannot be changed any more; `undefined` as long as it can. */
  refuseChanges(): EngineProblem | undefined;
  /** All that another engine needs to go on from here: as it is now, and not copied, so it is to be read only. */
  save(): SavedEngine;
}

/** An engine as it is kept across restarts. No API key is in it. */
export interface SavedEngine extends SavedAccounts {
  readonly clock: SavedClock;
  /** Up to when everything has happened, in milliseconds since 1970. */
  readonly settledAt: number;
  readonly renewals: RenewalRules;
}

/** The settings of an engine. Time comes from outside, so that the same requests give the same replies. */
export interface EngineOptions {
  readonly world: ReadWorld;
  readonly apiKeys: readonly string[];
  /** How many requests the log keeps. */
  readonly logLimit: number;
  /** How many accounts may be made for new API keys. */
  readonly accountLimit: number;
  /** The machine's time, in milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that really went by, since whenever; by `now` where left out. */
  readonly elapsed?: (() => number) | undefined;
  /** Told of each request after it was answered. */
  readonly onRequest?: ((entry: LogEntry) => void) | undefined;
  /** Told each time that what `save` gives has become another. */
  readonly onChange?: (() => void) | undefined;
  /** Why the state cannot be changed any more; `undefined` as long as it can. */
  readonly refuseChanges?: (() => EngineProblem | undefined) | undefined;
  /** What an earlier engine saved, to go on from; the starting world where left out. */
  readonly saved?: SavedEngine | undefined;
  /** Remembers API keys across restarts. */
  readonly memory?: KeyMemory | undefined;
}

/** Makes an engine. */
export function createEngine(options: EngineOptions): Engine {
  const { world, now, saved, onRequest, onChange = () => {}, refuseChanges = () => undefined } = options;
  const clock: Clock = createClock(now, world.startsAt);
  if (saved) clock.restore(saved.clock);
  // Time passes for accounts from when they were put in, or left.
  const begins = () => (loading && saved ? saved.settledAt + 1 : clock.now());
  let loading = true;
  const store = createStore();
  const renewals = createRenewals(store, saved?.renewals ?? world.renewals);
  const events = createEvents();
  const time = createTime({ clock, store, renewals, events, onChange });
  const accounts = createAccounts(store, {
    ...options,
    limit: options.accountLimit,
    now: clock.now,
    settle: (id) => void time.advanceTo(id),
    onPut: (id, isPattern) => renewals.begin(id, begins(), isPattern),
    onCopy: (id, original) => renewals.beginAs(id, original, clock.now()),
  });
  loading = false;
  const planner = createPlanner({
    elapsed: options.elapsed ?? now,
    hasAccount: (id) => store.get(id) !== undefined,
  });
  const log = createRequestLog(options.logLimit);
  const handler = createHandler({
    now: clock.now,
    accounts,
    account: store.get,
    settle: (id) => void time.advanceTo(id),
    planner,
    refuseChanges,
    commit,
    handled,
  });
  if (onRequest) events.watch((event) => event.type === "request" && onRequest(event.request));

  function commit(request: string, account: string, changes: readonly Change[]): readonly Changed[] {
    const changed = store.transact(account, changes);
    const others = changed.filter(({ before, after }) => before !== after);
    // A request may ask for what is so already.
    if (others.length === 0) return changed;
    renewals.switched(account, others);
    tell(account, () => ({ type: "change", request, changes: others.map(orderChange) }));
    onChange();
    return changed;
  }

  function handled(draft: DraftEntry, plan: Plan | null): void {
    log.add(draft);
    const { id, account } = draft;
    if (plan) tell(account, () => ({ type: "fault", request: id, faults: plan.triggers }));
    tell(account, () => ({ type: "request", request: draft.write() }));
  }

  function tell(account: string | null, what: () => Told): void {
    events.emit(account, () => ({ at: new Date(clock.now()).toISOString(), account, ...what() }));
  }

  return {
    handle(request) {
      try {
        const begun = handler.begin(request);
        return handler.end(begun, handler.serve(begun));
      } catch (error) {
        // A mistake of the mock's must not end the program that it serves.
        const remark = createRedactor().text((error as Error).message);
        return problemReply({ error: internalError, remark });
      }
    },
    begin: handler.begin,
    end: handler.end,
    now: clock.now,
    accountOf: (apiKey) => accounts.caller(apiKey).accountId,
    has: (account) => store.get(account) !== undefined,
    state(account) {
      accounts.refreshPattern();
      time.advanceTo(account);
      return { version: 1, renewals: { ...renewals.rules }, accounts: store.snapshot(account) };
    },
    putState(input, account) {
      const next = readWorld(input);
      if (account === undefined) {
        renewals.rules = next.renewals;
        accounts.replaceAll(next);
      } else {
        requireOnly(next, account);
        accounts.replaceSome(next);
      }
      tell(account ?? null, () => ({ type: "state", because: "put" }));
      onChange();
    },
    requests: log.list,
    droppedRequests: log.dropped,
    request: log.find,
    lastRequest: log.last,
    clearRequests: log.clear,
    reset(account) {
      log.clear(account);
      if (account === undefined) {
        clock.reset(world.startsAt);
        renewals.rules = world.renewals;
        handler.renumber();
      }
      planner.reset(account);
      accounts.reset(account);
      tell(account ?? null, () => ({ type: "state", because: "reset" }));
      onChange();
    },
    faults: planner.queue,
    time,
    events,
    refuseChanges,
    save() {
      time.advanceTo();
      return {
        clock: clock.save(),
        settledAt: clock.now(),
        renewals: renewals.rules,
        accounts: store.view(),
        copies: accounts.copies(),
      };
    },
  };
}

/** An event without what all of them have. */
type Told = MockEvent extends infer Event
  ? Event extends MockEvent
    ? Omit<Event, "at" | "account">
    : never
  : never;

function requireOnly(world: ReadWorld, account: string): void {
  const strangers = world.ids.flatMap((id, index) =>
    id === account
      ? []
      : [{ path: `accounts[${index}].id`, message: `must be "${account}", the only account to be put` }],
  );
  if (strangers.length > 0) throw new WorldError(strangers);
}
