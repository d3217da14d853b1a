import { transportErrors } from "@auto-extend/core";
import { z } from "zod/v3";
import type { Engine } from "./engine/engine.js";
import { type FaultSpec, faultSpecForAccount } from "./engine/faults/fault-spec.js";
import type { QueuedFault } from "./engine/faults/queue.js";
import type { MockEvent } from "./engine/log/events.js";
import { explain } from "./engine/log/explanation.js";
import { hideKeyLikeName } from "./engine/log/hide-keys.js";
import type { Explanation, LogEntry } from "./engine/log/schemas.js";
import {
  differences,
  type Expectation,
  expectationSchema,
  FilterError,
  readExpectation,
  readQuery,
  requestQuerySchema,
  type Verification,
  verify,
} from "./engine/log/verify.js";
import { mockError } from "./engine/problem.js";
import type { State, World } from "./engine/state/world.js";
import { type ClockMove, type ClockState, parseClockCommand } from "./engine/time/schemas.js";
import type { EngineProblem } from "./engine/types.js";
import { readWith } from "./lib/schemas.js";
import { quoteShort, suggestion } from "./lib/text.js";

/** Controls a mock and asks what it saw: for tests in the same process, and for the control API, which calls them. */

/**
 * Selects requests of the log: the last `limit` of them, those between the ones with the IDs `after` and `before`, and
 * those of an account by its ID or its API key.
 */
export type RequestQuery = z.input<typeof querySchema>;

/** Names one account, by its ID or by its API key. */
export type AccountRef = z.input<typeof accountRef>;

/** Names queued faults: one by its ID, or those for the requests of one account only. */
export type FaultRef = z.input<typeof faultRef>;

/** The controls of a mock in the same process. The control API offers all of them over HTTP, with the same results. */
export interface MockControls {
  /**
   * A copy of the state, or of one account. Name the account if the world is large and has many. The whole state has the
   * present by the mock's clock, as `startsAt`.
   */
  state(of?: AccountRef): State;
  /**
   * Replaces the state, or one account, with a world. The clock goes to the world's `startsAt`, if it has one, unless an
   * account is named.
   *
   * @returns the new state.
   * @throws WorldError if the world cannot be used, and ControlError once another mock or program has changed the state file.
   * The state then stays as it was.
   */
  putState(world: World, of?: AccountRef): State;
  /** The requests in the log that match the query, oldest first (default: all). */
  requests(query?: RequestQuery): LogEntry[];
  /** Removes the requests from the log, or those of one account. */
  clearRequests(of?: AccountRef): void;
  /**
   * Compares the request log with an expectation: `verify({ orderIds: ["11111"], autoExtend: true, times: 1 })`.
   *
   * @throws VerifyError that shows the nearest requests and how they differ.
   */
  verify(expected: Expectation & { apiKey?: string }): Verification;
  /**
   * Explains a request: what was read, which rules were tried, what was decided and changed, and what was sent.
   *
   * @param id the ID of the request (default: `last`).
   * @throws ControlError if the log does not have it.
   */
  explain(id?: string, of?: AccountRef): Explanation;
  /** The queued faults. */
  readonly faults: FaultControls;
  /** The mock's clock. */
  readonly clock: ClockControls;
  /**
   * Calls back for each event, of all accounts or of one.
   *
   * @returns a function that ends the watch.
   */
  watch(watcher: (event: MockEvent) => void, of?: AccountRef): () => void;
  /**
   * Restores the starting world, and clears log, faults and clock; or resets one account.
   *
   * @throws ControlError once another mock or program has changed the state file.
   */
  reset(of?: AccountRef): void;
}

/** Injects faults into the next requests. */
export interface FaultControls {
  /**
   * Adds a fault: `add({ preset: "gateway-502", times: 2 })`.
   *
   * @throws FaultError if it cannot be used.
   */
  add(spec: FaultSpec, of?: AccountRef): QueuedFault;
  /** The queued faults, or those for one account only. */
  list(of?: AccountRef): QueuedFault[];
  /** Removes one fault by its ID, those for one account, or all. @returns whether there were any. */
  remove(which?: FaultRef): boolean;
}

/**
 * Moves the mock's clock, which only a reset and `putState` set back. With an account named, the result is about that account only.
 * A command throws a {@link ControlError} if the clock cannot go there, or once another mock or program has changed the state file.
 */
