import { createHash } from "node:crypto";
import type { SavedEngine as EngineState } from "../engine/engine.js";
import type { KeyMemory } from "../engine/state/accounts.js";

/** An engine's state as a plain JSON value. It contains no API key. */
export interface SavedEngine extends Omit<EngineState, "settledAt"> {
  readonly version: 2;
  /** Up to when time has passed for the accounts, in milliseconds since 1970. */
  readonly advancedTo: number;
  /** Accounts by the hashes of their API keys. */
  readonly keyHashes: Readonly<Record<string, string>>;
}

/** Remembers API keys by hashes, until the engine does. */
export function keyMemory(
  saved: Readonly<Record<string, string>> = {},
  onChange: () => void = () => {},
): KeyMemory & { save(): Record<string, string> } {
  const accounts = new Map(Object.entries(saved));
  const hash = (apiKey: string) =>
    createHash("sha256").update(`auto-extend-mock ${apiKey}`).digest("hex").slice(0, 12);
  return {
    find: (apiKey) => accounts.get(hash(apiKey)),
    note(apiKey, accountId) {
      if (accounts.get(hash(apiKey)) === accountId) return;
      accounts.set(hash(apiKey), accountId);
      onChange();
    },
    opens: (accountId) => [...accounts.values()].includes(accountId),
    retain(isThere) {
      for (const [key, account] of accounts) if (!isThere(account)) accounts.delete(key);
    },
    save: () => Object.fromEntries(accounts),
  };
}
