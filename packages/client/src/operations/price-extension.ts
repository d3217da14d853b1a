import {
  type AcceptedPriceExtension,
  priceExtensionByIpAddress as byIpAddress,
  priceExtension as operation,
  type ProxyType,
} from "@auto-extend/core";
import { type CallContext, call } from "../call.js";

/** What is to be priced. */
export interface PriceExtensionInput {
  /** The type of all the orders' proxies; one call is about one type. */
  readonly proxyType: ProxyType;
  /** The orders, at least one; every IP address of each of them is priced. */
  readonly orderIds: readonly string[];
  /** The rental period in days, a positive whole number. */
  readonly rentPeriodDays: number;
  /** A promo code, where there is one. */
  readonly promoCode?: string | undefined;
}

/** The IP addresses to price. */
export interface PriceExtensionByIpAddressInput {
  /** The type of all the proxies; one call is about one type. */
  readonly proxyType: ProxyType;
  /** The ids of the IP addresses, at least one. */
  readonly ipAddressIds: readonly string[];
  /** The rental period in days, a positive whole number. */
  readonly rentPeriodDays: number;
  /** A promo code, if there is one. */
  readonly promoCode?: string | undefined;
}

/**
 * The answer to a request that succeeded: what the contract accepts of it, and whatever else the provider sent. Where
 * `warnings` is not empty, the extension itself would fail.
 */
export type PriceExtensionResult = AcceptedPriceExtension;

/** Calls the operation; see the client's method of this name. */
export function priceExtension(
  request: PriceExtensionInput,
  context: CallContext,
): Promise<PriceExtensionResult> {
  return call(operation, request, context);
}

/** Calls the operation; see the client's method of this name. */
export function priceExtensionByIpAddress(
  request: PriceExtensionByIpAddressInput,
  context: CallContext,
): Promise<PriceExtensionResult> {
  return call(byIpAddress, request, context);
}
