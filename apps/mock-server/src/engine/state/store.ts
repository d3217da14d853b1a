import { applyRenewals, type RenewalEvent } from "@auto-extend/core";
import type { OrderChange } from "../log/schemas.js";
import type {
  Account,
  Order,
  Orders,
  PlacedIpAddress,
  RestoredAddress,
  Switch,
  SwitchedOrder,
} from "../types.js";
import type { AccountState, IpAddressState } from "./world.js";

export type Store = ReturnType<typeof createStore>;

/** Creates the accounts in memory. They change only through these functions, and `onChange` is called after each change. */
export function createStore(onChange: () => void) {
  const accounts = new Map<string, StoredAccount>();

  function stored(accountId: string): StoredAccount {
    const account = accounts.get(accountId);
    if (account) return account;
    throw new RangeError(`There is no account "${accountId}" to change.`);
  }

  function view(accountId?: string): AccountState[] {
    return [...accounts.values()]
      .filter(({ id }) => accountId === undefined || id === accountId)
      .map(({ orders, ...rest }) => ({ ...rest, orders: [...orders.values()] }) as AccountState);
  }

  return {
    get: (accountId: string): Account | undefined => accounts.get(accountId),
    /** The IDs of all accounts, in the order in which they were put in. */
    ids: () => [...accounts.keys()],
    /** Switches auto-extend of orders that exist: of all of them, or of none. Returns those that changed. */
    switchOrders(accountId: string, switches: readonly Switch[]): readonly SwitchedOrder[] {
      const account = stored(accountId);
      // Everything is worked out before the first change is made. A request may ask for the state that an order already has.
      const changed: SwitchedOrder[] = [];
      for (const each of switches) {
        const result = switched(requireOrder(account, each.orderId), each);
        if (result) changed.push(result);
      }
      for (const { order } of changed) account.orders.set(order.orderId, order);
      if (changed.length > 0) onChange();
      return changed;
    },
    /**
     * Gives IP addresses of an order that exists an earlier state back, except those that have expired by `now`, in ISO
     * 8601. Counts those that got it, have expired, and had it already.
     */
    restore(
      accountId: string,
      orderId: string,
      { addresses, now }: { readonly addresses: readonly RestoredAddress[]; readonly now: string },
    ) {
      const account = stored(accountId);
      const result = restored(requireOrder(account, orderId), addresses, now);
      if (!result.switched) return result;
      account.orders.set(orderId, result.switched.order);
      onChange();
      return result;
    },
    /** Renews orders that exist and lets them expire, as time passed. `balance` is the one after it. */
    renew(accountId: string, events: readonly RenewalEvent[], balance: number): void {
      const account = stored(accountId);
      const ids = new Set(events.map(({ group }) => group.orderId));
      const orders = [...ids].map((id) => requireOrder(account, id));
      for (const order of applyRenewals(orders, events)) account.orders.set(order.orderId, order);
      account.balance = balance;
      onChange();
    },
    /** Puts in an account, or replaces the one with the same ID. The value must not change afterwards. */
    put({ orders, ...rest }: AccountState): void {
      accounts.set(rest.id, { ...rest, orders: createOrderIndex(orders) });
      onChange();
    },
    /** Copies an account. The copy shares every order with its original until one of them changes. */
    copy(accountId: string, id: string): void {
      const { id: _, orders, ...rest } = stored(accountId);
      accounts.set(id, { id, ...rest, orders: orders.copy() });
      onChange();
    },
    remove(accountId: string): void {
      if (accounts.delete(accountId)) onChange();
    },
    clear(): void {
      accounts.clear();
      onChange();
    },
    /** All accounts, or one. Their orders are shared with later states, so the result must only be read. */
    view,
  };
}

/** Whether an IP address has not expired yet at a time in ISO 8601. */
export function isRunning({ endsAt }: Pick<IpAddressState, "endsAt">, now: string): boolean {
  // Both are written by `toISOString`, so the later one is the greater text.
  return endsAt > now;
}

type StoredAccount = Omit<AccountState, "orders"> & { readonly orders: OrderIndex };

function requireOrder(account: StoredAccount, orderId: string): Order {
  const order = account.orders.get(orderId);
  if (order) return order;
  throw new RangeError(`There is no order "${orderId}" in account "${account.id}" to change.`);
}

type Address = Order["ipAddresses"][number];

