import { createHash } from "node:crypto";
import {
  type AskedFault,
  contradicts,
  faultInId,
  isCarriedOut,
  type Parts,
  partsOf,
} from "./asked-faults.js";
import { type Account, type Happened, nextTry, pass, type Rules } from "./passing-time.js";
import { brokenRule, ordersNamed, type Request, switchTo } from "./provider-rules.js";
import { accountFrom, type WorldValue } from "./world-value.js";

export type Seen =
  | {
      readonly is: "success";
      readonly proxyType: unknown;
      readonly rentPeriodDays: unknown;
      readonly quantity: number;
      /** The list that the answer has, by its name. */
      readonly ipAddressIds?: readonly string[] | undefined;
      readonly orderIds?: readonly string[] | undefined;
      readonly balance: number | null;
    }
  | { readonly is: "refused"; readonly code: number; readonly balance: number | null }
  | { readonly is: "page"; readonly status: number }
  | { readonly is: "nothing" };

export interface ArmedFault extends AskedFault {
  readonly account?: string | undefined;
  readonly match?: Readonly<Record<string, unknown>> | undefined;
  left: number;
}

/**
 * The rules as they are documented, in the plainest words: what the mock is judged by. It shares nothing with the mock's
 * engine, nor with the forecast of core.
 */
export class Model {
  accounts = new Map<string, Account>();
  waiting: ArmedFault[] = [];
  rules: Rules;
  /** The machine's time, which nobody but a test moves. */
  machine: number;
  #ahead = 0;
  #frozenAt: number | null = null;
  #keys = new Map<string, string>();
  #copies = new Set<string>();
  readonly #world: WorldValue;

  constructor(world: WorldValue, machine: number) {
    this.#world = world;
    this.rules = world.renewals;
    this.machine = machine;
    this.reset();
  }

  get now(): number {
    return this.#frozenAt ?? this.machine + this.#ahead;
  }

  /** The account of an API key: at first sight, a copy of the default account as it is then; `null` for a key of nobody. */
  accountOf(apiKey: string): string | null {
    const known = this.#keys.get(apiKey);
    if (known !== undefined) return known;
    const pattern = this.accounts.get("default");
    if (!pattern || apiKey === "unknown-api-key") return null;
    pass(pattern, this.now, this.rules);
    const id = accountIdOf(apiKey);
    this.#copies.add(id);
    this.#keys.set(apiKey, id);
    this.accounts.set(id, { ...structuredClone(pattern), id });
    return id;
  }

  /** The account of an API key as it is, or would be at first sight; nothing is copied. */
  expectedAccount(apiKey: string): Account | undefined {
    return this.accounts.get(this.#keys.get(apiKey) ?? "default");
  }

  /** Answers a request, asked with these faults, which go before those that wait. */
  answer(apiKey: string, request: Request, preferred: readonly AskedFault[] | "none"): Seen {
    const account = this.#presentAccount(apiKey);
    const asked = faultsAskedFor(request, preferred);
    if (isContradictory(asked)) return { is: "page", status: 400 };
    const queued = preferred === "none" ? [] : this.#strike(asked, account?.id, request);
    const faults = [...asked, ...queued];
    const parts: Parts = Object.assign({}, ...faults.map(partsOf).reverse());
    const broken = brokenRule(account, request, this.now);
    const code = parts.code ?? broken;
    const idle = idleFaults(faults, { ...parts, ...(code !== null && { code }) });
    if (asked.some((each) => idle.includes(each))) return { is: "page", status: 501 };
    this.#useUp(queued.filter((each) => !idle.includes(each)));
    const running = broken === null && account ? this.#running(account, request) : [];
    // What is switched of an order that asks for a fault is nobody's, and forgotten.
    for (const address of isCarriedOut(parts) ? running : []) switchTo(address, request);

    if (parts.lost) return { is: "nothing" };
    if (parts.status) return { is: "page", status: parts.status };
    const balance = account && code !== 2 ? account.cents / 100 : null;
    if (code !== null) return { is: "refused", code, balance };
    const { proxyType, rentPeriodDays } = request;
    const ids = running.map(({ id }) => id);
    const list = listOf(parts, request, ids);
    return { is: "success", proxyType, rentPeriodDays, quantity: running.length, ...list, balance };
  }

  /** The account of an API key, to which time has passed up to now. */
  #presentAccount(apiKey: string): Account | undefined {
    const account = this.accounts.get(this.accountOf(apiKey) ?? "");
    if (account) pass(account, this.now, this.rules);
    return account;
  }

