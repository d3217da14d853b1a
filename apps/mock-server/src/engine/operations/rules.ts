import { formatIssues, type Issue, type ProxyType } from "@auto-extend/core";
import { quoteShort } from "../../lib/text.js";
import { type Account, isRunning, type Order } from "../state/store.js";
import type { Check, RuleInput } from "./served-by.js";

/**
 * Checks a field: that it fits its schema, and then whatever else there is to say of it.
 *
 * @param more what speaks against a value that fits, for people.
 */
export function ofField<Request = unknown>(
  field: string,
  more: (asked: RuleInput<Request>) => string = () => "",
): Check<Request> {
  return {
    field,
    // Three tell the story; a list of a thousand would only hide it.
    refusal: (asked) => formatIssues(asked.issues(field).slice(0, mostTold)) || more(asked),
  };
}

/** How many of the bad items of a list are told of. */
export const mostTold = 3;

/** What a request says that names orders. */
interface OfOrders {
  readonly proxyType: ProxyType;
  readonly orderIds: readonly string[];
}

/** That every order id is that of an order of the proxy type that still runs. */
export const orderIdsCheck = ofField<OfOrders>("orderIds", (asked) => formatIssues(orderIssues(asked)));

/** The orders that a request names whose order ids were checked, each once. */
export function ordersOf({ account, request }: Pick<RuleInput<OfOrders>, "account" | "request">): Order[] {
  return [...new Set(request.orderIds)].map((id) => account.orders.get(id) as Order);
}

/** The ids of the IP addresses of an order that still run at a moment. */
export function runningIn({ ipAddresses }: Order, now: string): string[] {
  return ipAddresses.filter((address) => isRunning(address, now)).map(({ ipAddressId }) => ipAddressId);
}

/** The orders by their ids, the first few of them, and their type: they are all of one. */
export function named(orders: readonly Order[]): string {
  const ids = orders.slice(0, mostTold).map(({ orderId }) => quoteShort(orderId));
  const more = orders.length > ids.length ? ` and ${orders.length - ids.length} more` : "";
  return `${orders[0]?.proxyType} order${orders.length === 1 ? "" : "s"} ${ids.join(", ")}${more}`;
}

function orderIssues({ account, request, now }: RuleInput<OfOrders>): Issue[] {
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
  if (!order) return `there is no order ${quoteShort(id)} in this account`;
  if (order.proxyType !== proxyType)
    return `order ${quoteShort(id)} is of type ${order.proxyType}, not ${proxyType}`;
  return endedIssue(order, now);
}

/** An order that has ended is refused like one that does not exist (assumed). */
function endedIssue({ orderId, ipAddresses }: Order, now: string): string {
  if (ipAddresses.some((address) => isRunning(address, now))) return "";
  const last = ipAddresses
    .map(({ endsAt }) => endsAt)
    .sort()
    .at(-1);
  return `order ${quoteShort(orderId)} ended at ${last}`;
}

/** What a request says of a rental period. */
interface OfPeriod {
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
}

/** That the account is sold the rental period for the proxy type. */
export const rentalPeriodCheck = ofField<OfPeriod>("rentPeriodDays", notSold);

/** Why a rental period can't be had, for people; an empty text where it can. */
export function notSold({ account, request: { proxyType, rentPeriodDays } }: RuleInput<OfPeriod>): string {
  const sold = account.rentPeriods[proxyType] ?? [];
  if (sold.includes(rentPeriodDays)) return "";
  const choice = sold.length > 0 ? `it sells ${sold.join(", ")}` : "it sells none";
  return `rentPeriodDays: ${rentPeriodDays} days are not sold for ${proxyType} here; ${choice}`;
}
