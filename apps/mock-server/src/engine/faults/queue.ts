import { createDraws, type DrawnFor, type Draws } from "./draws.js";
import type { Fault } from "./fault.js";
import { type FaultMatch, type ParsedFault, parseFaultSpec } from "./fault-spec.js";
import { appliesTo } from "./preset-options.js";

/** Faults that wait for requests. */

/** A fault that waits, for whoever asks. */
export interface WaitingFault {
  readonly id: string;
  /** The name of the preset; `null` without one. */
  readonly preset: string | null;
  readonly fault: Fault;
  readonly match: FaultMatch;
  /** The number of requests that it will still strike; `null` for all. */
  readonly left: number | null;
  readonly share: number;
  readonly seed: number;
  /** The number of requests that it has struck. */
  readonly struck: number;
}

/** The parts of a request that faults are matched by. */
export interface MatchedRequest extends DrawnFor {
  readonly operation: string | null;
  /** The body or the query, whatever it is. */
  readonly sent: unknown;
}

/** Faults in the order in which they were added. */
export interface FaultQueue {
  readonly size: number;
  /** @throws FaultError if the specification cannot be used. */
  add(spec: unknown): WaitingFault;
  list(): WaitingFault[];
  /** Removes one fault, those of an account, or all. @returns whether there were any. */
  remove(which?: { readonly id: string } | { readonly account: string }): boolean;
  /** Removes all faults and numbers them from 1 again, or removes those of one account. */
  reset(account?: string): void;
  /** The faults that a request meets. None of them counts it yet. */
  matching(request: MatchedRequest): QueuedFault[];
  /** Counts one request for each of these faults. */
  count(faults: readonly QueuedFault[]): void;
}

/** A fault that a request meets. */
export interface QueuedFault {
  readonly id: string;
  readonly name: string;
  readonly fault: Fault;
  readonly seed: number;
  readonly draws: Draws;
}

interface Entry extends Omit<ParsedFault, "times"> {
  readonly id: string;
  left: number | null;
  struck: number;
  readonly draws: Draws;
}

/** Makes an empty queue. */
export function createFaultQueue(hasAccount: (id: string) => boolean): FaultQueue {
  let entries: Entry[] = [];
  let numbered = 0;

  return {
    get size() {
      return entries.length;
    },
    add(spec) {
      const { times, ...made } = parseFaultSpec(spec, hasAccount);
      numbered += 1;
      const entry = { ...made, id: `fault-${numbered}`, left: times, struck: 0, draws: createDraws() };
      entries.push(entry);
      return shown(entry);
    },
    list: () => entries.map(shown),
    remove(which) {
      const before = entries.length;
      entries = entries.filter((entry) => which && !isNamed(entry, which));
      return entries.length < before;
    },
    reset(account) {
      entries = entries.filter(({ match }) => account !== undefined && match.account !== account);
      if (account === undefined) numbered = 0;
      else for (const { draws } of entries) draws.forget(account);
    },
    matching: (request) =>
      entries
        .filter((entry) => matches(entry, request) && isDrawn(entry, request))
        .map(({ id, preset, fault, seed, draws }) => ({ id, name: preset ?? id, fault, seed, draws })),
    count(faults) {
      for (const { id } of faults) {
        const entry = entries.find((each) => each.id === id);
        if (!entry) continue;
        entry.struck += 1;
        if (entry.left !== null) entry.left -= 1;
      }
      if (faults.length > 0) entries = entries.filter(({ left }) => left !== 0);
    },
  };
}

function shown({ id, preset, fault, match, left, share, seed, struck }: Entry): WaitingFault {
  return { id, preset, fault, match, left, share, seed, struck };
}

function isNamed(entry: Entry, which: { readonly id: string } | { readonly account: string }): boolean {
  return "id" in which ? entry.id === which.id : entry.match.account === which.account;
}

function matches({ match, preset }: Entry, { account, operation, sent }: MatchedRequest): boolean {
  const body = (typeof sent === "object" && sent !== null ? sent : {}) as Record<string, unknown>;
  return (
    appliesTo(preset, operation) &&
    (match.account === undefined || match.account === account) &&
    (match.operation === undefined || match.operation === operation) &&
    (match.proxyType === undefined || match.proxyType === body.proxyType) &&
    (match.autoExtend === undefined || match.autoExtend === body.autoExtend) &&
    (match.orderId === undefined || (Array.isArray(body.orderIds) && body.orderIds.includes(match.orderId)))
  );
}

function isDrawn({ share, seed, draws }: Entry, request: MatchedRequest): boolean {
  return share === 1 || draws.next(seed, request) < share;
}
