import type { OperationId } from "@auto-extend/core";
import type { OrderIds, SetAutoExtendManyOptions } from "./bulk/options.js";
import { type SetAutoExtendManyRun, setAutoExtendMany } from "./bulk/run.js";
import type { CallContext } from "./call.js";
import { RequestError } from "./errors.js";
import { type BalanceResult, getBalance } from "./operations/get-balance.js";
import {
  getRentPeriods,
  type RentPeriodsInput,
  type RentPeriodsResult,
} from "./operations/get-rent-periods.js";
import {
  type ListIpAddressesInput,
  type ListIpAddressesOptions,
  type ListIpAddressesResult,
  listIpAddresses,
} from "./operations/list-ip-addresses.js";
import {
  type PriceExtensionByIpAddressInput,
  type PriceExtensionInput,
  type PriceExtensionResult,
  priceExtension,
  priceExtensionByIpAddress,
} from "./operations/price-extension.js";
import {
  type SetAutoExtendInput,
  type SetAutoExtendResult,
  setAutoExtend,
} from "./operations/set-auto-extend.js";
import {
  type SetAutoExtendByIpAddressInput,
  setAutoExtendByIpAddress,
} from "./operations/set-auto-extend-by-ip-address.js";
import { callOptionNames, listIpAddressesOptionNames, optionNameIssues } from "./option-names.js";
import type { ClientOptions } from "./options.js";
import { settingsOf } from "./settings.js";

/** What may be said of one call. */
export interface CallOptions {
  /** Aborts the call in every phase, pauses included; it then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A client of the provider's API, one method for each operation. Nothing of it shows the API key.
 *
 * `listIpAddresses`, `priceExtension`, `priceExtensionByIpAddress`, `getRentPeriods` and `getBalance` change nothing: the `effect` of their errors is
 * always `none`.
 */
export interface Client {
  /**
   * Switches auto-extend on or off for every IP address of the given orders.
   *
   * @returns the provider's answer as it came, checked against the request. Unknown fields pass through.
   * @throws AutoExtendError whose `effect` says whether anything was changed, or the signal's reason after an abort.
   */
  setAutoExtend(request: SetAutoExtendInput, options?: CallOptions): Promise<SetAutoExtendResult>;
  /**
   * Switches auto-extend on or off for any number of orders of one proxy type, in chunks. Orders that the provider
   * refuses are found by halving, and the others go through.
   *
   * Nothing is sent until the run is iterated: `for await (const event of run) {...}`. Errors of single calls are told
   * of in its events and its account, and not thrown.
   *
   * @throws RequestError where an option is wrong, with all that is.
   */
  setAutoExtendMany(orderIds: OrderIds, options: SetAutoExtendManyOptions): SetAutoExtendManyRun;
  /**
   * Switches auto-extend on or off for single IP addresses (sibling). Those of an IPv6 order go together: a part of them
   * is refused with error 28 (observed).
   *
   * @returns the provider's answer as it came, checked against the request: it lists the IP addresses asked for.
   * @throws AutoExtendError whose `effect` says whether anything was changed, or the signal's reason after an abort.
   */
  setAutoExtendByIpAddress(
    request: SetAutoExtendByIpAddressInput,
    options?: CallOptions,
  ): Promise<SetAutoExtendResult>;
  /**
   * Lists the account's orders and their IP addresses, of one proxy type or all, with their present state of auto-extend.
   * No page of the answer is public (observed), so its records are looked for wherever they stand, and what could not be
   * read is in `unread`. Answers of up to 256 MiB are read.
   *
   * @returns the orders, without credentials; those are in `answer`, where `credentials: true` asks for them.
   * @throws AutoExtendError, a ContractError where records are there but none can be read, or the signal's reason after
   * an abort.
   */
  listIpAddresses(
    request?: ListIpAddressesInput,
    options?: ListIpAddressesOptions,
  ): Promise<ListIpAddressesResult>;
  /**
   * Prices one extension of the given orders for a rental period, and spends nothing (sibling).
   *
   * @returns the provider's answer as it came: `price` in units of `currency`. Where `warnings` is not empty, the
   * extension itself would fail, with code 16 for want of balance.
   * @throws AutoExtendError, or the signal's reason after an abort.
   */
  priceExtension(request: PriceExtensionInput, options?: CallOptions): Promise<PriceExtensionResult>;
  /**
   * Prices one extension of single IP addresses for a rental period, and spends nothing (sibling). Answers are those of
   * {@link Client.priceExtension}; ids that the provider does not know are refused with error 24.
   *
   * @returns the provider's answer as it came: `price` in units of `currency`.
   * @throws AutoExtendError, or the signal's reason after an abort.
   */
  priceExtensionByIpAddress(
    request: PriceExtensionByIpAddressInput,
    options?: CallOptions,
  ): Promise<PriceExtensionResult>;
  /**
   * Tells which rental periods are sold for a proxy type (sibling).
   *
   * @returns the provider's answer as it came: `rentPeriodDays` lists them, in days.
   * @throws AutoExtendError, or the signal's reason after an abort.
   */
  getRentPeriods(request: RentPeriodsInput, options?: CallOptions): Promise<RentPeriodsResult>;
  /**
   * Tells the balance of the account (sibling).
   *
   * @returns the provider's answer as it came: `balance` in units of `currencyCode`.
   * @throws AutoExtendError, or the signal's reason after an abort.
   */
  getBalance(options?: CallOptions): Promise<BalanceResult>;
}

/**
 * Makes a client. It sends nothing by itself and holds no connection, so it needs no closing.
 *
 * @throws RequestError where an option is wrong, with all that is.
 */
export function createClient(options: ClientOptions): Client {
  const settings = settingsOf(options);
  const contextOf = (options: CallOptions, names = callOptionNames): CallContext => ({
    settings,
    signal: signalOf(options, names),
  });
  return Object.freeze({
    setAutoExtend: async (request, options = {}) => setAutoExtend(request, contextOf(options)),
    setAutoExtendMany: (orderIds, options) => setAutoExtendMany(orderIds, options, settings),
    setAutoExtendByIpAddress: async (request, options = {}) =>
      setAutoExtendByIpAddress(request, contextOf(options)),
    listIpAddresses: async (request = {}, options = {}) =>
      listIpAddresses(request, {
        ...contextOf(options, listIpAddressesOptionNames),
        // Nothing but the very word lets credentials out.
        credentials: options.credentials === true,
      }),
    priceExtension: async (request, options = {}) => priceExtension(request, contextOf(options)),
    priceExtensionByIpAddress: async (request, options = {}) =>
      priceExtensionByIpAddress(request, contextOf(options)),
    getRentPeriods: async (request, options = {}) => getRentPeriods(request, contextOf(options)),
    getBalance: async (options = {}) => getBalance(contextOf(options)),
  } satisfies Client & Record<OperationId, unknown>);
}

function signalOf(options: CallOptions, names: readonly string[]): AbortSignal | undefined {
  const issues = optionNameIssues(options, names);
  if (issues.length > 0) throw new RequestError(issues);
  return options.signal;
}
