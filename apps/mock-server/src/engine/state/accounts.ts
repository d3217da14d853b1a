import { createRedactor, operations, transportErrors, unknownApiKey } from "@auto-extend/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { encodeUtf8, pluralize } from "../../lib/text.js";
import type { Decision, FieldIssue } from "../log/schemas.js";
import type { Renewals } from "../time/renewals.js";
import type { Caller, Exchange, Route, SavedEngine } from "../types.js";
import type { Store } from "./store.js";
import type { AccountState, ReadWorld } from "./world.js";

/** The account that API keys without an account of their own get a copy of. */
export const defaultAccountId = "default";

interface AccountsOptions {
  readonly world: ReadWorld;
  /** Only these API keys, and those of the world, are known (default: any key). */
  readonly apiKeys: readonly string[];
  readonly accountLimit: number;
  readonly saved?: SavedEngine | undefined;
  readonly store: Store;
  readonly renewals: Renewals;
}

const fieldNames = operations.flatMap(({ request }) => Object.keys(request.shape));
/** A word that may be an API key: long enough, and no field of a request. Most requests have none. */
const unusualWord = new RegExp(`(?<![\\w-])(?!(?:${[...new Set(fieldNames)].join("|")})(?![\\w-]))[\\w-]{8}`);

/** How old the end dates of the template account get before they are recalculated, in milliseconds. */
const templateLastsMs = 3_600_000;

/** The maximum number of API keys whose callers are cached. */
const maxCallers = 20_000;

/**
 * Fills a store with a world, and finds accounts by API keys. Keys come in here and never leave. `now` is the time by the
 * mock's clock, in milliseconds since 1970.
 */
export class Accounts {
  readonly #options: AccountsOptions;
  readonly #store: Store;
  readonly #renewals: Renewals;
  readonly #callers = new Map<string, Caller>();
  readonly #copies = new Set<string>();
  /** Named accounts by the hashes of their API keys. */
  readonly #named = new Map<string, string>();
  /** The world that the template is from, and when its end dates were calculated. */
  #template: { readonly source: ReadWorld; readonly at: number } | null = null;

  constructor(options: AccountsOptions, now: number) {
    const { apiKeys, saved, store, renewals } = options;
    this.#options = options;
    this.#store = store;
    this.#renewals = renewals;
    if (apiKeys.includes(unknownApiKey)) {
      throw new RangeError(`The API key "${unknownApiKey}" is always refused: choose another.`);
    }
    if (saved) this.#restore(saved, now);
    else this.#resetAll(now);
  }

  /**
   * Step 2: the caller of a request, whose account is advanced to the present. A new API key gets a copy of the default
   * account, if the settings allow it.
   *
   * @param account the caller's account, if the channel has identified it; `null` if no account stands behind any key.
   */
  identify(route: Route, account: string | null | undefined, now: number): Caller {
    const { apiKey, secrets, problem } = route;
    if (typeof account === "string") return this.#identified(account, now);
    const isKeyUsed = !problem || (problem.error === transportErrors.methodNotAllowed && apiKey !== "");
    if (!isKeyUsed || account === null) {
      // A request with a wrong path is logged under its account, but creates none.
      const accountId = account === null || apiKey === "" ? null : this.find(apiKey);
      return { accountId, keyIssue: undefined, redactor: createRedactor(apiKey, ...secrets) };
    }
    const known = this.#callers.get(apiKey) ?? this.callerOf(apiKey, now);
    if (known.accountId !== null) this.#renewals.advanceTo(known.accountId, now);
    return secrets.length === 0 ? known : { ...known, redactor: createRedactor(apiKey, ...secrets) };
  }

  find(apiKey: string): string | null {
    const hash = keyHash(apiKey);
    const own = this.#named.get(hash) ?? `account-${hash}`;
    const isOwn = this.#store.get(own) && (this.#isAllowed(apiKey) || !this.#copies.has(own));
    return isOwn ? own : null;
  }

