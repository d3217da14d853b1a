import type { Engine } from "./engine/engine.js";
import type { MockEvent } from "./engine/events.js";
import type { FaultOrder, WaitingFault } from "./engine/faults/queue.js";
import { differences, type RequestFilter, requestFilterSchema } from "./engine/request-filter.js";
import type { LogEntry } from "./engine/request-log.js";
import { type Story, storyOf } from "./engine/story.js";
import type { ClockState, Passed } from "./engine/time.js";
import { type Expectation, readBy, type Verification, VerifyError, verification } from "./engine/verify.js";
import type { State, World } from "./engine/world.js";

/** Names one account, by its id or by its API key. */
export type AccountName = { account: string } | { apiKey: string };

/** Which requests are meant, and of which account: by its id, or by its API key. */
export type RequestQuery = RequestFilter & { apiKey?: string };

/** What a test asks of a mock in its own process. */
export interface MockControls {
  /** A copy of the state: all of it, or one account's. */
  state(of?: AccountName): State;
  /** Puts a world in place of the state, or of one account. Throws a `WorldError` where it can't be used. */
  putState(world: World, of?: AccountName): void;
  /** The requests in the log, oldest first: all, or those that have everything that the query names. */
  requests(query?: RequestQuery): LogEntry[];
  /**
   * Holds the request log to an expectation: `verify({ orderIds: ["11111"], autoExtend: true, times: 1 })`.
   *
   * @throws VerifyError that shows the nearest requests and how they differ.
   */
  verify(expected: Expectation & { apiKey?: string }): Verification;
  /** The story of a request: what was read, which rules were tried, what was decided and changed, and what left. */
  explain(id: string): Story;
  /** Faults that wait for requests. */
  readonly faults: FaultControls;
  /** The mock's clock. */
  readonly clock: ClockControls;
  /** Calls back for each event, until the function that it gives back is called. */
  watch(watcher: (event: MockEvent) => void): () => void;
  /** Back to the starting world: log, faults and clock, too. Of one account, only what is that account's. */
  reset(of?: AccountName): void;
}

/** Orders faults for requests to come. */
export interface FaultControls {
  /** Orders one: `add({ preset: "gateway-502", times: 2 })`. Throws a `FaultError` where it can't be had. */
  add(order: FaultOrder, of?: AccountName): WaitingFault;
  /** The faults that still wait. */
  list(): WaitingFault[];
  /** Takes back one, by its id, or those of an account, or all; whether there was any. */
  remove(which?: { id: string } | AccountName): boolean;
}

/** Moves the mock's clock. It goes back by `reset` alone; each of these throws a `RangeError` where it can't be done. */
export interface ClockControls {
  state(of?: AccountName): ClockState;
  /** Ahead by days and hours. */
  advance(by: { days?: number; hours?: number }): Passed;
  /** Ahead to a moment in ISO 8601. */
  moveTo(moment: string): Passed;
  /** Ahead to the next renewal: of all accounts, or of one. */
  toNextRenewal(of?: AccountName): Passed;
  freeze(): ClockState;
  flow(): ClockState;
}

/** The controls of an engine. */
export function controlsOf(engine: Engine): MockControls {
  const { time } = engine;

  function accountId(of: AccountName | undefined): string | undefined {
    if (of === undefined) return undefined;
    const id = "account" in of ? of.account : engine.accountOf(of.apiKey);
    if (id !== null && engine.has(id)) return id;
    // The API key is a secret, also here.
    throw new RangeError(
      "account" in of ? `There is no account "${of.account}".` : "This API key has no account.",
    );
  }

  /** A query with the account's id in place of its API key. */
  function byId<Query extends { apiKey?: string | undefined; account?: string | undefined }>({
    apiKey,
    ...query
  }: Query) {
    const of = apiKey === undefined ? nameOf(query.account) : { apiKey };
    const account = accountId(of);
    return account === undefined ? query : { ...query, account };
  }

  return {
    state: (of) => engine.state(accountId(of)),
    putState: (world, of) => engine.putState(world, accountId(of)),
    requests(query = {}) {
      const filter = readBy(requestFilterSchema, byId(query));
      return engine.requests(filter.account).filter((entry) => differences(entry, filter).length === 0);
    },
    verify(expected) {
      const { account, ...rest } = byId(expected) as Expectation;
      const result = verification(engine.requests(account), rest);
      if (!result.passed) throw new VerifyError(result);
      return result;
    },
    explain(id) {
      const draft = engine.request(id);
      if (draft) return storyOf(draft);
      throw new RangeError(
        `The log has no request "${id}": it keeps the last ones only, and none from before a reset.`,
      );
    },
    faults: {
      add(order, of) {
        const account = accountId(of);
        return engine.faults.add(
          account === undefined ? order : { ...order, match: { ...order.match, account } },
        );
      },
      list: () => engine.faults.list(),
      remove(which) {
        if (which === undefined) return engine.faults.remove();
        if ("id" in which) return engine.faults.remove(which);
        return engine.faults.remove({ account: accountId(which) ?? "" });
      },
    },
    clock: {
      state: (of) => time.state(accountId(of)),
      advance: (by) => time.advance(by),
      moveTo: (moment) => time.moveTo(moment),
      toNextRenewal: (of) => time.toNextRenewal(accountId(of)),
      freeze: () => time.freeze(),
      flow: () => time.flow(),
    },
    watch: (watcher) => engine.events.watch(watcher),
    reset: (of) => engine.reset(accountId(of)),
  };
}

function nameOf(account: string | undefined): AccountName | undefined {
  return account === undefined ? undefined : { account };
}
