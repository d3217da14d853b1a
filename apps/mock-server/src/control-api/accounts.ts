import { type ProxyType, priceOfGroup, proxyTypes, sumOfAmounts } from "@auto-extend/core";
import { z } from "zod/v3";
import type { Engine } from "../engine/engine.js";
import { isRunning } from "../engine/state/store.js";
import type { AccountState, IpAddressState, OrderState } from "../engine/state/world.js";
import { isoDate } from "../lib/dates.js";
import { count, date, listOf, whole } from "../lib/schemas.js";
import type { FirstUnpaid } from "./forecast.js";

/** Accounts and orders in a form that can be listed: counted, filtered, sorted and in pages. */

export const accountSummary = z
  .strictObject({
    id: z.string().describe("The account."),
    isTemplate: z
      .boolean()
      .describe(
        "Whether it only serves as the template that new API keys get a copy of: no time passes for it.",
      ),
    balance: z.number().describe("In units of the currency."),
    currency: z.string().describe("Such as USD."),
    orders: count.describe("The number of orders that have not expired."),
    addresses: count.describe("The number of their IP addresses."),
    on: count.describe("The number of these addresses with auto-extend on."),
    expired: count.describe("The number of expired orders."),
    prices: byType(z.record(z.number())).describe(
      "The price of one IP address, by proxy type and rental period in days.",
    ),
    rentPeriods: byType(listOf(z.number())).describe("The rental periods sold, in days, by proxy type."),
  })
  .describe("One account without its orders.");

function byType<Value extends z.ZodTypeAny>(value: Value) {
  return z.object({ IPv4: value, IPv6: value, MOBILE: value, ISP: value }).partial();
}

const orderStates = ["on", "off", "mixed", "expired"] as const;

export const orderSummary = z
  .strictObject({
    orderId: z.string().describe("The order."),
    proxyType: z.enum(proxyTypes).describe("Its proxy type."),
    state: z
      .enum(orderStates)
      .describe("Auto-extend of its running addresses: all on, all off, or mixed; or expired."),
    addresses: count.describe("The number of running addresses; of all addresses if it has expired."),
    on: count.describe("The number of running addresses with auto-extend on."),
    endsAt: date.describe("When the first of these addresses ends."),
    rentPeriods: listOf(z.number()).describe("The rental periods of these addresses, in days, ascending."),
    renewalPrice: z
      .number()
      .nullable()
      .describe(
        "The price of one renewal of the addresses with auto-extend on; where that renews none of them, since all are off, or only some of an IPv6 order are on, what one of all of them would cost. null if one has no price.",
      ),
    unpaidAt: date
      .nullable()
      .describe(
        "When a renewal within a year will be unpaid; of an expired order, when one was. null if none.",
      ),
  })
  .describe("One order without its IP addresses.");

export const listQuery = z.strictObject({
  search: z
    .string()
    .optional()
    .describe(
      "Part of an order ID or IP address, or a whole address ID or country. An address that is this text as a whole comes first, or its order.",
    ),
  proxyType: z.enum(proxyTypes).optional().describe("Only those of this type."),
  withinHours: z.number().min(0).optional().describe("Only those that end within this time."),
  descending: z.boolean().default(false).describe("Whether the last comes first."),
  offset: count.default(0).describe("How many to skip."),
  limit: whole.min(1).max(1_000).default(100).describe("The maximum number of them."),
});

export const orderQuery = listQuery.extend({
  state: z
    .enum([...orderStates, "notAllOn", "unpaid"])
    .optional()
    .describe(
      "Only orders in this state; notAllOn: those that are off or mixed; unpaid: those with a renewal that will be unpaid. Default: all that have not expired.",
    ),
  sort: z
    .enum(["orderId", "proxyType", "addresses", "state", "endsAt", "rentPeriods", "renewalPrice"])
    .default("endsAt")
    .describe("The column to sort by."),
});

type AccountSummary = z.output<typeof accountSummary>;
type OrderSummary = z.output<typeof orderSummary>;
type OrderQuery = z.output<typeof orderQuery>;

