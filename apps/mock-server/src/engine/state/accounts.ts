import { createRedactor, type Redactor, unknownApiKey } from "@auto-extend/core";
import { magicPrefix } from "../faults/requested-faults.js";
import type { Store } from "./store.js";
import type { AccountState, ReadWorld } from "./world.js";

/** The account that serves as the pattern for API keys without an account of their own. */
export const defaultAccountId = "default";

/** The one who calls, as far as an API key tells. */
export interface Caller {
  /** The account's id; `null` where the API key is not known. */
  readonly accountId: string | null;
  /** Why the API key is not known; empty where it is. */
  readonly unknownKeyReason: string;
  /** Takes the caller's API key out of texts. */
  readonly redactor: Redactor;
}

/** Which account an API key opens. Keys come in here and never leave. */
export interface Accounts {
  /** The caller of an API key; a key that is new gets its copy of the default account, where the settings allow it. */
  caller(apiKey: string): Caller;
  /** Back to the starting world: all accounts, or one. */
  reset(accountId?: string): void;
  /** Puts accounts in place of all there are; API keys stay with the account ids they had. */
  replaceAll(world: ReadWorld): void;
  /** Puts the accounts of a world in place of those with the same ids, and leaves the rest. */
  replaceSome(world: ReadWorld): void;
  /** Brings the account that is a pattern for others to the present: its spans count from now on. */
  refreshPattern(): void;
  /** The ids of accounts that were made for new API keys. */
  copies(): string[];
}

/** Accounts as they are kept across restarts. */
export interface SavedAccounts {
  readonly accounts: readonly AccountState[];
  /** The ids of those that were made for new API keys. */
  readonly copies: readonly string[];
}

/** Remembers, beyond this process, which account an API key opened; never the API key itself. */
export interface KeyMemory {
  /** The account id that an API key opened before. */
  find(apiKey: string): string | undefined;
  note(apiKey: string, accountId: string): void;
  /** Whether any API key opens an account. */
  opens(accountId: string): boolean;
  /** Forgets the API keys of accounts that there are no more. */
  retain(isThere: (accountId: string) => boolean): void;
}

/** How long the spans of the pattern stay as they were counted, in milliseconds. */
const patternLasts = 3_600_000;

/** The settings of {@link createAccounts}. */
export interface AccountsOptions {
  readonly world: ReadWorld;
  /** Only these API keys, and those of the world, are known; any key is where none is listed. */
  readonly apiKeys: readonly string[];
  /** How many accounts may be made for new API keys. */
  readonly limit: number;
  /** The moment, in milliseconds since 1970. */
  readonly now: () => number;
  /** Brings an account to the present moment. */
  readonly settle: (accountId: string) => void;
  /** Told of each account that was put in as a copy of another. */
  readonly onCopy: (accountId: string, original: string) => void;
  /** Told of each account that was put in: time passes for it from now on, unless it is nothing but a pattern. */
  readonly onPut: (accountId: string, isPattern: boolean) => void;
  readonly memory?: KeyMemory | undefined;
  /** What an earlier run left: it is gone on with, in place of the starting world. */
  readonly saved?: SavedAccounts | undefined;
}