  /**
   * The caller of a request. Unless it was simply carried out, the redactor also removes other API keys that have an account, such
   * as one in place of an order ID.
   */
  redactingKeysIn(
    { request, caller, route, input }: Pick<Exchange, "request" | "caller" | "route" | "input">,
    { outcome, ignored }: Pick<Decision, "outcome" | "ignored">,
  ): Caller {
    const { operation, apiKey, secrets, shownTarget } = route;
    const isPlain = operation !== null && !request.target.includes("?");
    // The query of a POST is not looked at.
    const isRead = outcome === "done" && ignored.length === 0 && (isPlain || operation?.method === "GET");
    const text = isPlain ? input.text : `${shownTarget} ${input.text}`;
    // The caller's own key is hidden anyway.
    const known = this.#callers.get(apiKey) === caller ? 1 : 0;
    const isAlone = this.#copies.size + this.#named.size === known;
    if (isRead || isAlone || !unusualWord.test(text)) return caller;
    const words = new Set(text.match(/[\w-]{8,200}/g)?.slice(0, 1_000));
    // A hash takes long, and nearly every word is a name or a number.
    const keys = [...words].filter(
      (word) => this.#callers.has(word) || (/\d.*[a-z]|[a-z].*\d/i.test(word) && this.find(word) !== null),
    );
    return keys.length === 0 ? caller : { ...caller, redactor: createRedactor(apiKey, ...secrets, ...keys) };
  }