/** The accounts, without copying their orders: they must only be read. */
export function accountsOf(engine: Engine, only?: string): readonly AccountState[] {
  return engine.state(only).accounts;
}

export function summarizeAccounts(accounts: readonly AccountState[], engine: Engine): AccountSummary[] {
  const now = isoDate(engine.now());
  return accounts.map((account) => {
    const { orders, ...rest } = account;
    const all = orders.map((order) => summaryOf(order, account, now));
    const running = all.filter(({ state }) => state !== "expired");
    return {
      ...rest,
      isTemplate: engine.isTemplate(account.id),
      orders: running.length,
      addresses: sumOf(running, "addresses"),
      on: sumOf(running, "on"),
      expired: all.length - running.length,
    };
  });
}

function sumOf(orders: readonly Summary[], count: "addresses" | "on"): number {
  return orders.reduce((sum, order) => sum + order[count], 0);
}

/** The present, and the renewals that will be unpaid. */
export interface Outlook {
  readonly now: string;
  readonly unpaid: FirstUnpaid;
}

export function listOrders(account: AccountState, query: OrderQuery, { now, unpaid }: Outlook) {
  const matching: Match[] = [];
  const search = query.search?.trim().toLowerCase() ?? "";
  for (const order of account.orders) {
    const rank = rankOf(order, query.proxyType, search);
    if (rank === null) continue;
    const summary = summaryOf(order, account, now);
    const unpaidAt = summary.on > 0 ? (unpaid.orders.get(order.orderId) ?? null) : summary.failedAt;
    const match = { summary, unpaidAt, rank };
    if (matchesQuery(match, query, now)) matching.push(match);
  }
  matching.sort(comparison(query));
  const found = matching.map(({ summary }) => summary);
  return {
    total: matching.length,
    addresses: sumOf(found, "addresses"),
    on: sumOf(found, "on"),
    renewalPrice: sumOfAmounts(found.map((order) => (renews(order) ? (order.renewalPrice ?? 0) : 0))),
    orders: matching.slice(query.offset, query.offset + query.limit).map(listed),
  };
}

interface Match extends Pick<OrderSummary, "unpaidAt"> {
  readonly summary: Summary;
  /** 0 if the text of the search is a whole address: such orders come first. */
  readonly rank: number;
}

function listed({ summary: { failedAt: _, ...summary }, unpaidAt }: Match): OrderSummary {
  return { ...summary, unpaidAt };
}

type Summary = Omit<OrderSummary, "unpaidAt"> & {
  /** When a renewal of an expired order was last unpaid. */
  readonly failedAt: string | null;
};
type Prices = AccountState["prices"];

/** Summaries of orders, which are values: one that has changed is another one. */
const summaries = new WeakMap<
  OrderState,
  { readonly summary: Summary; readonly prices: Prices; readonly from: string }
>();

/** A list of many thousand orders is read page by page, and sorted each time. */
function summaryOf(order: OrderState, account: AccountState, now: string): Summary {
  const known = summaries.get(order);
  // It changes when the first of the running addresses ends; the clock can be set back.
  const isValid =
    known && known.from <= now && (known.summary.endsAt > now || known.summary.state === "expired");
  if (isValid && known.prices === account.prices) return known.summary;
  const summary = summarizeOrder(order, account, now);
  summaries.set(order, { summary, prices: account.prices, from: now });
  return summary;
}

function summarizeOrder(
  { orderId, proxyType, ipAddresses }: OrderState,
  account: AccountState,
  now: string,
): Summary {
  const running = ipAddresses.filter((address) => isRunning(address, now));
  const shown = running.length > 0 ? running : ipAddresses;
  const on = running.filter(({ autoExtend }) => autoExtend);
  const state = stateOf(running.length, on.length);
  const failures = ipAddresses.flatMap(({ failedAt }) => failedAt ?? []).sort();
  return {
    orderId,
    proxyType,
    state,
    addresses: shown.length,
    on: on.length,
    endsAt: shown.map(({ endsAt }) => endsAt).sort()[0] ?? "",
    rentPeriods: [...new Set(shown.map(({ rentPeriodDays }) => rentPeriodDays))].sort((a, b) => a - b),
    renewalPrice: priceOf(renews({ state, proxyType }) ? on : shown, account.prices[proxyType]),
    failedAt: running.length > 0 ? null : (failures.at(-1) ?? null),
  };
}

