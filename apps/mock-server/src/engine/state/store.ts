import { applyRenewals, type ProxyType, type RenewalEvent } from "@auto-extend/core";
import { createOrderIndex, type OrderIndex } from "./order-index.js";
import type { AccountState, IpAddressState } from "./world.js";

/** One account as the rules read it: orders are found by their id. */
export interface Account {
  readonly id: string;
  readonly balance: number;
  readonly currency: string;
  /** The rental periods sold, in days. */
  readonly rentPeriods: { readonly [Type in ProxyType]?: readonly number[] | undefined };
  /** What one IP address costs, by proxy type and days. */
  readonly prices: { readonly [Type in ProxyType]?: Readonly<Record<string, number>> | undefined };
  readonly orders: Orders;
}

/** Orders by their id. */
export interface Orders {
  get(orderId: string): Order | undefined;
  /** The IP address of an id, and the order that it is of. */
  ofIpAddress(ipAddressId: string): Placed | undefined;
  /** All of them, each in the place that it came in. */
  values(): Iterable<Order>;
}

/** One order as the rules read it. It is a value: a change puts another in its place. */
export interface Order {
  readonly orderId: string;
  readonly proxyType: ProxyType;
  readonly ipAddresses: readonly Readonly<IpAddressState>[];
}

/** An IP address, and its order. */
export interface Placed {
  readonly order: Order;
  readonly ipAddress: Readonly<IpAddressState>;
}

/** One change of an account. */
export type Change = Switch | Renewals;

/** Auto-extend of some IP addresses of an order is switched. */
export interface Switch {
  readonly kind: "auto-extend";
  readonly orderId: string;
  /** Those of these ids; any where left out. */
  readonly ipAddressIds?: ReadonlySet<string>;
  /** Those that still run at this moment, in ISO 8601. */
  readonly runningAt: string;
  readonly autoExtend: boolean;
  /** The rental period to store, in days; `null` leaves the stored one. */
  readonly rentPeriodDays: number | null;
}

/** What happened to orders as time went by. */
export interface Renewals {
  readonly kind: "renewals";
  readonly events: readonly RenewalEvent[];
  /** What is left. */
  readonly balance: number;
}

/** An order before and after a change. */
export interface Changed {
  readonly before: Order;
  readonly after: Order;
}

/** Where accounts are kept. They change in no other way than by these functions. */
export interface Store {
  get(accountId: string): Account | undefined;
  /** The ids of all accounts, in the order in which they came. */
  ids(): string[];
  /**
   * Applies all changes to an account.
   *
   * @returns the orders that are now others.
   * @throws RangeError before the first of them, where the account or an order is not there.
   */
  transact(accountId: string, changes: readonly Change[]): readonly Changed[];
  /** Puts an account in, in place of one with the same id. What it is made of must not change any more. */
  put(account: AccountState): void;
  /** Puts a copy of an account in, under another id; what both have in common is kept once. */
  copy(accountId: string, id: string): void;
  /** Drops one account; one that is not there is no mistake. */
  remove(accountId: string): void;
  /** Drops all accounts. */
  clear(): void;
  /** Copies of the accounts, in the order in which they came; of one, where its id is given. */
  snapshot(accountId?: string): AccountState[];
  /** The same without copying their orders, which is quick: later changes don't show, and whoever reads must not write. */
  view(accountId?: string): AccountState[];
}

/** A store in memory. */
export function createStore(): Store {
  const accounts = new Map<string, StoredAccount>();

  function stored(accountId: string): StoredAccount {
    const account = accounts.get(accountId);
    if (account) return account;
    throw new RangeError(`There is no account "${accountId}" to change.`);
  }

  return {
    get: (accountId) => accounts.get(accountId),
    ids: () => [...accounts.keys()],
    transact(accountId, changes) {
      const account = stored(accountId);
      // All of it is worked out before the first change is made.
      const changed = changes.flatMap((change) => changedBy(change, account));
      for (const { after } of changed) account.orders.set(after.orderId, after);
      for (const change of changes) if (change.kind === "renewals") account.balance = change.balance;
      return changed;
    },
    put: ({ orders, ...rest }) => void accounts.set(rest.id, { ...rest, orders: createOrderIndex(orders) }),
    copy(accountId, id) {
      const { orders, ...rest } = stored(accountId);
      accounts.set(id, { ...rest, id, orders: orders.copy() });
    },
    remove: (accountId) => void accounts.delete(accountId),
    clear: () => accounts.clear(),
    // Each by itself: what accounts have in common is not to be one thing in their copies.
    snapshot: (accountId) => view(accountId).map(copyOf),
    view,
  };

  function view(accountId?: string): AccountState[] {
    return [...accounts.values()]
      .filter(({ id }) => accountId === undefined || id === accountId)
      .map(({ orders, ...rest }) => ({ ...rest, orders: [...orders.values()] }) as AccountState);
  }
}

type StoredAccount = Omit<AccountState, "orders"> & { readonly orders: OrderIndex };

/** `structuredClone` of all of it would take ten times as long. */
function copyOf({ orders, ...account }: AccountState): AccountState {
  return {
    ...structuredClone(account),
    orders: orders.map((order) => ({
      ...order,
      ipAddresses: order.ipAddresses.map((address) => ({ ...address })),
    })),
  };
}

function changedBy(change: Change, account: StoredAccount): Changed[] {
  if (change.kind === "auto-extend") {
    const before = orderOf(account, change.orderId);
    return [{ before, after: switched(before, change) }];
  }
  const ids = new Set(change.events.map(({ group }) => group.orderId));
  const orders = [...ids].map((id) => orderOf(account, id));
  const renewed = applyRenewals(orders, change.events);
  return orders.flatMap((before, index) => {
    const after = renewed[index] ?? before;
    return after === before ? [] : [{ before, after }];
  });
}

function orderOf(account: StoredAccount, orderId: string): Order {
  const order = account.orders.get(orderId);
  if (!order) throw new RangeError(`There is no order "${orderId}" in account "${account.id}" to change.`);
  return order;
}

function switched(order: Order, { ipAddressIds, runningAt, autoExtend, rentPeriodDays }: Switch): Order {
  let isAnother = false;
  const ipAddresses = order.ipAddresses.map((address) => {
    const isSame =
      address.autoExtend === autoExtend &&
      (rentPeriodDays ?? address.rentPeriodDays) === address.rentPeriodDays &&
      (!autoExtend || !address.failedAt);
    const isMeant = ipAddressIds === undefined || ipAddressIds.has(address.ipAddressId);
    if (isSame || !isMeant || !isRunning(address, runningAt)) return address;
    isAnother = true;
    const { failedAt: _, ...rest } = address;
    const period = rentPeriodDays ?? address.rentPeriodDays;
    // Whoever switches on again wants another try; off leaves all but the switch as it is.
    return autoExtend ? { ...rest, autoExtend, rentPeriodDays: period } : { ...address, autoExtend };
  });
  return isAnother ? { ...order, ipAddresses } : order;
}

/** Whether an address has not ended yet at a moment in ISO 8601. */
export function isRunning({ endsAt }: Pick<IpAddressState, "endsAt">, moment: string): boolean {
  // Both are written by `toISOString`, so the later one is the greater text.
  return endsAt > moment;
}
