// The inputs and results of the client's methods.
import type {
  Accepted,
  getBalance,
  getRentPeriods,
  Issue,
  ListedOrder,
  listIpAddresses,
  ProxyType,
  priceExtension,
  setAutoExtend,
} from "@auto-extend/core";

/**
 * The methods of a client that make one call, named like the operations. Each returns the provider's answer as received,
 * and throws an AutoExtendError (its `effect` says whether anything was changed) or, after an abort, the signal's reason.
 *
 * A word in brackets, such as (sibling), says how sure we are of a statement: see `gradeMeanings` of `@auto-extend/core`.
 */
export interface OperationMethods {
  /**
   * Switches auto-extend on or off for every IP address of the given orders (reference). A `quantity` below the number of
   * distinct orders is returned with a `finding` event: some cannot have been switched (assumed).
   *
   * @throws ContractError for a success that breaks the API contract or contradicts the request, such as one with another
   * rental period.
   */
  setAutoExtend(request: SetAutoExtendInput, options?: CallOptions): Promise<SetAutoExtendResult>;
  /**
   * Switches auto-extend on or off for single IP addresses (sibling). Those of an IPv6 order must all be listed: a
   * request for only some of them is refused with error 28 (observed).
   */
  setAutoExtendByIpAddress(
    request: SetAutoExtendByIpAddressInput,
    options?: CallOptions,
  ): Promise<SetAutoExtendResult>;
  /**
   * Lists the account's orders and their IP addresses, with the current state of auto-extend. The provider does not
   * document the answer (observed), so records are found wherever they are in it. Up to 256 MiB are read.
   *
   * @throws ContractError if no record can be read.
   */
  listIpAddresses(
    request?: ListIpAddressesInput,
    options?: ListIpAddressesOptions,
  ): Promise<ListIpAddressesResult>;
  /** Prices one extension (renewal) of the given orders for a rental period, and spends nothing (sibling). */
  priceExtension(request: PriceExtensionInput, options?: CallOptions): Promise<PriceExtensionResult>;
  /** Prices one extension (renewal) of the given IP addresses, and spends nothing (sibling). Error 24 means a refused ID. */
  priceExtensionByIpAddress(
    request: PriceExtensionByIpAddressInput,
    options?: CallOptions,
  ): Promise<PriceExtensionResult>;
  /** Lists the rental periods that are sold for a proxy type, in days (sibling). */
  getRentPeriods(request: RentPeriodsInput, options?: CallOptions): Promise<RentPeriodsResult>;
  /** Reads the balance of the account (sibling). */
  getBalance(options?: CallOptions): Promise<BalanceResult>;
}

/** The options of one call. */
export interface CallOptions {
  /** Aborts the call at any time, even during a pause before a retry. The call then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}

interface SwitchInput {
  /** The type of all the proxies: one call is about one type (reference). */
  readonly proxyType: ProxyType;
  /** The rental period in days, a positive whole number. Switching off requires it as well (reference). */
  readonly rentPeriodDays: number;
  /** `true` switches auto-extend on, which costs money at each renewal; `false` switches it off. */
  readonly autoExtend: boolean;
}

/** The orders to switch, and whether on or off. */
export interface SetAutoExtendInput extends SwitchInput {
  /** The orders, at least one; every IP address of each of them is switched. */
  readonly orderIds: readonly string[];
}

/** The provider's answer as received: the fields that the contract knows, and any others. */
export type SetAutoExtendResult = Accepted<typeof setAutoExtend>;

/** The IP addresses to switch, and whether on or off. */
export interface SetAutoExtendByIpAddressInput extends SwitchInput {
  /** The IDs of the IP addresses, at least one. If one belongs to an IPv6 order, list all of that order. */
  readonly ipAddressIds: readonly string[];
}

/** Which IP addresses to list. */
export interface ListIpAddressesInput {
  /** Lists only this proxy type (default: all). */
  readonly proxyType?: ProxyType | undefined;
}

/** The options of one call that lists IP addresses. */
export interface ListIpAddressesOptions extends CallOptions {
  /** `true` leaves credentials of proxies in the result's `answer` (default: false). Then keep it out of logs and files. */
  readonly credentials?: boolean | undefined;
}

/** The IP addresses of an account. */
export interface ListIpAddressesResult {
  /** Whether `orders` is the complete list. If `false`, an order that is missing from it is unknown, not absent. */
  readonly isComplete: boolean;
  /**
   * Signs that the list is incomplete: the answer announces more (`total`, `pages`, `next`, a `Link` header), shows a failure,
   * or is nested too deep.
   */
  readonly announced: readonly Issue[];
  /** The orders and their IP addresses, in the order of the answer; without credentials. */
  readonly orders: readonly ListedOrder[];
  /** The records that could not be read and are in no order, and why; up to 100 of them. */
  readonly unread: readonly Issue[];
  /** How many records could not be read. */
  readonly unreadCount: number;
  /** The provider's answer, without credentials unless the call asked for them. */
  readonly answer: Accepted<typeof listIpAddresses>;
}

interface PriceInput {
  /** The type of all the proxies: one call is about one type (sibling). */
  readonly proxyType: ProxyType;
  /** The rental period in days, a positive whole number. */
  readonly rentPeriodDays: number;
  /** A promo code. A wrong one is not an error: `promoCodeStatus` is then `NO_VALID`, with the full price (sibling). */
  readonly promoCode?: string | undefined;
}

/** The orders to price, and the rental period. */
export interface PriceExtensionInput extends PriceInput {
  /** The orders, at least one; every IP address of each of them is priced. */
  readonly orderIds: readonly string[];
}

/** The IP addresses to price, and the rental period. */
export interface PriceExtensionByIpAddressInput extends PriceInput {
  /** The IDs of the IP addresses, at least one. */
  readonly ipAddressIds: readonly string[];
}

/** `price` is in units of `currency`. If `warnings` is not empty, the extension itself would fail (sibling). */
export type PriceExtensionResult = Accepted<typeof priceExtension>;

/** The proxy type whose rental periods to list. */
export interface RentPeriodsInput {
  readonly proxyType: ProxyType;
}

/** The provider's answer as received: the fields that the contract knows, and any others. */
export type RentPeriodsResult = Accepted<typeof getRentPeriods>;

/** `balance` is in units of `currencyCode`; other answers have `currency` (sibling). */
export type BalanceResult = Accepted<typeof getBalance>;
