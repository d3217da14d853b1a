import {
  insufficientFundsCode,
  type PriceExtensionFailure,
  type PriceExtensionRequest,
  type PriceExtensionSuccess,
  priceExtension,
  priceOfGroup,
  requireErrorCode,
  sumOfAmounts,
} from "@auto-extend/core";
import { counted } from "../counted.js";
import type { Carried } from "../outcome.js";
import type { Account } from "../store.js";
import { ofField } from "./field-checks.js";
import { named, orderIdsCheck, ordersOf, runningIn } from "./order-checks.js";
import { notSold } from "./rental-period-check.js";
import { type Case, servedBy } from "./served-by.js";

/** What one extension would cost. */
interface Priced {
  readonly request: PriceExtensionRequest;
  readonly account: Account;
  readonly price: number;
  /** Whether the balance does not cover it. */
  readonly isShort: boolean;
}

/** Serves the request that prices an extension of orders. */
export const servedPriceExtension = servedBy(priceExtension, {
  checks: {
    "proxy-type": ofField("proxyType"),
    "order-ids": orderIdsCheck,
    "rental-period": ofField<PriceExtensionRequest>(
      "rentPeriodDays",
      (asked) => notSold(asked) || notPriced(asked),
    ),
  },
  carriedOut,
  success: ({ request, account, price, isShort }): PriceExtensionSuccess => ({
    success: true,
    proxyType: request.proxyType,
    balance: account.balance,
    price,
    currency: account.currency,
    discount: 0,
    promoCodeStatus: request.promoCode ? unknownPromoCode : null,
    error: null,
    warnings: isShort ? [shortBalance] : null,
  }),
  failure: (error): PriceExtensionFailure => ({
    success: false,
    proxyType: null,
    balance: null,
    price: null,
    currency: null,
    discount: null,
    promoCodeStatus: null,
    error,
    warnings: null,
  }),
});

/** What is said of a promo code, for there are none here: the wording is ours (assumed). */
const unknownPromoCode = "NOT_FOUND";

const shortBalance = {
  code: insufficientFundsCode,
  message: requireErrorCode(insufficientFundsCode).message.text,
};

function carriedOut(asked: Case<PriceExtensionRequest>): Carried<Priced> {
  const { account, request, now } = asked;
  const orders = ordersOf(asked);
  const count = orders.reduce((sum, order) => sum + runningIn(order, now).length, 0);
  const price = priceOfGroup(unitPrice(asked) as number, count);
  // Counted exactly, as what a renewal takes is: a balance such as 3 * 0.8 has noise in its last digits.
  const isShort = price > sumOfAmounts([account.balance]);
  const cover = isShort ? "more than the balance of" : "within the balance of";
  return {
    why: `an extension of ${counted(count, "IP address", "es")} of ${named(orders)} for ${request.rentPeriodDays} days costs ${price} ${account.currency}, ${cover} ${account.balance} ${account.currency}`,
    result: { request, account, price, isShort },
    changes: [],
  };
}

/** What can't be renewed for want of a price has none here either. */
function notPriced(asked: Case<PriceExtensionRequest>): string {
  const { proxyType, rentPeriodDays } = asked.request;
  if (unitPrice(asked) !== undefined) return "";
  return `rentPeriodDays: ${rentPeriodDays} days are sold for ${proxyType} here, but this world has no price for them: give one in the account's "prices"`;
}

function unitPrice({ account, request }: Case<PriceExtensionRequest>): number | undefined {
  return account.prices[request.proxyType]?.[request.rentPeriodDays];
}
