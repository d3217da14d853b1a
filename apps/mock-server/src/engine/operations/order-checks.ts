import { formatIssues, type Issue, type ProxyType } from "@auto-extend/core";
import { quoted } from "../quoted.js";
import { type Account, isRunning, type Order } from "../store.js";
import { mostTold, ofField } from "./field-checks.js";
import type { Case } from "./served-by.js";

/** What a request says that names orders. */
interface OfOrders {
  readonly proxyType: ProxyType;
  readonly orderIds: readonly string[];
}

/** That every order id is that of an order of the proxy type that still runs. */
export const orderIdsCheck = ofField<OfOrders>("orderIds", (asked) => formatIssues(orderIssues(asked)));

/** The orders that a request names whose order ids were checked, each once. */
export function ordersOf({ account, request }: Pick<Case<OfOrders>, "account" | "request">): Order[] {
  return [...new Set(request.orderIds)].map((id) => account.orders.get(id) as Order);
}

/** The ids of the IP addresses of an order that still run at a moment. */
export function runningIn({ ipAddresses }: Order, now: string): string[] {
  return ipAddresses.filter((address) => isRunning(address, now)).map(({ ipAddressId }) => ipAddressId);
}

/** The orders by their ids, the first few of them, and their type: they are all of one. */
export function named(orders: readonly Order[]): string {
  const ids = orders.slice(0, mostTold).map(({ orderId }) => quoted(orderId));
  const more = orders.length > ids.length ? ` and ${orders.length - ids.length} more` : "";
  return `${orders[0]?.proxyType} order${orders.length === 1 ? "" : "s"} ${ids.join(", ")}${more}`;
}

function orderIssues({ account, request, now }: Case<OfOrders>): Issue[] {
  const issues: Issue[] = [];
  for (const [index, id] of request.orderIds.entries()) {
    const message = refusalOf(account, { id, proxyType: request.proxyType, now });
    if (message) issues.push({ path: `orderIds[${index}]`, message });
    if (issues.length === mostTold) break;
  }
  return issues;
}

interface Named {
  readonly id: string;
  readonly proxyType: ProxyType;
  readonly now: string;
}

function refusalOf({ orders }: Account, { id, proxyType, now }: Named): string {
  const order = orders.get(id);
  if (!order) return `there is no order ${quoted(id)} in this account`;
  if (order.proxyType !== proxyType)
    return `order ${quoted(id)} is of type ${order.proxyType}, not ${proxyType}`;
  return endedIssue(order, now);
}

/** An order that has ended is refused like one that does not exist (assumed). */
function endedIssue({ orderId, ipAddresses }: Order, now: string): string {
  if (ipAddresses.some((address) => isRunning(address, now))) return "";
  const last = ipAddresses
    .map(({ endsAt }) => endsAt)
    .sort()
    .at(-1);
  return `order ${quoted(orderId)} ended at ${last}`;
}