export interface ClockControls {
  state(of?: AccountRef): ClockState;
  /** Advances by days and hours. */
  advance(by: { days?: number; hours?: number }, of?: AccountRef): ClockMove;
  /** Advances to a date in ISO 8601. */
  moveTo(date: string, of?: AccountRef): ClockMove;
  /** Advances to the next renewal, of all accounts or of one. */
  toNextRenewal(of?: AccountRef): ClockMove;
  freeze(of?: AccountRef): ClockMove;
  resume(of?: AccountRef): ClockMove;
}

/** A control that is refused; `problem` is the answer of the control API to the same request. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  readonly problem: EngineProblem;

  constructor(problem: EngineProblem) {
    super(problem.error.detail);
    this.problem = problem;
  }
}

export function controlsOf(engine: Engine): MockControls {
  const accountId = (of: unknown) => accountIdOf(engine, of);

  /** Replaces the API key of a query with the ID of its account. */
  function byId<Query extends Pick<RequestQuery, "account" | "apiKey">>({ apiKey, account, ...rest }: Query) {
    if (apiKey === undefined)
      return account === undefined ? rest : { ...rest, account: accountId({ account }) };
    if (account === undefined) return { ...rest, account: accountId({ apiKey }) };
    throw twoAccounts();
  }

  return {
    state: (of) => copyOf(engine.state(accountId(of))),
    putState(world, of) {
      requireOwnState(engine);
      const account = accountId(of);
      engine.putState(world, account);
      return copyOf(engine.state(account));
    },
    requests(query = {}) {
      const { limit, after, before, ...filter }: Omit<RequestQuery, "apiKey"> = byId(
        readQuery(querySchema, query),
      );
      return engine.requests(filter.account, {
        after: after !== undefined && engine.request(after) ? requestNumber(after) : undefined,
        before: before === undefined ? undefined : requestNumber(before),
        limit,
        matches: (entry) => differences(entry, filter).length === 0,
      });
    },
    clearRequests: (of) => engine.clearRequests(accountId(of)),
    verify(expected) {
      const { account, ...rest }: Expectation = byId(readExpectation(expectedSchema, expected));
      const whose = account === undefined ? "" : " of this account";
      return verify(
        { entries: engine.requests(account), dropped: engine.droppedRequests(account), whose },
        rest,
      );
    },
    explain(id = "last", of) {
      if (typeof id !== "string") throw new RangeError('The ID must be a string, such as "request-17".');
      const account = accountId(of);
      const logged = id === "last" ? engine.lastRequest(account) : engine.request(id);
      if (logged && (account === undefined || logged.entry.account === account)) return explain(logged);
      const whose = account === undefined ? "" : " of this account";
      throw notFound(
        id === "last"
          ? `The log has no request${whose} yet. Send one first.`
          : `The log has no request ${quoteShort(hideKeyLikeName(id))}${whose}. It keeps only the most recent requests, and is emptied by a reset or when it is cleared.`,
      );
    },
    faults: faultControls(engine),
    clock: clockControls(engine),
    watch(watcher, of) {
      if (typeof watcher !== "function") {
        throw new RangeError("Pass a function that takes each event: watch((event) => console.log(event)).");
      }
      // Without the number of the event, which means something to the control API only.
      return engine.events.watch((event) => watcher(event), { account: accountId(of) });
    },
    reset(of) {
      requireOwnState(engine);
      engine.reset(accountId(of));
    },
  };
}

/** A copy in which accounts share no orders. `structuredClone` of everything would take ten times as long. */
function copyOf({ accounts, ...state }: State): State {
  return {
    ...state,
    accounts: accounts.map(({ orders, ...account }) => ({
      ...structuredClone(account),
      orders: orders.map((order) => ({
        ...order,
        ipAddresses: order.ipAddresses.map((address) => ({ ...address })),
      })),
    })),
  };
}