/** Fills a store with a world and minds its API keys. */
export function createAccounts(store: Store, options: AccountsOptions): Accounts {
  const { world, apiKeys, limit, now, settle, onPut, onCopy, memory, saved } = options;
  const callers = new Map<string, Caller>();
  const copies = new Set<string>();
  /** The accounts that have an API key of their own. */
  let owned = new Set(world.keys.values());
  /** The world that the pattern is from, and when its spans were counted. */
  let pattern: { readonly source: ReadWorld; readonly at: number } | null = null;
  if (apiKeys.includes(unknownApiKey)) {
    throw new RangeError(
      `The API key "${unknownApiKey}" stands for one that no account has: choose another.`,
    );
  }

  if (saved) restore(saved);
  else reset();

  function restore({ accounts, copies: made }: SavedAccounts): void {
    for (const account of accounts) put(account);
    for (const id of made) copies.add(id);
    meetKnownKeys();
  }

  function put(account: AccountState): void {
    store.put(account);
    onPut(account.id, isPattern(account.id));
  }

  function isPattern(accountId: string): boolean {
    if (accountId !== defaultAccountId || owned.has(accountId) || memory?.opens(accountId)) return false;
    return ![...callers.values()].some((caller) => caller.accountId === accountId);
  }

  function putAll(source: ReadWorld): void {
    const at = now();
    if (source.ids.includes(defaultAccountId)) pattern = { source, at };
    for (const account of source.accounts(at)) put(account);
  }

  /** A pattern does not age: spans count from when somebody gets a copy of it, give or take an hour. */
  function refreshPattern(): void {
    if (!pattern || !isPattern(defaultAccountId) || now() - pattern.at < patternLasts) return;
    pattern = { source: pattern.source, at: now() };
    for (const account of pattern.source.accounts(pattern.at, defaultAccountId)) put(account);
  }

  function meetKnownKeys(): void {
    for (const [apiKey, id] of world.keys) if (store.get(id)) know(apiKey, id);
    for (const apiKey of apiKeys) caller(apiKey, { isKnown: true });
  }

  function reset(accountId?: string): void {
    if (accountId !== undefined) {
      const wanted = copies.has(accountId) ? defaultAccountId : accountId;
      const [start] = world.accounts(now(), wanted);
      if (start) put({ ...start, id: accountId });
      else {
        store.remove(accountId);
        forgetStrangers();
      }
      return;
    }
    store.clear();
    callers.clear();
    copies.clear();
    memory?.retain(() => false);
    owned = new Set(world.keys.values());
    putAll(world);
    meetKnownKeys();
  }

  function caller(apiKey: string, { isKnown = false } = {}): Caller {
    const known = callers.get(apiKey) ?? remembered(apiKey);
    if (known) return known;
    const why = isKnown ? "" : refusal(apiKey);
    return why
      ? { accountId: null, unknownKeyReason: why, redactor: createRedactor(apiKey) }
      : copyDefault(apiKey);
  }

  function remembered(apiKey: string): Caller | undefined {
    const id = memory?.find(apiKey);
    if (id === undefined || !store.get(id)) return undefined;
    // Which keys are known may have been said anew since then.
    return copies.has(id) && !isAllowed(apiKey) ? undefined : know(apiKey, id);
  }

  function refusal(apiKey: string): string {
    if (apiKey === unknownApiKey) return "this API key stands for one that no account has";
    if (!isAllowed(apiKey)) return "this mock knows only the API keys it was started with";
    if (!store.get(defaultAccountId))
      return `there is no account "${defaultAccountId}" to copy for a new API key`;
    if (copies.size >= limit)
      return `this mock has made ${limit} accounts for new API keys, which is its limit: reset it`;
    return "";
  }

  function isAllowed(apiKey: string): boolean {
    return apiKeys.length === 0 || apiKeys.includes(apiKey) || apiKey.startsWith(magicPrefix);
  }

  /** An account that is made later may get the id of one that is gone, and must not be opened by that one's key. */
  function forgetStrangers(): void {
    const isThere = (id: string) => store.get(id) !== undefined;
    for (const [apiKey, { accountId }] of callers) {
      if (accountId === null || !isThere(accountId)) callers.delete(apiKey);
    }
    for (const id of copies) if (!isThere(id)) copies.delete(id);
    memory?.retain(isThere);
  }

  function copyDefault(apiKey: string): Caller {
    if (!store.get(defaultAccountId))
      throw new RangeError(`API keys need an account "${defaultAccountId}" in the world to copy.`);
    let number = copies.size + 1;
    while (store.get(`account-${number}`)) number += 1;
    const id = `account-${number}`;
    copies.add(id);
    refreshPattern();
    settle(defaultAccountId);
    store.copy(defaultAccountId, id);
    onCopy(id, defaultAccountId);
    return know(apiKey, id);
  }

  function know(apiKey: string, accountId: string): Caller {
    const entry = { accountId, unknownKeyReason: "", redactor: createRedactor(apiKey) };
    callers.set(apiKey, entry);
    memory?.note(apiKey, accountId);
    return entry;
  }

  return {
    caller: (apiKey) => caller(apiKey),
    reset,
    refreshPattern,
    replaceSome,
    replaceAll(next) {
      store.clear();
      owned.clear();
      pattern = null;
      replaceSome(next);
      forgetStrangers();
    },
    copies: () => [...copies],
  };

  function replaceSome(next: ReadWorld): void {
    for (const id of next.keys.values()) owned.add(id);
    putAll(next);
    for (const [apiKey, id] of next.keys) know(apiKey, id);
  }
}
