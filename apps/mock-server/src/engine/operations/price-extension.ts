import {
  insufficientFundsCode,
  type PriceExtensionFailure,
  type PriceExtensionRequest,
  type PriceExtensionSuccess,
  priceExtension,
  priceExtensionByIpAddress,
  priceOfGroup,
  requireErrorCode,
  sumOfAmounts,
} from "@auto-extend/core";
import { pluralize } from "../../lib/text.js";
import type { Carried } from "../outcome.js";
import type { Account, Order } from "../state/store.js";
import { ipAddressesCheck, partsOf } from "./ip-address-rules.js";
import { named, notSold, ofField, orderIdsCheck, ordersOf, runningIn } from "./rules.js";
import { type ApiError, defineHandler, type RuleInput } from "./served-by.js";

/** The fields that both requests have, whether they name orders or IP addresses. */
type PriceRequest = Omit<PriceExtensionRequest, "orderIds">;

/** What one extension would cost. */
interface Priced {
  readonly request: PriceRequest;
  readonly account: Account;
  readonly price: number;
  /** Whether the balance does not cover it. */
  readonly isShort: boolean;
}

const rentalPeriod = ofField<PriceRequest>("rentPeriodDays", (asked) => notSold(asked) || notPriced(asked));

const answers = {
  success: ({ request, account, price, isShort }: Priced): PriceExtensionSuccess => ({
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
  failure: (error: ApiError): PriceExtensionFailure => ({
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
};

/** Serves the request that prices an extension of orders. */
export const servedPriceExtension = defineHandler(priceExtension, {
  checks: {
    "proxy-type": ofField("proxyType"),
    "order-ids": orderIdsCheck,
    "rental-period": rentalPeriod,
  },
  carriedOut(asked) {
    const orders = ordersOf(asked);
    const count = orders.reduce((sum, order) => sum + runningIn(order, asked.now).length, 0);
    return priced(asked, orders, count);
  },
  ...answers,
});

/** Serves the request that prices an extension of single IP addresses. */
export const servedPriceExtensionByIpAddress = defineHandler(priceExtensionByIpAddress, {
  checks: {
    "proxy-type": ofField("proxyType"),
    "ip-addresses": ipAddressesCheck,
    "rental-period": rentalPeriod,
  },
  carriedOut(asked) {
    const orders = partsOf(asked).map(({ order }) => order);
    return priced(asked, orders, new Set(asked.request.ipAddressIds).size);
  },
  ...answers,
});

/** The status of every promo code, since none exist here (sibling). */
const unknownPromoCode = "NO_VALID";

const shortBalance = {
  code: insufficientFundsCode,
  message: requireErrorCode(insufficientFundsCode).message.text,
};

/** Prices an extension of this many IP addresses. */
function priced(asked: RuleInput<PriceRequest>, orders: readonly Order[], count: number): Carried<Priced> {
  const { account, request } = asked;
  const price = priceOfGroup(unitPrice(asked) as number, count);
  // Counted exactly, as what a renewal takes is: a balance such as 3 * 0.8 has noise in its last digits.
  const isShort = price > sumOfAmounts([account.balance]);
  const cover = isShort ? "more than the balance of" : "within the balance of";
  return {
    why: `an extension of ${pluralize(count, "IP address", "es")} of ${named(orders)} for ${request.rentPeriodDays} days costs ${price} ${account.currency}, ${cover} ${account.balance} ${account.currency}`,
    result: { request, account, price, isShort },
    changes: [],
  };
}

/** What can't be renewed for want of a price has none here either. */
function notPriced(asked: RuleInput<PriceRequest>): string {
  const { proxyType, rentPeriodDays } = asked.request;
  if (unitPrice(asked) !== undefined) return "";
  return `rentPeriodDays: ${rentPeriodDays} days are sold for ${proxyType} here, but this world has no price for them: give one in the account's "prices"`;
}

function unitPrice({ account, request }: RuleInput<PriceRequest>): number | undefined {
  return account.prices[request.proxyType]?.[request.rentPeriodDays];
}
