import { fractionOf, hashOf } from "../../lib/random.js";

/** Whom a number is drawn for. */
export interface DrawnFor {
  readonly account: string | null;
  readonly apiKey: string;
}

/** Draws numbers for each caller apart: what others send changes nothing of them, so that they come again. */
export interface Draws {
  /** The caller's next number from 0 up to, but without, 1. */
  next(seed: string | number, caller: DrawnFor): number;
  /** Begins anew for an account. */
  forget(account: string): void;
}

/** Of how many callers it is known how far they are; whoever comes back after as many others begins anew. */
const mostCallers = 10_000;

/** Makes draws in which nothing was drawn yet. */
export function createDraws(): Draws {
  /** How many numbers each caller has had. Of an API key without an account nothing but a hash is kept. */
  const counts = new Map<string | number, number>();

  return {
    next(seed, { account, apiKey }) {
      const caller = account ?? hashOf(apiKey);
      const count = counts.get(caller) ?? 0;
      // Taken out and put in again, it is the last to be forgotten.
      counts.delete(caller);
      counts.set(caller, count + 1);
      if (counts.size > mostCallers) counts.delete(counts.keys().next().value ?? caller);
      // By the key, not by the account: accounts are numbered as they come, and others may have come before.
      return fractionOf(JSON.stringify([seed, apiKey, count]));
    },
    forget: (account) => void counts.delete(account),
  };
}
