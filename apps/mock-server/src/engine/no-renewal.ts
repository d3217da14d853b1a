import { isRunning, type Order } from "./store.js";

/** Says why no renewal lies ahead of orders, at a moment in ISO 8601, and what to do. */
export function whyNoRenewal(orders: readonly Order[], now: string): string {
  if (orders.length === 0) {
    return "No renewal lies ahead: there are no orders that time passes for. An API key gets its account with its first request.";
  }
  const counts = new Map<string, number>();
  for (const order of orders) {
    const what = obstacle(order, now);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const told = [...counts].map(([what, count]) => `${count} ${count === 1 ? "has" : "have"} ${what}`);
  const all = `${orders.length} ${orders.length === 1 ? "order" : "orders"}`;
  return `No renewal lies ahead: of ${all}, ${told.join(", ")}. Switch auto-extend on for one that has not ended, or reset the mock.`;
}

/** What an order has that keeps it from being renewed. */
function obstacle({ ipAddresses }: Order, now: string): string {
  const running = ipAddresses.filter((address) => isRunning(address, now));
  const on = running.filter(({ autoExtend }) => autoExtend);
  if (running.length === 0) return "ended";
  if (on.length === 0) return "auto-extend off";
  if (on.some(({ failedAt }) => failedAt)) return "a renewal that was not paid and is not tried again";
  return "auto-extend on for a part only, where IPv6 renews whole";
}
