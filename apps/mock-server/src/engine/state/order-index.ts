import type { Order, Orders } from "./store.js";

/** The orders of an account. A copy shares all with its original that neither of them has changed. */
export interface OrderIndex extends Orders {
  /** Puts an order in place of the one with the same id, which has the same IP addresses in the same places. */
  set(orderId: string, order: Order): void;
  copy(): OrderIndex;
}

/** Makes a book of orders, which keep their places in it. */
export function createOrderIndex(orders: readonly Order[]): OrderIndex {
  const byId = new Map(orders.map((order) => [order.orderId, order]));
  return bookOf({ byId, places: lazily(() => placesIn(orders)) }, new Map());
}

/** What books have in common with each other: none of it ever changes. */
interface Shared {
  readonly byId: ReadonlyMap<string, Order>;
  /** Where each IP address is, by its id. */
  readonly places: () => ReadonlyMap<string, Place>;
}

interface Place {
  readonly orderId: string;
  readonly index: number;
}

/** @param own what is another here than in the other books. */
function bookOf(shared: Shared, own: Map<string, Order>): OrderIndex {
  const get = (id: string) => own.get(id) ?? shared.byId.get(id);
  return {
    get,
    ofIpAddress(ipAddressId) {
      const place = shared.places().get(ipAddressId);
      const order = place && get(place.orderId);
      const ipAddress = order?.ipAddresses[place?.index ?? 0];
      return order && ipAddress && { order, ipAddress };
    },
    *values() {
      for (const order of shared.byId.values()) yield own.get(order.orderId) ?? order;
    },
    set: (id, order) => void own.set(id, order),
    copy: () => bookOf(shared, new Map(own)),
  };
}

function placesIn(orders: readonly Order[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const { orderId, ipAddresses } of orders) {
    for (const [index, { ipAddressId }] of ipAddresses.entries()) places.set(ipAddressId, { orderId, index });
  }
  return places;
}

/** Makes a value the first time that it is asked for: most accounts are never asked for an IP address by its id. */
function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
