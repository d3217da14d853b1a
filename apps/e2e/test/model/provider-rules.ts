import { faultInId } from "./asked-faults.js";
import type { Account, Order } from "./passing-time.js";

export type Request = Readonly<Record<string, unknown>>;

/** The error code of the first rule that a request breaks; `null` where it breaks none. */
export function brokenRule(account: Account | undefined, request: Request, now: number): number | null {
  const { proxyType, orderIds, rentPeriodDays, autoExtend } = request;
  if (!account) return 2;
  if (!["IPv4", "IPv6", "MOBILE", "ISP"].some((type) => type === proxyType)) return 4;
  if (!Array.isArray(orderIds) || orderIds.length === 0) return 29;
  const orders = ordersNamed(account, request);
  const living = orders.filter(
    ({ type, addresses }) => type === proxyType && addresses.some(({ endsAt }) => endsAt > now),
  );
  if (living.length < new Set(orderIds).size) return 29;
  if (!(account.sold[String(proxyType)] ?? []).some((days) => days === rentPeriodDays)) return 11;
  return typeof autoExtend === "boolean" ? null : 35;
}

/** The orders that a request names, each once, as far as they are there. An ID that asks for a fault is there as well. */
export function ordersNamed(account: Account, { orderIds, proxyType }: Request): Order[] {
  return [...new Set([orderIds].flat())].flatMap((id) => {
    const order = account.orders.find((each) => each.id === id);
    return order ?? (faultInId(String(id)) ? faultOrder(String(id), String(proxyType)) : []);
  });
}

function faultOrder(id: string, type: string): Order {
  const address = {
    id: `${id}-1`,
    on: false,
    days: 30,
    endsAt: Number.POSITIVE_INFINITY,
    failedAt: null,
    over: false,
  };
  return { id, type, addresses: [address] };
}

export function switchTo(address: Order["addresses"][number], { autoExtend, rentPeriodDays }: Request) {
  // Switching off leaves the rental period as it is; switching on requires another try.
  if (autoExtend) Object.assign(address, { on: true, days: rentPeriodDays, failedAt: null });
  else address.on = false;
}
