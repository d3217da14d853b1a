import {
  type EmittedAnswers,
  insufficientFundsCode,
  type PriceExtensionRequest,
  priceExtension,
  priceExtensionByIpAddress,
  priceOfGroup,
  requireErrorCode,
  specOf,
  sumOfAmounts,
} from "@auto-extend/core";
import { pluralize } from "../../lib/text.js";
import type { FieldIssue } from "../log/schemas.js";
import type { ApiError, Order } from "../types.js";
import { defineHandler, type Executed, type RuleInput } from "./decide.js";
import {
  checkIpAddresses,
  checkOrders,
  checkRentalPeriod,
  nameOrders,
  ordersOf,
  partsOf,
  runningIn,
} from "./rules.js";

/** The two operations that price an extension: of whole orders, and of single IP addresses. They answer alike. */

type Answers = EmittedAnswers<"priceExtension">;
type PriceInput = RuleInput<Omit<PriceExtensionRequest, "orderIds">>;

export const priceExtensionHandler = defineHandler(priceExtension, {
  rules: {
    "proxy-type": { field: "proxyType" },
    "order-ids": { field: "orderIds", check: checkOrders },
    "rental-period": { field: "rentPeriodDays", check: checkPricedPeriod },
  },
  execute(input) {
    const orders = ordersOf(input);
    return priced(input, orders, runningIn(orders, input.now).length);
  },
  failure: priceFailure,
});

export const priceExtensionByIpAddressHandler = defineHandler(priceExtensionByIpAddress, {
  rules: {
    "proxy-type": { field: "proxyType" },
    "ip-addresses": { field: "ipAddressIds", check: checkIpAddresses },
    "rental-period": { field: "rentPeriodDays", check: checkPricedPeriod },
  },
  execute(input) {
    const orders = partsOf(input).map(({ order }) => order);
    return priced(input, orders, new Set(input.request.ipAddressIds).size);
  },
  failure: priceFailure,
});

/** The account can buy the rental period, and it has a price: without one, a renewal fails as well. */
function checkPricedPeriod(input: PriceInput): readonly FieldIssue[] {
  const { proxyType, rentPeriodDays } = input.request;
  const notSold = checkRentalPeriod(input);
  if (notSold.length > 0 || unitPrice(input) !== undefined) return notSold;
  const message = `${rentPeriodDays} days are sold for ${proxyType}, but this world has no price for them: add one to the account's "prices"`;
  return [{ path: "rentPeriodDays", message, expected: "a rental period with a price" }];
}

function unitPrice({ account, request }: PriceInput): number | undefined {
  return account.prices[request.proxyType]?.[request.rentPeriodDays];
}

/** @param count the number of IP addresses. */
function priced(input: PriceInput, orders: readonly Order[], count: number): Executed<Answers["success"]> {
  const { account, request } = input;
  const { balance, currency } = account;
  // A rule has found that there is one.
  const price = priceOfGroup(unitPrice(input) ?? Number.NaN, count);
  // Counted exactly, like the amount of a renewal: a balance such as 3 * 0.8 has noise in its last digits.
  const isShort = price > sumOfAmounts([balance]);
  const envelope: Answers["success"] = {
    success: true,
    proxyType: request.proxyType,
    balance,
    price,
    currency,
    discount: 0,
    // The mock knows no promo codes (sibling).
    promoCodeStatus: request.promoCode ? "NO_VALID" : null,
    error: null,
    warnings: isShort ? [shortBalance] : null,
  };
  const cover = isShort ? "more than the balance of" : "within the balance of";
  const why = `an extension of ${pluralize(count, "IP address", "es")} of ${nameOrders(orders)} for ${request.rentPeriodDays} days costs ${price} ${currency}, ${cover} ${balance} ${currency}`;
  return { envelope, why, switches: [] };
}

const shortBalance = {
  code: insufficientFundsCode,
  message: requireErrorCode(insufficientFundsCode).message.text,
};

function priceFailure(error: ApiError): Answers["failure"] {
  return { ...documentedFailure, error };
}

const { failure: documentedFailure } = specOf(priceExtension).examples;