/** @returns `undefined` if nothing about the order changes. */
function switched(order: Order, change: Switch): SwitchedOrder | undefined {
  const { ipAddressIds, runningAt, autoExtend } = change;
  const ipAddresses = order.ipAddresses.slice();
  const before: Address[] = [];
  let index = -1;
  for (const address of order.ipAddresses) {
    index += 1;
    const rentPeriodDays = change.rentPeriodDays ?? address.rentPeriodDays;
    const isSame =
      address.autoExtend === autoExtend &&
      address.rentPeriodDays === rentPeriodDays &&
      !(autoExtend && address.failedAt);
    if (isSame || !isRunning(address, runningAt)) continue;
    if (ipAddressIds && !ipAddressIds.has(address.ipAddressId)) continue;
    before.push(address);
    // Set after the copy: a spread whose field is replaced in the same literal makes an object that V8 reads slowly.
    const after = { ...address };
    after.autoExtend = autoExtend;
    ipAddresses[index] = after;
    // Switching off changes nothing else.
    if (!autoExtend) continue;
    after.rentPeriodDays = rentPeriodDays;
    // Switching on asks for another attempt after a failed renewal.
    if ("failedAt" in after) delete after.failedAt;
  }
  if (before.length === 0) return undefined;
  const { orderId, proxyType } = order;
  const wasOn = before.map((address) => address.autoExtend);
  const periods = before.map(({ rentPeriodDays }) => rentPeriodDays);
  return {
    order: { orderId, proxyType, ipAddresses },
    change: {
      orderId,
      ipAddresses: before.length,
      autoExtend: fromTo(wasOn, autoExtend),
      rentPeriodDays: fromTo(periods, change.rentPeriodDays),
    },
  };
}

/** The distinct values before a switch, and the one after it; `undefined` if they did not change. */
function fromTo<Value>(before: readonly Value[], after: Value | null) {
  const from = before.length === 1 ? before : [...new Set(before)];
  return after === null || (from.length === 1 && from[0] === after) ? undefined : { from, to: [after] };
}

function restored(order: Order, wanted: readonly RestoredAddress[], now: string) {
  const states = new Map(wanted.map((address) => [address.ipAddressId, address]));
  const counts = { restored: 0, expired: 0, unchanged: 0 };
  const changed: { readonly from: Address; readonly to: RestoredAddress }[] = [];
  const ipAddresses = order.ipAddresses.map((address) => {
    const state = states.get(address.ipAddressId);
    if (!state) return address;
    if (!isRunning(address, now)) {
      counts.expired += 1;
      return address;
    }
    const { autoExtend, rentPeriodDays, failedAt } = state;
    const isSame =
      address.autoExtend === autoExtend &&
      address.rentPeriodDays === rentPeriodDays &&
      (address.failedAt ?? null) === failedAt;
    if (isSame) {
      counts.unchanged += 1;
      return address;
    }
    counts.restored += 1;
    changed.push({ from: address, to: state });
    const { failedAt: _, ...rest } = address;
    return { ...rest, autoExtend, rentPeriodDays, ...(failedAt === null ? {} : { failedAt }) };
  });
  if (changed.length === 0) return { switched: undefined, ...counts };
  /** The distinct values of a field before and after; `undefined` if they are the same. */
  const fromToOf = <Value>(read: (address: Address | RestoredAddress) => Value) =>
    changed.every(({ from, to }) => read(from) === read(to))
      ? undefined
      : {
          from: [...new Set(changed.map(({ from }) => read(from)))],
          to: [...new Set(changed.map(({ to }) => read(to)))],
        };
  const change: OrderChange = {
    orderId: order.orderId,
    ipAddresses: changed.length,
    autoExtend: fromToOf(({ autoExtend }) => autoExtend),
    rentPeriodDays: fromToOf(({ rentPeriodDays }) => rentPeriodDays),
  };
  return { switched: { order: { ...order, ipAddresses }, change }, ...counts };
}

/** The orders of an account. A copy shares everything with its original that neither of them has changed. */
type OrderIndex = Orders & {
  /** Replaces the order with the same ID, which has the same IP addresses in the same places. */
  set(orderId: string, order: Order): void;
  copy(): OrderIndex;
};

interface Place {
  readonly orderId: string;
  readonly index: number;
}

function createOrderIndex(orders: readonly Order[]): OrderIndex {
  const shared: ReadonlyMap<string, Order> = new Map(orders.map((order) => [order.orderId, order]));
  let places: ReadonlyMap<string, Place> | undefined;
  return indexOf(new Map());

  /** @param own the orders that differ from the shared ones. */
  function indexOf(own: Map<string, Order>): OrderIndex {
    const get = (id: string) => own.get(id) ?? shared.get(id);
    return {
      get,
      ofIpAddress(ipAddressId): PlacedIpAddress | undefined {
        // Made on first use: most accounts are never asked for an IP address by its ID.
        places ??= placesIn(orders);
        const place = places.get(ipAddressId);
        const order = place && get(place.orderId);
        const ipAddress = order?.ipAddresses[place?.index ?? 0];
        return order && ipAddress && { order, ipAddress };
      },
      *values() {
        for (const order of shared.values()) yield own.get(order.orderId) ?? order;
      },
      set: (id, order) => void own.set(id, order),
      copy: () => indexOf(new Map(own)),
    };
  }
}

function placesIn(orders: readonly Order[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const { orderId, ipAddresses } of orders) {
    for (const [index, { ipAddressId }] of ipAddresses.entries()) places.set(ipAddressId, { orderId, index });
  }
  return places;
}
