import { proxyTypes, sumOfAmounts } from "@auto-extend/core";
import { z } from "zod/v3";
import { isRunning } from "../engine/state/store.js";
import type { AccountState, IpAddressState, OrderState } from "../engine/state/world.js";
import { isoDate } from "../lib/dates.js";
import { date, whole } from "../lib/schemas.js";
import { compare, listQuery, type Outlook, rankOfAddress } from "./accounts.js";

/** IP addresses in a form that can be listed: with their order, price and outlook, filtered, sorted and in pages. */

export const addressSummary = z
  .strictObject({
    ipAddressId: z.string().describe("Its ID."),
    ip: z.string().describe("The address itself."),
    country: z.string().describe("Where it is."),
    orderId: z.string().describe("Its order."),
    proxyType: z.enum(proxyTypes).describe("Its proxy type."),
    autoExtend: z.boolean().describe("Whether it is renewed when it ends."),
    rentPeriodDays: whole.min(1).describe("The rental period of the next renewal, in days."),
    endsAt: date.describe("When it ends."),
    renewalPrice: z
      .number()
      .nullable()
      .describe("The price of one renewal, also if auto-extend is off. null if it has no price."),
    unpaidAt: date
      .nullable()
      .describe(
        "When a renewal within a year will be unpaid; of an expired address, when one was. null if none.",
      ),
    failedAt: date.nullable().describe("When a renewal was last unpaid; null if none was."),
  })
  .describe("One IP address.");

/** The part of an address that a switch or an unpaid renewal changes. */
export const addressState = addressSummary
  .pick({ ipAddressId: true, autoExtend: true, rentPeriodDays: true, failedAt: true })
  .partial({ failedAt: true });

export const addressQuery = listQuery.extend({
  state: z
    .enum(["on", "off", "unpaid", "expired"])
    .optional()
    .describe(
      "Only addresses in this state; unpaid: those with a renewal that will be unpaid. Default: all that have not expired.",
    ),
  sort: z
    .enum(["ip", "orderId", "proxyType", "state", "endsAt", "rentPeriodDays", "renewalPrice"])
    .default("endsAt")
    .describe("The column to sort by."),
});

type AddressSummary = z.output<typeof addressSummary>;
type AddressQuery = z.output<typeof addressQuery>;

/** One page of the IP addresses of an account, and how many match on all pages. */
export function listAddresses(account: AccountState, query: AddressQuery, outlook: Outlook) {
  const { prices } = account;
  const matching: Match[] = [];
  for (const order of account.orders) {
    if (query.proxyType !== undefined && query.proxyType !== order.proxyType) continue;
    for (const match of matchesIn(order, query, outlook)) matching.push(match);
  }
  const key = sortKeys[query.sort];
  const sorted = matching.map((match) => ({ match, key: key(match, prices) }));
  const sign = query.descending ? -1 : 1;
  sorted.sort((a, b) => a.match.rank - b.match.rank || sign * compare(a.key, b.key));
  const page = sorted.slice(query.offset, query.offset + query.limit);
  const isOff = (address: IpAddressState) => !address.autoExtend && isRunning(address, outlook.now);
  const on = matching.filter(({ address }) => address.autoExtend && isRunning(address, outlook.now));
  // IPv6 orders renew whole.
  const renewing = on.filter(({ order }) => order.proxyType !== "IPv6" || !order.ipAddresses.some(isOff));
  return {
    total: matching.length,
    on: on.length,
    renewalPrice: sumOfAmounts(renewing.map((match) => priceOf(match, prices) ?? 0)),
    addresses: page.map(({ match }) => summarizeAddress(match, prices, outlook)),
  };
}

export function addressesOf(order: OrderState, { prices }: AccountState, outlook: Outlook): AddressSummary[] {
  return order.ipAddresses.map((address) => summarizeAddress({ order, address }, prices, outlook));
}

interface Place {
  readonly order: OrderState;
  readonly address: IpAddressState;
}

/** An address that a query finds; of rank 0 if it is the whole text of the search. */
interface Match extends Place {
  readonly rank: number;
}

type Prices = AccountState["prices"];

function summarizeAddress(place: Place, prices: Prices, outlook: Outlook): AddressSummary {
  const { orderId, proxyType } = place.order;
  const { failedAt = null } = place.address;
  return {
    ...place.address,
    failedAt,
    orderId,
    proxyType,
    renewalPrice: priceOf(place, prices),
    unpaidAt: unpaidAtOf(place, outlook),
  };
}

function priceOf({ order: { proxyType }, address: { rentPeriodDays } }: Place, prices: Prices) {
  return prices[proxyType]?.[rentPeriodDays] ?? null;
}

function unpaidAtOf({ address }: Place, { now, unpaid }: Outlook): string | null {
  if (!isRunning(address, now)) return address.failedAt ?? null;
  return address.autoExtend ? (unpaid.addresses.get(address.ipAddressId) ?? null) : null;
}

function matchesIn(order: OrderState, { search = "", state, withinHours }: AddressQuery, outlook: Outlook) {
  const { now } = outlook;
  const text = search.trim().toLowerCase();
  const isOrder = order.orderId.toLowerCase().includes(text);
  const latest = withinHours === undefined ? null : isoDate(Date.parse(now) + withinHours * 3_600_000);
  const matches: Match[] = [];
  for (const address of order.ipAddresses) {
    const rank = text === "" ? 1 : (rankOfAddress(address, text) ?? (isOrder ? 1 : null));
    if (rank === null || (latest !== null && address.endsAt > latest)) continue;
    const match = { order, address, rank };
    if (isIn(match, state, outlook)) matches.push(match);
  }
  return matches;
}

function isIn(place: Place, state: AddressQuery["state"], outlook: Outlook): boolean {
  const { address } = place;
  if (!isRunning(address, outlook.now)) return state === "expired";
  if (state === "unpaid") return unpaidAtOf(place, outlook) !== null;
  return state === undefined || (state !== "expired" && address.autoExtend === (state === "on"));
}

const sortKeys: Record<AddressQuery["sort"], (place: Place, prices: Prices) => string | number> = {
  // IPv4 addresses are compared by number, IPv6 addresses as text.
  ip: ({ address: { ip } }) => (ip.includes(":") ? ip : ip.replace(/\d+/g, (part) => part.padStart(3, "0"))),
  orderId: ({ order }) => order.orderId,
  proxyType: ({ order }) => proxyTypes.indexOf(order.proxyType),
  state: ({ address }) => (address.autoExtend ? 0 : 1),
  endsAt: ({ address }) => address.endsAt,
  rentPeriodDays: ({ address }) => address.rentPeriodDays,
  renewalPrice: (place, prices) => priceOf(place, prices) ?? -1,
};
