import { createRedactor, unknownApiKey } from "@auto-extend/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Renewals } from "../time/renewals.js";
import type { Caller, Route, SavedEngine } from "../types.js";
import type { Store } from "./store.js";
import type { AccountState, ReadWorld } from "./world.js";

/** The account that API keys without an account of their own get a copy of. */
export const defaultAccountId = "default";

/** Finds the account of an API key. Keys come in here and never leave. */
export interface Accounts {
  /**
   * Step 2: the caller of a request, whose account is advanced to the present. A new API key gets a copy of the default
   * account, if the settings allow it.
   *
   * @param account the caller's account, if the channel has identified it.
   * @param now by the mock's clock, in milliseconds since 1970.
   */
  identify(route: Route, account: string | undefined, now: number): Caller;
  /** The ID of an API key's account; `null` if it has none. A new key gets its account here, too. */
  accountOf(apiKey: string, now: number): string | null;
  /** Restores the starting world, or one account of it. */
  reset(now: number, accountId?: string): void;
  /** Replaces all accounts. API keys keep their account IDs. */
  replaceAll(world: ReadWorld, now: number): void;
  /** Replaces the accounts with the same IDs as in the world, and leaves the others. */
  replaceSome(world: ReadWorld, now: number): void;
  /** Counts the spans of the template account from the present again, if they were counted a while ago. */
  refreshTemplate(now: number): void;
  save(): Pick<SavedEngine, "copies" | "keyHashes">;
}

/** The settings of {@link createAccounts}. */
export interface AccountsOptions {
  readonly world: ReadWorld;
  /** Only these API keys, and those of the world, are known (default: any key). */
  readonly apiKeys: readonly string[];
  /** The maximum number of accounts for new API keys. */
  readonly limit: number;
  /** The state to continue with in place of the starting world. */
  readonly saved?: SavedEngine | undefined;
  readonly store: Store;
  readonly renewals: Renewals;
}

/** How long the spans of the template account stay as they were counted, in milliseconds. */
const templateLastsMs = 3_600_000;

/** The maximum number of API keys whose callers are cached. */
const maxCallers = 20_000;

/**
 * Fills a store with a world, and finds accounts by API keys.
 *
 * @param now by the mock's clock, in milliseconds since 1970.
 */