function faultControls(engine: Engine): FaultControls {
  const accountId = (of: unknown) => accountIdOf(engine, of);
  return {
    add(spec, of) {
      // A name alone is refused as such, whatever comes after it.
      const account = typeof spec === "string" ? undefined : accountId(of);
      return engine.faults.add(account === undefined ? spec : faultSpecForAccount(spec, account));
    },
    list(of) {
      const account = accountId(of);
      return engine.faults.list().filter(({ match }) => account === undefined || match.account === account);
    },
    remove(which) {
      const name = readWith(
        faultRef.optional(),
        which,
        () => new RangeError(`Name a fault, { id: "fault-1" }, or those of one account: ${examples}.`),
      );
      if (name === undefined || "id" in name) return engine.faults.remove(name);
      return engine.faults.remove({ account: `${accountId(name)}` });
    },
  };
}

function clockControls(engine: Engine): ClockControls {
  return {
    state: (of) => engine.time.state(accountIdOf(engine, of)),
    advance: (advance, of) => runClock(engine, { advance }, of, "clock.advance({ days: 30, hours: 1 })"),
    moveTo: (to, of) => runClock(engine, { to }, of, 'clock.moveTo("2030-01-31T12:00:00Z")'),
    toNextRenewal: (of) => runClock(engine, { toNextRenewal: true }, of),
    freeze: (of) => runClock(engine, { freeze: true }, of),
    resume: (of) => runClock(engine, { resume: true }, of),
  };
}

/** `example` shows how the caller writes such a command. It throws a ControlError if the clock cannot carry it out. */
export function runClock(engine: Engine, sent: unknown, of: unknown, example?: string): ClockMove {
  requireOwnState(engine);
  const command = clockProblem(400, () => parseClockCommand(sent, example));
  const account = accountIdOf(engine, of);
  return clockProblem(409, () => engine.time.move(command, account));
}

/** @throws ControlError once another mock or program has changed the state file: the change would be lost. */
export function requireOwnState(engine: Engine): void {
  const problem = engine.refuseChanges();
  if (problem) throw new ControlError(problem);
}

function requestNumber(id: string): number {
  return Number(id.replace("request-", ""));
}

/** The ID of a named account; `undefined` if none is named. It throws a ControlError if there is no such account. */
export function accountIdOf(engine: Engine, of: unknown): string | undefined {
  if (of === undefined) return undefined;
  const name = readWith(accountRef, of, () => new RangeError(`Name one account: ${examples}.`));
  if (name.account !== undefined) {
    if (engine.has(name.account)) return name.account;
    throw notFound(unknownAccount(name.account, engine.accountIds()));
  }
  const { accountId, keyIssue } = engine.callerOf(name.apiKey);
  if (accountId !== null) return accountId;
  throw notFound(`This API key has no account: ${keyIssue?.message}. Use ${keyIssue?.expected}.`);
}

function unknownAccount(id: string, known: readonly string[]): string {
  const more = known.length > maxListed ? ` and ${known.length - maxListed} more` : "";
  const all = `Known: ${known.slice(0, maxListed).join(", ")}${more}.`;
  return `There is no account with the ID ${quoteShort(hideKeyLikeName(id))}. ${suggestion(id, known, all)} To name it by its API key, use --api-key, the header mock-api-key, or { apiKey }.`;
}

const maxListed = 5;

export function notFound(detail: string): ControlError {
  return new ControlError({ error: { ...transportErrors.notFound, detail } });
}

/** A control that is invalid; `about` is the subject of the problem's ID. */
export function badRequest(about: string, detail: string): ControlError {
  return new ControlError({ error: mockError(about, 400, detail) });
}

/** Turns the RangeErrors of the clock into problems with this status. */
function clockProblem<Value>(status: 400 | 409, run: () => Value): Value {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ControlError({ error: mockError("clock", status, error.message) });
  }
}

/** Two names for the account of a query are refused, even if they mean the same one. */
export function twoAccounts(): FilterError {
  return new FilterError("The query names its account twice. Name it once, by its ID or by its API key.");
}

const apiKey = z.string().optional();
const querySchema = requestQuerySchema.extend({ apiKey });
const expectedSchema = expectationSchema.extend({ apiKey });

const none = z.undefined().optional();
// Exactly one name each: a misspelled or missing one must not stand for all accounts.
const accountRef = z.union([
  z.strictObject({ account: z.string(), apiKey: none }),
  z.strictObject({ apiKey: z.string(), account: none }),
]);
const faultRef = z.union([z.strictObject({ id: z.string() }), accountRef]);
const examples = '{ account: "default" } or { apiKey: "any-key" }';
