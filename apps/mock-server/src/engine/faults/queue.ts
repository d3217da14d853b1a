import { z } from "zod/v3";
import { fieldsOf } from "../../lib/fits.js";
import { fractionOf, hashOf } from "../../lib/random.js";
import { whole } from "../../lib/schemas.js";
import { appliesTo, parsedFault, parseFaultSpec } from "./fault-spec.js";

/** Queued faults, and the random numbers that decide which of them get one. */

/** A fault that is queued for later requests. */
export type QueuedFault = Readonly<z.output<typeof queuedFault>>;

export const queuedFault = parsedFault
  .omit({ times: true })
  .extend({
    id: z.string().describe("The ID, by which the fault can be removed."),
    left: whole
      .nullable()
      .describe("How many more requests it will change, or refuse as a limit; null for all."),
    injected: whole.describe("How many requests it has changed, or refused as a limit."),
  })
  .describe("A fault that is queued for later requests.");

export interface MatchedRequest {
  readonly account: string | null;
  readonly apiKey: string;
  readonly operation: string;
  /** The body or the query, whatever it is. */
  readonly sent: unknown;
}

export interface QueueEntry extends z.output<typeof queuedFault> {
  readonly draws: Draws;
}

/** Creates an empty queue, which lists its faults in the order in which they were added. */
export function createFaultQueue(hasAccount: (id: string) => boolean) {
  const entries: QueueEntry[] = [];
  const queued: readonly QueueEntry[] = entries;
  let numbered = 0;
  /** The faults that were used up since somebody last removed any. */
  let usedUp = new WeakSet<QueueEntry>();

  function retain(isRetained: (entry: QueueEntry) => boolean): void {
    entries.splice(0, entries.length, ...entries.filter(isRetained));
  }

  return {
    entries: queued,
    /** @throws FaultError if the specification cannot be used. */
    add(spec: unknown): QueuedFault {
      const { times, ...parsed } = parseFaultSpec(spec, hasAccount);
      numbered += 1;
      const entry = { ...parsed, id: `fault-${numbered}`, left: times, injected: 0, draws: createDraws() };
      entries.push(entry);
      return shown(entry);
    },
    list: (): QueuedFault[] => entries.map(shown),
    /** Removes one fault, those of an account, or all. @returns whether there were any. */
    remove(which?: { readonly id: string } | { readonly account: string }): boolean {
      usedUp = new WeakSet();
      const before = entries.length;
      retain((entry) => which !== undefined && !isNamed(entry, which));
      return entries.length < before;
    },
    /** Removes all faults, or those of one account, and has the random numbers start over. */
    reset(account?: string): void {
      usedUp = new WeakSet();
      retain(({ match }) => account !== undefined && match.account !== account);
      for (const { draws } of entries) draws.forget(account);
    },
    /** The faults to inject into a request. None of them counts it yet. */
    matching: (request: MatchedRequest): QueueEntry[] =>
      entries.filter((entry) => matches(entry, request) && isDrawn(entry, request)),
    count(matched: readonly QueueEntry[]): void {
      for (const entry of matched) {
        entry.injected += 1;
        if (entry.left !== null) entry.left -= 1;
        if (entry.left === 0) usedUp.add(entry);
      }
      retain(({ left }) => left !== 0);
    },
    /** Takes back that these faults counted a request. One that was used up by it is queued again, in its place. */
    giveBack(matched: readonly QueueEntry[]): void {
      for (const entry of matched) {
        entry.injected -= 1;
        if (entry.left !== null) entry.left += 1;
        if (usedUp.delete(entry)) entries.push(entry);
      }
      entries.sort((one, other) => numberOf(one.id) - numberOf(other.id));
    },
  };
}

function numberOf(id: string): number {
  return Number(id.replace("fault-", ""));
}

function shown({ draws: _, ...fault }: QueueEntry): QueuedFault {
  return fault;
}

function isNamed(entry: QueueEntry, which: { readonly id: string } | { readonly account: string }): boolean {
  return "id" in which ? entry.id === which.id : entry.match.account === which.account;
}

function matches({ match, preset }: QueueEntry, { account, operation, sent }: MatchedRequest): boolean {
  const body = fieldsOf(sent);
  return (
    (preset === null || appliesTo(preset, operation)) &&
    (match.account === undefined || match.account === account) &&
    (match.operation === undefined || match.operation === operation) &&
    (match.proxyType === undefined || match.proxyType === body.proxyType) &&
    (match.autoExtend === undefined || match.autoExtend === body.autoExtend) &&
    (match.orderId === undefined || (Array.isArray(body.orderIds) && body.orderIds.includes(match.orderId)))
  );
}

function isDrawn({ share, seed, draws }: QueueEntry, request: MatchedRequest): boolean {
  return share === 1 || draws.next(seed, request) < share;
}

/** The maximum number of callers whose draws are counted. A caller who was forgotten starts over. */
const maxCallers = 10_000;

export type Draws = ReturnType<typeof createDraws>;

/** Draws numbers for each caller separately, so that they are repeatable whatever other callers send. */
export function createDraws() {
  /** How many numbers each caller has had. Of an API key without an account only a hash is retained. */
  const counts = new Map<string | number, number>();

  return {
    /** The caller's next number, from 0 up to but not including 1. */
    next(seed: number, { account, apiKey }: Pick<MatchedRequest, "account" | "apiKey">): number {
      const caller = account ?? hashOf(apiKey);
      const count = counts.get(caller) ?? 0;
      // Deleted and set again, it is the last to be forgotten.
      counts.delete(caller);
      counts.set(caller, count + 1);
      if (counts.size > maxCallers) counts.delete(counts.keys().next().value ?? caller);
      // By the key and not by the account: a world may give another account to the same key.
      return fractionOf(JSON.stringify([seed, apiKey, count]));
    },
    forget(account?: string): void {
      if (account === undefined) counts.clear();
      else counts.delete(account);
    },
  };
}