function stateOf(running: number, on: number): OrderSummary["state"] {
  if (running === 0) return "expired";
  if (on === 0) return "off";
  return on === running ? "on" : "mixed";
}

/** IPv6 orders renew whole. */
function renews({ state, proxyType }: Pick<OrderSummary, "state" | "proxyType">): boolean {
  return state === "on" || (state === "mixed" && proxyType !== "IPv6");
}

function priceOf(
  addresses: readonly IpAddressState[],
  prices: Readonly<Record<string, number>> | undefined,
): number | null {
  const sizes = new Map<number, number>();
  for (const { rentPeriodDays } of addresses) sizes.set(rentPeriodDays, (sizes.get(rentPeriodDays) ?? 0) + 1);
  const amounts: number[] = [];
  for (const [days, size] of sizes) {
    const price = prices?.[days];
    if (price === undefined) return null;
    amounts.push(priceOfGroup(price, size));
  }
  return sumOfAmounts(amounts);
}

/** The rank of an order that a search finds; `null` if it does not. */
function rankOf(order: OrderState, only: ProxyType | undefined, search: string): Match["rank"] | null {
  if (only !== undefined && only !== order.proxyType) return null;
  if (search === "") return 1;
  const ranks = order.ipAddresses.flatMap((address) => rankOfAddress(address, search) ?? []);
  if (ranks.length > 0) return ranks.includes(0) ? 0 : 1;
  return order.orderId.toLowerCase().includes(search) ? 1 : null;
}

/** 0 if a search names the whole address, 1 if it finds it; `null` if it does not. */
export function rankOfAddress({ ipAddressId, ip, country }: IpAddressState, search: string) {
  if (ip === search || ipAddressId.toLowerCase() === search) return 0;
  return ip.includes(search) || country.toLowerCase() === search ? 1 : null;
}

function matchesQuery(
  { summary: { state, endsAt }, unpaidAt }: Match,
  query: OrderQuery,
  now: string,
): boolean {
  if (query.state === undefined ? state === "expired" : !isIn(query.state)) return false;
  const { withinHours } = query;
  return withinHours === undefined || Date.parse(endsAt) - Date.parse(now) <= withinHours * 3_600_000;

  function isIn(wanted: NonNullable<OrderQuery["state"]>): boolean {
    if (wanted === "notAllOn") return state === "off" || state === "mixed";
    return wanted === "unpaid" ? unpaidAt !== null && state !== "expired" : state === wanted;
  }
}

const stateRank = { on: 0, mixed: 1, off: 2, expired: 3 } as const;

const sortKeys: Record<OrderQuery["sort"], (order: Summary) => string | number> = {
  orderId: ({ orderId }) => orderId,
  proxyType: ({ proxyType }) => proxyTypes.indexOf(proxyType),
  addresses: ({ addresses }) => addresses,
  state: ({ state }) => stateRank[state],
  endsAt: ({ endsAt }) => endsAt,
  rentPeriods: ({ rentPeriods }) => rentPeriods[0] ?? 0,
  renewalPrice: ({ renewalPrice }) => renewalPrice ?? -1,
};

function comparison({ sort, descending }: OrderQuery) {
  const key = sortKeys[sort];
  const sign = descending ? -1 : 1;
  return ({ rank, summary: a }: Match, { rank: otherRank, summary: b }: Match) =>
    rank - otherRank || sign * (compare(key(a), key(b)) || compare(a.orderId, b.orderId));
}

export function compare<Value extends string | number>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
