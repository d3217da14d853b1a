import type { ProxyType } from "@auto-extend/core";
import { quoteShort } from "../../lib/text.js";
import type { FieldIssue } from "../log/schemas.js";
import { isRunning } from "../state/store.js";
import type { Account, Order, PlacedIpAddress } from "../types.js";
import { maxReportedIssues, noIssues, type RuleInput, withRest } from "./decide.js";

/** Rules about orders, IP addresses and rental periods that several operations share. */

interface NamesOrders {
  readonly proxyType: ProxyType;
  readonly orderIds: readonly string[];
}

interface NamesIpAddresses {
  readonly proxyType: ProxyType;
  readonly ipAddressIds: readonly string[];
}

interface NamesPeriod {
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
}

/** Every order ID names a running order of the proxy type. An expired order is refused like an unknown one (assumed). */
export function checkOrders(input: RuleInput<NamesOrders>): readonly FieldIssue[] {
  const { account, request, now } = input;
  const { orderIds, proxyType } = request;
  const isRight = (orderId: string) => {
    const order = account.orders.get(orderId);
    return order?.proxyType === proxyType && order.ipAddresses.some((address) => isRunning(address, now));
  };
  return issuesOfItems("orderIds", orderIds, isRight, (orderId) => ({
    message: orderIssue(orderId, account, proxyType),
    expected: expectedId("order", input, account.orders.get(orderId)),
  }));
}

/** @param issueOf what is wrong with an item that is not right: the first few are reported, the others counted. */
function issuesOfItems(
  field: string,
  items: readonly string[],
  isRight: (item: string) => boolean,
  issueOf: (item: string) => Omit<FieldIssue, "path">,
): readonly FieldIssue[] {
  let issues: FieldIssue[] | undefined;
  let wrong = 0;
  let index = -1;
  for (const item of items) {
    index += 1;
    if (isRight(item)) continue;
    wrong += 1;
    issues ??= [];
    if (wrong <= maxReportedIssues) issues.push({ path: `${field}[${index}]`, ...issueOf(item) });
  }
  return issues ? withRest(field, issues, wrong) : noIssues;
}

function orderIssue(orderId: string, { orders }: Account, proxyType: ProxyType): string {
  const order = orders.get(orderId);
  const owner = order ?? orders.ofIpAddress(orderId)?.order;
  if (!owner) return `this account has no order ${quoteShort(orderId)}`;
  if (!order)
    return `${quoteShort(orderId)} is the ID of an IP address of order ${quoteShort(owner.orderId)}, not of an order`;
  if (order.proxyType !== proxyType) {
    return `order ${quoteShort(orderId)} has type ${order.proxyType}, not ${proxyType}`;
  }
  const ends = order.ipAddresses.map(({ endsAt }) => endsAt).sort();
  return `order ${quoteShort(orderId)} expired at ${ends.at(-1)}`;
}

/** Says which IDs would have been accepted, with one as an example. */
function expectedId(
  noun: "order" | "address",
  { account, request: { proxyType }, now }: RuleInput<Pick<NamesOrders, "proxyType">>,
  named: Order | undefined,
): string {
  const example = idExample(noun, account.orders.values(), { proxyType, now });
  const expected = `a running ${noun} of type ${proxyType}${example && `, such as ${quoteShort(example)}`}`;
  const isOtherType = named !== undefined && named.proxyType !== proxyType;
  return isOtherType ? `${expected}; or the proxy type should be ${named.proxyType}` : expected;
}

/** An account can have tens of thousands of orders: only the first are searched. */
const searchedOrders = 100;

function idExample(
  noun: "order" | "address",
  orders: Iterable<Order>,
  { proxyType, now }: { readonly proxyType: ProxyType; readonly now: string },
): string {
  let searched = 0;
  for (const order of orders) {
    const running = order.ipAddresses.find((address) => isRunning(address, now));
    if (running && order.proxyType === proxyType) {
      return noun === "order" ? order.orderId : running.ipAddressId;
    }
    searched += 1;
    if (searched === searchedOrders) break;
  }
  return "";
}

/** The account can buy the rental period for the proxy type. */
export function checkRentalPeriod({ account, request }: RuleInput<NamesPeriod>): readonly FieldIssue[] {
  const { proxyType, rentPeriodDays } = request;
  const sold = account.rentPeriods[proxyType] ?? [];
  if (sold.includes(rentPeriodDays)) return noIssues;
  const message =
    sold.length === 0
      ? `no rental period is sold for ${proxyType}`
      : `a rental period of ${rentPeriodDays} days is not sold for ${proxyType} (sold: ${sold.join(", ")})`;
  const [only = "a proxy type with rental periods"] = sold;
  const expected = sold.length > 1 ? `one of ${sold.join(", ")}` : `${only}`;
  return [{ path: "rentPeriodDays", message, expected }];
}

