import type { ProxyType } from "@auto-extend/core";
import type { AccountState, IpAddressState, OrderState } from "./world.js";

/** One account as the rules read it: orders are found by their id. */
export interface Account {
  readonly id: string;
  readonly balance: number;
  readonly currency: string;
  /** The rental periods sold, in days. */
  readonly rentPeriods: { readonly [Type in ProxyType]?: readonly number[] | undefined };
  readonly orders: ReadonlyMap<string, Order>;
}

/** One order as the rules read it. */
export type Order = Readonly<Omit<OrderState, "ipAddresses">> & {
  readonly ipAddresses: readonly Readonly<IpAddressState>[];
};

/** One change of an account. */
export interface Change {
  readonly kind: "auto-extend";
  readonly orderId: string;
  readonly autoExtend: boolean;
  /** The rental period to store, in days; `null` leaves the stored one. */
  readonly rentPeriodDays: number | null;
}

/** Where accounts are kept. They change in no other way than by these functions. */
export interface Store {
  get(accountId: string): Account | undefined;
  /**
   * Applies all changes to an account.
   *
   * @throws RangeError before the first of them, where the account or an order is not there.
   */
  transact(accountId: string, changes: readonly Change[]): void;
  /** Puts an account in, in place of one with the same id. */
  put(account: AccountState): void;
  /** Drops one account; one that is not there is no mistake. */
  remove(accountId: string): void;
  /** Drops all accounts. */
  clear(): void;
  /** Copies of the accounts, in the order in which they came; of one, where its id is given. */
  snapshot(accountId?: string): AccountState[];
}

/** A store in memory. */
export function createStore(): Store {
  const accounts = new Map<string, StoredAccount>();

  return {
    get: (accountId) => accounts.get(accountId),
    transact(accountId, changes) {
      const account = accounts.get(accountId);
      if (!account) throw new RangeError(`There is no account "${accountId}" to change.`);
      const steps = changes.map((change) => ({ change, order: stored(account, change.orderId) }));
      for (const { change, order } of steps) switchOrder(order, change);
    },
    put: (account) => void accounts.set(account.id, indexed(account)),
    remove: (accountId) => void accounts.delete(accountId),
    clear: () => accounts.clear(),
    snapshot: (accountId) =>
      [...accounts.values()].filter(({ id }) => accountId === undefined || id === accountId).map(plain),
  };
}

type StoredAccount = Omit<AccountState, "orders"> & { readonly orders: Map<string, OrderState> };

function stored(account: StoredAccount, orderId: string): OrderState {
  const order = account.orders.get(orderId);
  if (!order) throw new RangeError(`There is no order "${orderId}" in account "${account.id}" to change.`);
  return order;
}

function switchOrder(order: OrderState, change: Change): void {
  for (const address of order.ipAddresses) {
    address.autoExtend = change.autoExtend;
    address.rentPeriodDays = change.rentPeriodDays ?? address.rentPeriodDays;
  }
}

function indexed(account: AccountState): StoredAccount {
  const { orders, ...rest } = structuredClone(account);
  return { ...rest, orders: new Map(orders.map((order) => [order.orderId, order])) };
}

function plain({ orders, ...rest }: StoredAccount): AccountState {
  return structuredClone({ ...rest, orders: [...orders.values()] });
}
