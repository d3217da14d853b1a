import { createDraws, type DrawnFor, type Draws } from "./draws.js";
import type { Fault } from "./fault.js";
import { type FaultMatch, type ParsedFault, parseFaultSpec } from "./fault-spec.js";
import { canApplyTo } from "./preset-options.js";

/** Faults that wait for requests. */
export interface WaitingFault {
  readonly id: string;
  /** The name of the preset; `null` where it is made of primitives alone. */
  readonly preset: string | null;
  readonly fault: Fault;
  readonly match: FaultMatch;
  /** For how many requests more; `null` for all. */
  readonly left: number | null;
  readonly share: number;
  readonly seed: number;
  /** How many requests it has struck. */
  readonly struck: number;
}

/** What a request is, as far as faults are matched by it. */
export interface Matched extends DrawnFor {
  readonly operation: string | null;
  /** The body or the query, whatever it is. */
  readonly sent: unknown;
}

/** Faults that wait for requests, in the order in which they came. */
export interface FaultQueue {
  /** @throws FaultError where the order can't be followed. */
  add(order: unknown): WaitingFault;
  list(): WaitingFault[];
  /** Takes one away, or those of an account, or all; whether there was any. */
  remove(which?: { readonly id: string } | { readonly account: string }): boolean;
  /** Forgets all, and counts their ids anew; or what is of one account. */
  reset(account?: string): void;
  /** The faults that are to strike a request. None of them counts it yet. */
  meeting(request: Matched): Striking[];
  /** Counts that these have struck. */
  strike(striking: readonly Striking[]): void;
}

/** A waiting fault that is to strike a request. */
export interface Striking {
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
    add(order) {
      const { times, ...made } = parseFaultSpec(order, hasAccount);
      numbered += 1;
      const entry = { ...made, id: `fault-${numbered}`, left: times, struck: 0, draws: createDraws() };
      entries.push(entry);
      return shown(entry);
    },
    list: () => entries.map(shown),
    remove(which) {
      const before = entries.length;
      entries = entries.filter((entry) => which && !isMeant(entry, which));
      return entries.length < before;
    },
    reset(account) {
      entries = entries.filter(({ match }) => account !== undefined && match.account !== account);
      if (account === undefined) numbered = 0;
      else for (const { draws } of entries) draws.forget(account);
    },
    // Nearly every request meets an empty queue.
    meeting: (request) =>
      entries.length === 0
        ? []
        : entries
            .filter((entry) => matches(entry, request) && isDrawn(entry, request))
            .map(({ id, preset, fault, seed, draws }) => ({ id, name: preset ?? id, fault, seed, draws })),
    strike(striking) {
      for (const { id } of striking) {
        const entry = entries.find((each) => each.id === id);
        if (!entry) continue;
        entry.struck += 1;
        if (entry.left !== null) entry.left -= 1;
      }
      if (striking.length > 0) entries = entries.filter(({ left }) => left !== 0);
    },
  };
}

function shown({ id, preset, fault, match, left, share, seed, struck }: Entry): WaitingFault {
  return { id, preset, fault, match, left, share, seed, struck };
}

function isMeant(entry: Entry, which: { readonly id: string } | { readonly account: string }): boolean {
  return "id" in which ? entry.id === which.id : entry.match.account === which.account;
}

function matches({ match, preset }: Entry, { account, operation, sent }: Matched): boolean {
  const body = (typeof sent === "object" && sent !== null ? sent : {}) as Record<string, unknown>;
  return (
    canApplyTo(preset, operation) &&
    (match.account === undefined || match.account === account) &&
    (match.operation === undefined || match.operation === operation) &&
    (match.proxyType === undefined || match.proxyType === body.proxyType) &&
    (match.autoExtend === undefined || match.autoExtend === body.autoExtend) &&
    (match.orderId === undefined || (Array.isArray(body.orderIds) && body.orderIds.includes(match.orderId)))
  );
}

function isDrawn({ share, seed, draws }: Entry, request: Matched): boolean {
  return share === 1 || draws.next(seed, request) < share;
}
