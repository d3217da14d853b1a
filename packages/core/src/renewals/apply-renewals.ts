import type { RenewalEvent } from "./forecast.js";
import type { RenewableAddress, RenewableOrder } from "./groups.js";

/**
 * The orders as these events leave them: IP addresses that were renewed get their new end, those whose renewal failed
 * the moment of that as `failedAt`, which a renewal sets back to `null`. An expiry changes nothing, for what has
 * reached its `endsAt` has ended.
 *
 * Nothing is changed in place. Orders and IP addresses keep every other field, and stay the same object where no event
 * is about them; an end is always written to the IP address, not to its order.
 *
 * @param events In order of time, as a forecast tells them.
 */
export function applyRenewals<O extends RenewableOrder>(
  orders: readonly O[],
  events: readonly RenewalEvent[],
): O[] {
  const changes = changesBy(events);
  return orders.map((order) => {
    const changesOfOrder = changes.get(order.orderId);
    if (changesOfOrder === undefined) return order;
    const ipAddresses = order.ipAddresses.map((address) => {
      const change = changesOfOrder.get(address.ipAddressId);
      return change ? applied(address, change) : address;
    });
    return { ...order, ipAddresses };
  });
}

interface Change {
  /** The new end; `undefined` where it stays. */
  readonly endsAt: string | undefined;
  readonly failedAt: string | null;
}

/** What becomes of each IP address in the end, by order. */
function changesBy(events: readonly RenewalEvent[]): Map<string, Map<string, Change>> {
  const changes = new Map<string, Map<string, Change>>();
  for (const event of events) {
    if (event.type === "expired") continue;
    const { orderId, ipAddressIds } = event.group;
    const ofOrder = changes.get(orderId) ?? new Map<string, Change>();
    changes.set(orderId, ofOrder);
    for (const id of ipAddressIds) {
      const change =
        event.type === "renewed"
          ? { endsAt: event.endsAt, failedAt: null }
          : { endsAt: ofOrder.get(id)?.endsAt, failedAt: event.at };
      ofOrder.set(id, change);
    }
  }
  return changes;
}

function applied(address: RenewableAddress, { endsAt, failedAt }: Change): RenewableAddress {
  const changed = endsAt === undefined ? address : { ...address, endsAt };
  // An IP address that never failed doesn't get a field for it.
  return failedAt === null && (address.failedAt ?? null) === null ? changed : { ...changed, failedAt };
}