  reset(now: number, accountId?: string): void {
    if (accountId === undefined) {
      this.#resetAll(now);
      return;
    }
    const { world } = this.#options;
    const [start] = world.accounts(now, this.#copies.has(accountId) ? defaultAccountId : accountId);
    if (start) {
      if (accountId === defaultAccountId) this.#template = { source: world, at: now };
      this.#put({ ...start, id: accountId }, now);
    } else {
      this.#store.remove(accountId);
      this.#renewals.forget(accountId);
      this.#forgetRemoved();
    }
  }

  /** Replaces all accounts. API keys keep their account IDs. */
  replaceAll(world: ReadWorld, now: number): void {
    this.#store.clear();
    this.#renewals.forget();
    this.#template = null;
    this.replaceSome(world, now);
    this.#forgetRemoved();
  }

  replaceSome(world: ReadWorld, now: number): void {
    this.#putAll(world, now);
    this.#callers.clear();
  }

  /** Recalculates the end dates of the template account from the present, if they are old. */
  refreshTemplate(now: number): void {
    const template = this.#template;
    if (!template || !this.#renewals.isTemplate(defaultAccountId)) return;
    // Fake timers may set the time back before the clock starts.
    if (Math.abs(now - template.at) < templateLastsMs) return;
    this.#template = { source: template.source, at: now };
    for (const account of template.source.accounts(now, defaultAccountId)) this.#put(account, now);
  }

  save(): Pick<SavedEngine, "template" | "copies" | "keyHashes"> {
    return {
      template: this.#renewals.isTemplate(defaultAccountId) ? defaultAccountId : null,
      copies: [...this.#copies],
      keyHashes: Object.fromEntries(this.#named),
    };
  }

  #identified(account: string, now: number): Caller {
    const redactor = createRedactor();
    if (!this.#store.get(account)) {
      const keyIssue = issueOfKey(`there is no account "${account}"`, "one of the accounts of this mock");
      return { accountId: null, keyIssue, redactor };
    }
    if (this.#renewals.isTemplate(account)) this.#renewals.begin(account, now, { isTemplate: false });
    this.#renewals.advanceTo(account, now);
    return { accountId: account, keyIssue: undefined, redactor };
  }

  /** The account of an API key, or why it has none. A new key gets its account here. */
  callerOf(apiKey: string, now: number): Caller {
    const known = this.#callers.get(apiKey);
    if (known) return known;
    if (apiKey === unknownApiKey) return alwaysRefused;
    const own = this.find(apiKey);
    if (own !== null) return this.#remember(apiKey, own);
    const keyIssue = this.#issueOfNew(apiKey);
    return keyIssue ? refused(apiKey, keyIssue) : this.#copyDefault(apiKey, now);
  }

  #issueOfNew(apiKey: string): FieldIssue | undefined {
    const { accountLimit: limit } = this.#options;
    if (!this.#isAllowed(apiKey)) {
      const expected = "an API key that the mock was started with (--api-key)";
      return issueOfKey("this mock accepts only the API keys it was started with", expected);
    }
    const expected = "the API key of an account that exists";
    if (!this.#store.get(defaultAccountId))
      return issueOfKey(`there is no account "${defaultAccountId}" to copy for a new API key`, expected);
    if (this.#copies.size < limit) return undefined;
    return issueOfKey(
      `this mock has reached its limit of ${pluralize(limit, "account")} for new API keys; reset it, or raise its account limit (accountLimit, --account-limit)`,
      expected,
    );
  }

  #isAllowed(apiKey: string): boolean {
    const { apiKeys } = this.#options;
    return apiKeys.length === 0 || apiKeys.includes(apiKey);
  }

  /** Whether an API key that nobody has used before gets an account. */
  acceptsNewKeys(): boolean {
    return this.#issueOfNew("") === undefined;
  }

  #copyDefault(apiKey: string, now: number): Caller {
    const id = `account-${keyHash(apiKey)}`;
    this.refreshTemplate(now);
    this.#renewals.advanceTo(defaultAccountId, now);
    this.#store.copy(defaultAccountId, id);
    this.#renewals.beginCopy(id, defaultAccountId, now);
    this.#copies.add(id);
    return this.#remember(apiKey, id);
  }

  #remember(apiKey: string, accountId: string): Caller {
    const caller = { accountId, keyIssue: undefined, redactor: createRedactor(apiKey) };
    if (this.#callers.size >= maxCallers) this.#callers.clear();
    this.#callers.set(apiKey, caller);
    return caller;
  }

  /** @param template the account that is only a template, unless an API key has it. */
  #put(account: AccountState, now: number, template: string | null = defaultAccountId): void {
    this.#store.put(account);
    const isTemplate = account.id === template && ![...this.#named.values()].includes(account.id);
    this.#renewals.begin(account.id, now, { isTemplate });
  }

  #putAll(source: ReadWorld, now: number): void {
    this.#addKeys(source, source.ids);
    if (source.ids.includes(defaultAccountId)) this.#template = { source, at: now };
    for (const account of source.accounts(now)) this.#put(account, now);
  }

  /** @param ids those of the accounts that exist. */
  #addKeys({ keys }: ReadWorld, ids: readonly string[]): void {
    const known = new Set(ids);
    for (const [apiKey, id] of keys) if (known.has(id)) this.#named.set(keyHash(apiKey), id);
  }

  #restore({ accounts, template, copies, keyHashes, advancedTo }: SavedEngine, now: number): void {
    for (const [hash, id] of Object.entries(keyHashes)) this.#named.set(hash, id);
    this.#addKeys(
      this.#options.world,
      accounts.map(({ id }) => id),
    );
    // What was due until then has happened.
    for (const account of accounts) this.#put(account, advancedTo + 1, template);
    for (const id of copies) this.#copies.add(id);
    this.#copyForListedKeys(now);
  }

  #resetAll(now: number): void {
    this.#store.clear();
    this.#renewals.forget();
    this.#callers.clear();
    this.#copies.clear();
    this.#named.clear();
    this.#putAll(this.#options.world, now);
    this.#copyForListedKeys(now);
  }

  /** The API keys of the settings get their accounts at once, whatever the limit is. */
  #copyForListedKeys(now: number): void {
    for (const apiKey of this.#options.apiKeys) {
      const hash = keyHash(apiKey);
      if (this.#store.get(this.#named.get(hash) ?? `account-${hash}`)) continue;
      if (!this.#store.get(defaultAccountId)) {
        throw new RangeError(
          `The API keys need an account to copy, but the world has no account "${defaultAccountId}": add one.`,
        );
      }
      this.#copyDefault(apiKey, now);
    }
  }

  #forgetRemoved(): void {
    this.#callers.clear();
    for (const id of this.#copies) if (!this.#store.get(id)) this.#copies.delete(id);
    for (const [hash, id] of this.#named) if (!this.#store.get(id)) this.#named.delete(hash);
  }
}

function refused(apiKey: string, keyIssue: FieldIssue): Caller {
  return { accountId: null, keyIssue, redactor: createRedactor(apiKey) };
}

function issueOfKey(message: string, expected: string): FieldIssue {
  return { part: "path", path: "apiKey", message, expected };
}

const alwaysRefused = refused(
  unknownApiKey,
  issueOfKey(
    "this API key is always refused, so that you can test an unknown key",
    `the API key of an account, not ${unknownApiKey}`,
  ),
);

/** The name of an API key's account, and all that is stored of the key: 12 hexadecimal digits of its hash. */
function keyHash(apiKey: string): string {
  return bytesToHex(sha256(encodeUtf8(`auto-extend-mock ${apiKey}`))).slice(0, 12);
}
