import { formatIssues, issuesOf } from "@auto-extend/core";
import { z } from "zod/v3";
import type { Engine } from "./engine/engine.js";
import { type FaultSpec, faultSpecForAccount } from "./engine/faults/fault-spec.js";
import type { WaitingFault } from "./engine/faults/queue.js";
import type { MockEvent } from "./engine/log/events.js";
import { type Explanation, explain } from "./engine/log/explanation.js";
import type { LogEntry } from "./engine/log/request-log.js";
import {
  differences,
  type Expectation,
  expectationSchema,
  FilterError,
  type RequestFilter,
  readBy,
  requestFilterSchema,
  type Verification,
  VerifyError,
  verification,
} from "./engine/log/verify.js";
import type { State, World } from "./engine/state/world.js";
import { readAdvance, readMoment } from "./engine/time/clock-command.js";
import type { ClockState } from "./engine/time/time.js";
import { type ClockMove, moveClock } from "./engine/time/time.js";
import { schemaMessages } from "./lib/schema-messages.js";

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
  /**
   * The story of a request, the last one where no id is given: what was read, which rules were tried, what was decided
   * and changed, and what left. Throws a `RangeError` where the log does not have it.
   */
  explain(id?: string): Explanation;
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
  add(order: FaultSpec, of?: AccountName): WaitingFault;
  /** The faults that still wait. */
  list(): WaitingFault[];
  /** Takes back one, by its id, or those of an account, or all; whether there was any. */
  remove(which?: FaultName): boolean;
}

/**
 * Moves the mock's clock. It goes back by `reset` alone. What comes back is what `POST /__mock/clock` answers; with an
 * account named, it is about that account. Each of these throws a `RangeError` if the clock cannot go there.
 */
export interface ClockControls {
  state(of?: AccountName): ClockState;
  /** Ahead by days and hours. */
  advance(by: { days?: number; hours?: number }, of?: AccountName): ClockMove;
  /** Ahead to a moment in ISO 8601. */
  moveTo(moment: string, of?: AccountName): ClockMove;
  /** Ahead to the next renewal: of all accounts, or of one. */
  toNextRenewal(of?: AccountName): ClockMove;
  freeze(): ClockMove;
  flow(): ClockMove;
}

/** The controls of an engine. */
export function controlsOf(engine: Engine): MockControls {
  const { time } = engine;

  function accountId(of: unknown): string | undefined {
    return of === undefined ? undefined : idOf(readAccountName(of));
  }

  function idOf(name: AccountName): string {
    const id = "account" in name ? name.account : engine.accountOf(name.apiKey);
    if (id !== null && engine.has(id)) return id;
    // The API key is a secret, also here.
    throw new RangeError(
      "account" in name ? `There is no account "${name.account}".` : "This API key has no account.",
    );
  }

  /** What is asked of the log, with the account's id in place of its API key. */
  function byId<Query extends z.output<typeof querySchema>>({ apiKey, account, ...rest }: Query) {
    if (apiKey === undefined) return account === undefined ? rest : { ...rest, account: idOf({ account }) };
    if (account === undefined) return { ...rest, account: idOf({ apiKey }) };
    throw new FilterError(
      "What is asked of the request log names an account by its id and by an API key: leave one of them out.",
    );
  }

  return {
    state: (of) => engine.state(accountId(of)),
    putState: (world, of) => engine.putState(world, accountId(of)),
    requests(query = {}) {
      const filter: RequestFilter = byId(readBy(querySchema, query));
      return engine.requests(filter.account).filter((entry) => differences(entry, filter).length === 0);
    },
    verify(expected) {
      const { account, ...rest }: Expectation = byId(readBy(expectedSchema, expected));
      const result = verification(engine.requests(account), rest, engine.droppedRequests(account));
      if (!result.passed) throw new VerifyError(result);
      return result;
    },
    explain(id) {
      const draft = id === undefined ? engine.lastRequest() : engine.request(id);
      if (draft) return explain(draft);
      throw new RangeError(
        `The log has no request${id === undefined ? "" : ` "${id}"`}: it keeps the last ones only, and none from before a reset.`,
      );
    },
    faults: {
      add(order, of) {
        const account = accountId(of);
        return engine.faults.add(account === undefined ? order : faultSpecForAccount(order, account));
      },
      list: () => engine.faults.list(),
      remove(which) {
        if (which === undefined) return engine.faults.remove();
        const name = readFaultName(which);
        return engine.faults.remove("id" in name ? name : { account: idOf(name) });
      },
    },
    clock: {
      state: (of) => time.state(accountId(of)),
      advance: (by, of) => moveClock(time, { advance: readAdvance(by) }, accountId(of)),
      moveTo: (moment, of) => moveClock(time, { to: readMoment(moment, "moveTo") }, accountId(of)),
      toNextRenewal: (of) => moveClock(time, { toNextRenewal: true }, accountId(of)),
      freeze: () => moveClock(time, { freeze: true }),
      flow: () => moveClock(time, { flow: true }),
    },
    watch: (watcher) => engine.events.watch(watcher),
    reset: (of) => engine.reset(accountId(of)),
  };
}

const apiKey = z.string().optional();
const querySchema = requestFilterSchema.extend({ apiKey }).strict();
const expectedSchema = expectationSchema.extend({ apiKey }).strict();

/** Names one account, by its id or by its API key. */
export type AccountName = { account: string } | { apiKey: string };

/** Names faults that wait: one by its id, or those for the requests of one account alone. */
export type FaultName = { id: string } | AccountName;

/**
 * Reads which account is meant.
 *
 * @throws RangeError where nobody can tell.
 */
function readAccountName(value: unknown): AccountName {
  const { account, apiKey } = readName(accountName, value, `Name an account: ${examples}.`);
  return account === undefined ? { apiKey: `${apiKey}` } : { account };
}

/**
 * Reads which faults are meant.
 *
 * @throws RangeError where nobody can tell.
 */
function readFaultName(value: unknown): FaultName {
  const todo = `Name a fault, { id: "fault-1" }, or those of an account: ${examples}.`;
  const { id, ...rest } = readName(faultName, value, todo);
  return id === undefined ? readAccountName(rest) : { id };
}

const examples = '{ account: "default" } or { apiKey: "any-key" }';
const text = z.string().optional();
const accountName = z.object({ account: text, apiKey: text }).strict();
const faultName = accountName.extend({ id: text }).strict();

/** A name that is misspelled, or was not there, must not stand for everybody. */
function readName<Schema extends typeof accountName | typeof faultName>(
  schema: Schema,
  value: unknown,
  todo: string,
): z.output<Schema> {
  const { error, data = {} } = schema.safeParse(value, { errorMap: schemaMessages });
  if (error) throw new RangeError(`What is named can't be read: ${formatIssues(issuesOf(error))}. ${todo}`);
  const given = Object.values(data).filter((each) => each !== undefined);
  if (given.length === 1) return data;
  throw new RangeError(
    `What is named can't be read: it has ${given.length} names, and is to have one. ${todo}`,
  );
}
