import type { Order, Orders } from "./store.js";

/** The orders of an account. A copy shares all with its original that neither of them has changed. */
export interface OrderBook extends Orders {
  /** Puts an order in place of the one with the same id. */
  set(orderId: string, order: Order): void;
  copy(): OrderBook;
}

/** Makes a book of orders, which keep their places in it. */
export function createOrderBook(orders: readonly Order[]): OrderBook {
  return bookOf(new Map(orders.map((order) => [order.orderId, order])), new Map());
}

/**
 * @param shared what other books have as well: it is never changed.
 * @param own what is another here.
 */
function bookOf(shared: ReadonlyMap<string, Order>, own: Map<string, Order>): OrderBook {
  return {
    get: (id) => own.get(id) ?? shared.get(id),
    *values() {
      for (const order of shared.values()) yield own.get(order.orderId) ?? order;
    },
    set: (id, order) => void own.set(id, order),
    copy: () => bookOf(shared, new Map(own)),
  };
}