export function createAccounts(options: AccountsOptions, now: number): Accounts {
  const { world, apiKeys, limit, saved, store, renewals } = options;
  const callers = new Map<string, Caller>();
  const copies = new Set<string>();
  /** Named accounts by the hashes of their API keys. */
  const named = new Map<string, string>();
  /** The default account is only a template as long as no API key has it. */
  let templateIsUsed = false;
  /** The world that the template is from, and when its spans were counted. */
  let template: { readonly source: ReadWorld; readonly at: number } | null = null;
  if (apiKeys.includes(unknownApiKey)) {
    throw new RangeError(
      `The API key "${unknownApiKey}" stands for a key without an account: choose another.`,
    );
  }
  const accounts: Accounts = {
    identify,
    accountOf: (apiKey, at) => callerOf(apiKey, at).accountId,
    reset,
    replaceAll,
    replaceSome,
    refreshTemplate,
    save: () => ({ copies: [...copies], keyHashes: Object.fromEntries(named) }),
  };
  if (saved) restore(saved);
  else reset(now);
  return accounts;

  function identify({ operation, apiKey, secrets }: Route, account: string | undefined, at: number): Caller {
    if (account !== undefined) return identified(account, at);
    if (!operation) return { accountId: null, unknownKeyReason: "", redactor: createRedactor(...secrets) };
    const known = callers.get(apiKey) ?? callerOf(apiKey, at);
    if (known.accountId !== null) renewals.advanceTo(known.accountId, at);
    return secrets.length === 0 ? known : { ...known, redactor: createRedactor(apiKey, ...secrets) };
  }

  function identified(account: string, at: number): Caller {
    const redactor = createRedactor();
    if (!store.get(account)) {
      return { accountId: null, unknownKeyReason: `there is no account "${account}"`, redactor };
    }
    if (account === defaultAccountId && isTemplate(account)) useTemplate(at);
    renewals.advanceTo(account, at);
    return { accountId: account, unknownKeyReason: "", redactor };
  }

  function callerOf(apiKey: string, at: number, isListed = false): Caller {
    const known = callers.get(apiKey);
    if (known) return known;
    const hash = keyHash(apiKey);
    const own = named.get(hash) ?? `account-${hash}`;
    if (store.get(own) && (isAllowed(apiKey) || !copies.has(own))) return remember(apiKey, own);
    const unknownKeyReason = isListed ? "" : refusal(apiKey);
    if (unknownKeyReason) return { accountId: null, unknownKeyReason, redactor: createRedactor(apiKey) };
    return copyDefault(apiKey, hash, at);
  }

  function refusal(apiKey: string): string {
    if (apiKey === unknownApiKey) return "this API key stands for a key without an account";
    if (!isAllowed(apiKey)) return "this mock knows only the API keys it was started with";
    if (!store.get(defaultAccountId))
      return `there is no account "${defaultAccountId}" to copy for a new API key`;
    if (copies.size >= limit) {
      return `this mock has made ${limit} accounts for new API keys, which is its limit: reset it`;
    }
    return "";
  }

  function isAllowed(apiKey: string): boolean {
    return apiKeys.length === 0 || apiKeys.includes(apiKey);
  }

  function copyDefault(apiKey: string, hash: string, at: number): Caller {
    if (!store.get(defaultAccountId)) {
      throw new RangeError(`API keys need an account "${defaultAccountId}" in the world to copy.`);
    }
    const id = `account-${hash}`;
    refreshTemplate(at);
    renewals.advanceTo(defaultAccountId, at);
    store.copy(defaultAccountId, id);
    renewals.beginCopy(id, defaultAccountId, at);
    copies.add(id);
    return remember(apiKey, id);
  }

  function remember(apiKey: string, accountId: string): Caller {
    const caller = { accountId, unknownKeyReason: "", redactor: createRedactor(apiKey) };
    if (callers.size >= maxCallers) callers.clear();
    callers.set(apiKey, caller);
    return caller;
  }

  function isTemplate(accountId: string): boolean {
    return accountId === defaultAccountId && !templateIsUsed;
  }

  function useTemplate(at: number): void {
    templateIsUsed = true;
    renewals.begin(defaultAccountId, at, { isTemplate: false });
  }

  function put(account: AccountState, at: number): void {
    store.put(account);
    renewals.begin(account.id, at, { isTemplate: isTemplate(account.id) });
  }

  function putAll(source: ReadWorld, at: number): void {
    if (source.ids.includes(defaultAccountId)) template = { source, at };
    for (const account of source.accounts(at)) put(account, at);
  }

  function refreshTemplate(at: number): void {
    if (!template || !isTemplate(defaultAccountId) || at - template.at < templateLastsMs) return;
    template = { source: template.source, at };
    for (const account of template.source.accounts(at, defaultAccountId)) put(account, at);
  }

  function restore({ accounts: states, copies: made, keyHashes, advancedTo }: SavedEngine): void {
    for (const [hash, id] of Object.entries(keyHashes)) named.set(hash, id);
    templateIsUsed = [...named.values()].includes(defaultAccountId);
    // What was due until then has happened.
    for (const account of states) put(account, advancedTo + 1);
    for (const id of made) copies.add(id);
    addKeys(world);
    for (const apiKey of apiKeys) callerOf(apiKey, now, true);
  }

  /** Names the accounts of a world by the hashes of their API keys. */
  function addKeys({ keys }: ReadWorld): void {
    for (const [apiKey, id] of keys) {
      if (store.get(id)) named.set(keyHash(apiKey), id);
      if (id === defaultAccountId) templateIsUsed = true;
    }
  }

  function reset(at: number, accountId?: string): void {
    if (accountId !== undefined) {
      const source = copies.has(accountId) ? defaultAccountId : accountId;
      const [start] = world.accounts(at, source);
      if (start) put({ ...start, id: accountId }, at);
      else {
        store.remove(accountId);
        forgetRemoved();
      }
      return;
    }
    store.clear();
    callers.clear();
    copies.clear();
    named.clear();
    templateIsUsed = [...world.keys.values()].includes(defaultAccountId);
    putAll(world, at);
    addKeys(world);
    for (const apiKey of apiKeys) callerOf(apiKey, at, true);
  }

  function replaceAll(next: ReadWorld, at: number): void {
    store.clear();
    template = null;
    templateIsUsed = [...named.values()].includes(defaultAccountId);
    replaceSome(next, at);
    forgetRemoved();
  }

  function replaceSome(next: ReadWorld, at: number): void {
    if ([...next.keys.values()].includes(defaultAccountId)) templateIsUsed = true;
    putAll(next, at);
    addKeys(next);
    callers.clear();
  }

  function forgetRemoved(): void {
    callers.clear();
    for (const id of copies) if (!store.get(id)) copies.delete(id);
    for (const [hash, id] of named) if (!store.get(id)) named.delete(hash);
  }
}

/** The name of an API key's account, and all that is stored of the key: 12 hexadecimal digits of its hash. */
function keyHash(apiKey: string): string {
  return bytesToHex(sha256(utf8ToBytes(`auto-extend-mock ${apiKey}`))).slice(0, 12);
}
