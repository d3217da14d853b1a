import { createHmac, randomBytes } from "node:crypto";
import type { KeyMemory } from "../engine/state/accounts.js";

/** Which API key opened which account, as it is kept in a file: with hashes in place of the API keys. */
export interface SavedKeys {
  readonly salt: string;
  /** Account id by the hash of an API key. */
  readonly accounts: Readonly<Record<string, string>>;
}

/** Remembers API keys by their salted hashes (HMAC-SHA-256). */
export interface KeyHashes extends KeyMemory {
  save(): SavedKeys;
}

/**
 * @param saved what an earlier one saved; a new salt is made where there is none.
 * @param onChange told when there is more to remember.
 */
export function createKeyHashes(saved: SavedKeys | undefined, onChange: () => void): KeyHashes {
  const salt = saved?.salt ?? randomBytes(32).toString("base64url");
  const accounts = new Map(Object.entries(saved?.accounts ?? {}));

  function hash(apiKey: string): string {
    return createHmac("sha256", salt).update(apiKey).digest("base64url");
  }

  return {
    find: (apiKey) => (accounts.size === 0 ? undefined : accounts.get(hash(apiKey))),
    note(apiKey, accountId) {
      const key = hash(apiKey);
      if (accounts.get(key) === accountId) return;
      accounts.set(key, accountId);
      onChange();
    },
    opens: (accountId) => [...accounts.values()].includes(accountId),
    retain(isThere) {
      for (const [key, id] of accounts) if (!isThere(id)) accounts.delete(key);
    },
    save: () => ({ salt, accounts: Object.fromEntries(accounts) }),
  };
}
