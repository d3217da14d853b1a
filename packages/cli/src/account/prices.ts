import { isApiError, isHttpError, type ListedOrder } from "@auto-extend/client";
import {
  describeErrorCode,
  type ErrorSubject,
  type ProxyType,
  priceOfGroup,
  type RenewalGroup,
  sumOfAmounts,
} from "@auto-extend/core";
import type { Context } from "../context.js";
import { isTrouble } from "../failure.js";
import { counted } from "../words.js";
import type { OpenClient } from "./open-client.js";
import { createPace, longestHold } from "./pace.js";

/** What one extension of an order costs, and for how many IP addresses that is. */
interface OrderPrice {
  readonly price: number;
  readonly addresses: number;
}

/** An order and a rental period, in days, for which a price is wanted. */
interface Wanted {
  readonly orderId: string;
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
  readonly addresses: number;
}

/** What the renewals of a group cost; `null` where that is not known. */
export type PriceOf = (group: RenewalGroup) => number | null;

/** How many prices are asked for at a time. */
const atOnce = 4;

/**
 * Asks for the price of each order that is to renew, in each of its rental periods: one request for each, for prices may
 * differ from order to order. A price that is refused is not known; the renewal then can't be paid in a forecast.
 *
 * @throws AutoExtendError where the server can't be asked.
 */
export async function readPrices(
  context: Context,
  { client }: Pick<OpenClient, "client">,
  { orders, perSecond }: { orders: readonly ListedOrder[]; perSecond?: number | undefined },
): Promise<PriceOf> {
  const wanted = orders.flatMap(wantedOf);
  if (wanted.length > 100) {
    context.talk(`Asking for ${counted(wanted.length, "price", "prices")}, one request each.`);
  }
  const prices = new Map<string, OrderPrice>();
  const left = wanted.values();
  const pace = createPace({ perSecond, signal: context.io.signal });
  let holds = 0;
  await Promise.all(Array.from({ length: atOnce }, work));
  return (group) => {
    const known = prices.get(nameOf(group));
    return known ? shareOf(known, group.ipAddressIds.length) : null;
  };

  async function work(): Promise<void> {
    for (const each of left) {
      const { orderId, rentPeriodDays, addresses } = each;
      const price = await priceOf(each);
      if (price !== null) prices.set(nameOf({ orderId, rentPeriodDays }), { price, addresses });
    }
  }

  /** Waits if the server asks for a short pause: what was priced so far would be lost otherwise. */
  async function priceOf({ orderId, proxyType, rentPeriodDays }: Wanted): Promise<number | null> {
    for (;;) {
      await pace.turn();
      try {
        const request = { proxyType, orderIds: [orderId], rentPeriodDays };
        return (await client.priceExtension(request, { signal: context.io.signal })).price;
      } catch (error) {
        const holdMs = holdOf(error);
        if (holdMs !== null && holds++ < mostHolds) {
          pace.hold(holdMs);
          continue;
        }
        // Under such a status the error code says nothing about the order.
        if (isTrouble(error) || !isApiError(error) || !ofTheOrder.has(describeErrorCode(error.code).about))
          throw error;
        context.note(
          `Order ${orderId} has no price for ${rentPeriodDays} days: error ${error.code}, "${error.providerMessage}".`,
        );
        return null;
      }
    }
  }
}

/** How long to wait before the next request, in milliseconds; `null` if it is no rate limit, or too long to wait. */
function holdOf(error: unknown): number | null {
  if (!(isHttpError(error) || isApiError(error)) || error.status !== 429) return null;
  const holdMs = error.retryAfter ?? 1_000;
  return holdMs <= longestHold ? holdMs : null;
}

/** How often a server may ask to wait before that is called hopeless. */
const mostHolds = 1_000;

/** Errors about one order or its period, which say nothing about the next. */
const ofTheOrder = new Set<ErrorSubject | null>(["period", "order", "addresses", "unknown"]);

function wantedOf({ orderId, proxyType, ipAddresses }: ListedOrder): Wanted[] {
  if (proxyType === null) return [];
  const days = new Set(
    ipAddresses.flatMap(({ autoExtend, rentPeriodDays }) =>
      autoExtend && rentPeriodDays ? [rentPeriodDays] : [],
    ),
  );
  return [...days].map((rentPeriodDays) => ({
    orderId,
    proxyType,
    rentPeriodDays,
    addresses: ipAddresses.length,
  }));
}

function nameOf({ orderId, rentPeriodDays }: Pick<RenewalGroup, "orderId" | "rentPeriodDays">): string {
  return `${rentPeriodDays} ${orderId}`;
}

/** A part of an order is taken to cost its share (assumed); shares are counted in millionths. */
function shareOf({ price, addresses }: OrderPrice, count: number): number {
  if (count === addresses) return price;
  return priceOfGroup(sumOfAmounts([Math.round((price / addresses) * 1e6) / 1e6]), count);
}