  #running(account: Account, request: Request) {
    const orders = ordersNamed(account, request);
    return orders.flatMap(({ addresses }) => addresses.filter(({ endsAt }) => endsAt > this.now));
  }

  catchUp(): Happened[] {
    return [...this.accounts.values()].flatMap((account) => pass(account, this.now, this.rules));
  }

  /** Goes ahead to a time; `null` if it has passed. */
  goTo(time: number): Happened[] | null {
    if (time < this.now) return null;
    if (this.#frozenAt === null) this.#ahead += time - this.now;
    else this.#frozenAt = time;
    return this.catchUp();
  }

  /** When the next renewal is tried, in all accounts or one; `null` where none lies ahead. */
  nextRenewal(id?: string): number | null {
    const wanted = [...this.accounts.values()].filter((account) => id === undefined || account.id === id);
    const times = wanted.flatMap((account) => nextTry(account, this.rules) ?? []);
    return times.length > 0 ? Math.min(...times) : null;
  }

  freeze(): void {
    this.#frozenAt = this.now;
  }

  resume(): void {
    this.#ahead = this.now - this.machine;
    this.#frozenAt = null;
  }

  /** Puts money into an account, whose renewals are tried again from this moment. */
  putMoney(id: string, cents: number): void {
    this.catchUp();
    const account = this.accounts.get(id);
    if (account) this.#put({ ...account, cents });
  }

  /** Puts a world in place of all accounts; API keys stay with the accounts that are still there. */
  putWorld(world: WorldValue): void {
    const start = Date.parse(world.startsAt);
    if (this.#frozenAt === null) this.#ahead = start - this.machine;
    else this.#frozenAt = start;
    this.rules = world.renewals;
    this.accounts.clear();
    for (const account of world.accounts) {
      if (account.apiKey !== undefined) this.#keys.set(account.apiKey, account.id);
      this.#put(accountFrom(account, this.now));
    }
    for (const [key, id] of this.#keys) if (!this.accounts.has(id)) this.#keys.delete(key);
    for (const id of this.#copies) if (!this.accounts.has(id)) this.#copies.delete(id);
  }

  putRules(rules: Rules): void {
    this.rules = rules;
    for (const account of this.accounts.values()) this.#put(account);
  }

  /** Back to the starting world: of all, or of one account, for which the clock continues. */
  reset(id?: string): void {
    if (id === undefined) {
      this.waiting = [];
      this.#frozenAt = null;
      this.#keys.clear();
      this.#copies.clear();
      this.putWorld(this.#world);
      return;
    }
    this.waiting = this.waiting.filter(({ account }) => account !== id);
    const wanted = this.#copies.has(id) ? "default" : id;
    const value = this.#world.accounts.find((each) => each.id === wanted);
    if (value) this.#put(accountFrom({ ...value, id }, this.now));
  }

  /** Time passes for an account from the moment on at which it is put in, that moment included. */
  #put(account: Account): void {
    for (const { addresses } of account.orders) {
      for (const address of addresses) address.over = address.endsAt < this.now;
    }
    this.accounts.set(account.id, { ...account, seen: this.now - 1 });
  }

  /** The faults that wait for this request. One that contradicts another fault of it waits for the next request. */
  #strike(asked: readonly AskedFault[], account: string | undefined, request: Request): ArmedFault[] {
    const striking: ArmedFault[] = [];
    for (const fault of this.waiting) {
      const isMeant =
        (fault.account === undefined || fault.account === account) &&
        Object.entries(fault.match ?? {}).every(([field, value]) =>
          field === "orderId"
            ? Array.isArray(request.orderIds) && request.orderIds.includes(value)
            : request[field] === value,
        );
      if (isMeant && ![...asked, ...striking].some((other) => contradicts(fault, other)))
        striking.push(fault);
    }
    return striking;
  }

  #useUp(injected: readonly ArmedFault[]): void {
    for (const each of injected) each.left -= 1;
    this.waiting = this.waiting.filter(({ left }) => left > 0);
  }
}

function faultsAskedFor({ orderIds }: Request, preferred: readonly AskedFault[] | "none"): AskedFault[] {
  const ids = Array.isArray(orderIds) ? [...new Set(orderIds.map(String))] : [];
  return [...(preferred === "none" ? [] : preferred), ...ids.flatMap((id) => faultInId(id) ?? [])];
}

function isContradictory(faults: readonly AskedFault[]): boolean {
  return faults.some((each, index) => faults.slice(0, index).some((other) => contradicts(each, other)));
}

/** The faults that would do nothing: only the list of a success that arrives can be a newer one, and only once. */
function idleFaults<Fault extends AskedFault>(faults: readonly Fault[], parts: Parts): readonly Fault[] {
  const lists = faults.filter((each) => partsOf(each).list);
  const isShown = parts.code === undefined && !parts.lost && !parts.status;
  return isShown ? lists.slice(1) : lists;
}

function listOf({ list }: Parts, { orderIds }: Request, ids: readonly string[]) {
  return list === "newer" ? { orderIds: orderIds as string[] } : { ipAddressIds: ids };
}

function accountIdOf(apiKey: string): string {
  return `account-${createHash("sha256").update(`auto-extend-mock ${apiKey}`).digest("hex").slice(0, 12)}`;
}