/** The orders that a checked request names, without duplicates. */
export function ordersOf({ account, request }: RuleInput<Pick<NamesOrders, "orderIds">>): Order[] {
  const { orderIds } = request;
  const orders: Order[] = [];
  for (const id of orderIds.length === 1 ? orderIds : new Set(orderIds)) {
    const order = account.orders.get(id);
    if (order) orders.push(order);
  }
  return orders;
}

/** The IDs of the IP addresses of orders that have not expired. */
export function runningIn(orders: readonly Order[], now: string): string[] {
  const ids: string[] = [];
  for (const { ipAddresses } of orders) {
    for (const address of ipAddresses) if (isRunning(address, now)) ids.push(address.ipAddressId);
  }
  return ids;
}

/** Names orders in a sentence: their type and the first few IDs. */
export function nameOrders(orders: readonly Order[]): string {
  const [first] = orders;
  if (first && orders.length === 1) return `${first.proxyType} order ${quoteShort(first.orderId)}`;
  const ids = orders.slice(0, maxReportedIssues).map(({ orderId }) => quoteShort(orderId));
  const more = orders.length > ids.length ? ` and ${orders.length - ids.length} more` : "";
  return `${first?.proxyType} orders ${ids.join(", ")}${more}`;
}

/** Every IP address ID names a running address of the proxy type. An expired one is refused like an unknown one (assumed). */
export function checkIpAddresses(input: RuleInput<NamesIpAddresses>): readonly FieldIssue[] {
  const { account, request, now } = input;
  const { ipAddressIds, proxyType } = request;
  const isRight = (id: string) => {
    const found = account.orders.ofIpAddress(id);
    return found?.order.proxyType === proxyType && isRunning(found.ipAddress, now);
  };
  return issuesOfItems("ipAddressIds", ipAddressIds, isRight, (id) => {
    const found = account.orders.ofIpAddress(id);
    const expected = expectedId("address", input, found?.order);
    return { message: ipAddressIssue(id, found, proxyType), expected };
  });
}

function ipAddressIssue(id: string, found: PlacedIpAddress | undefined, proxyType: ProxyType): string {
  if (!found) return `this account has no IP address ${quoteShort(id)}`;
  const { order, ipAddress } = found;
  const name = `IP address ${quoteShort(id)} of order ${quoteShort(order.orderId)}`;
  return order.proxyType === proxyType
    ? `${name} expired at ${ipAddress.endsAt}`
    : `${name} has type ${order.proxyType}, not ${proxyType}`;
}

/** A request that names one IP address of an IPv6 order names all of its running ones. */
export function checkWholeOrders(input: RuleInput<NamesIpAddresses>): readonly FieldIssue[] {
  if (input.request.proxyType !== "IPv6") return noIssues;
  const issues: FieldIssue[] = [];
  for (const { order, ipAddressIds } of partsOf(input)) {
    const missing = runningIn([order], input.now).filter((id) => !ipAddressIds.has(id));
    const [first] = missing;
    if (first === undefined) continue;
    const running = missing.length + ipAddressIds.size;
    const message = `IPv6 order ${quoteShort(order.orderId)} has ${running} IP addresses, which can only be switched together: ${quoteShort(first)}${missing.length === 1 ? " is" : ` and ${missing.length - 1} more are`} missing`;
    const expected = `all ${running} running addresses of order ${quoteShort(order.orderId)}`;
    issues.push({ path: "ipAddressIds", message, expected });
    if (issues.length === maxReportedIssues) break;
  }
  return issues;
}

/** The IP addresses of one order that a request names, without duplicates. */
interface OrderPart {
  readonly order: Order;
  readonly ipAddressIds: ReadonlySet<string>;
}

/** The parts of orders that a checked request names, in its order. */
export function partsOf({
  account,
  request,
}: Pick<RuleInput<Pick<NamesIpAddresses, "ipAddressIds">>, "account" | "request">): OrderPart[] {
  const parts = new Map<string, { order: Order; ipAddressIds: Set<string> }>();
  for (const id of request.ipAddressIds) {
    const order = account.orders.ofIpAddress(id)?.order;
    if (!order) continue;
    const part = parts.get(order.orderId) ?? { order, ipAddressIds: new Set() };
    parts.set(order.orderId, part);
    part.ipAddressIds.add(id);
  }
  return [...parts.values()];
}
