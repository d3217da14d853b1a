import * as contract from "@auto-extend/core";
import type { OrderIds, SetAutoExtendManyOptions } from "./bulk/options.js";
import { type SetAutoExtendManyRun, setAutoExtendMany } from "./bulk/run.js";
import { type CallContext, call } from "./call/call.js";
import type { Accepted } from "./call/classify.js";
import { type Endpoint, endpointOf } from "./call/outgoing.js";
import { RequestError } from "./errors.js";
import {
  type ClientOptions,
  optionNames,
  readClientOptions,
  type Settings,
  unknownOptions,
} from "./options.js";
import type {
  BalanceResult,
  CallOptions,
  ListIpAddressesInput,
  ListIpAddressesOptions,
  ListIpAddressesResult,
  PriceExtensionByIpAddressInput,
  PriceExtensionInput,
  PriceExtensionResult,
  RentPeriodsInput,
  RentPeriodsResult,
  SetAutoExtendByIpAddressInput,
  SetAutoExtendInput,
  SetAutoExtendResult,
} from "./types.js";

/**
 * A client of the provider's API, with one method per operation. Nothing it shows holds the API key.
 *
 * `listIpAddresses`, the two methods that price, `getRentPeriods` and `getBalance` change nothing, so the `effect` of
 * their errors is always `none`.
 */
export interface Client {
  /**
   * Switches auto-extend on or off for every IP address of the given orders (reference).
   *
   * @returns the provider's answer as it came, checked against the request. Unknown fields pass through. A `quantity`
   * below the number of distinct orders is returned as it is, with a `finding` event: some orders cannot have been
   * switched, since each has at least one IP address (assumed).
   * @throws AutoExtendError whose `effect` says whether anything was changed, or the signal's reason after an abort. A
   * success that contradicts the request, such as by a negative `quantity`, is a ContractError.
   */
  setAutoExtend(request: SetAutoExtendInput, options?: CallOptions): Promise<SetAutoExtendResult>;
  /**
   * Switches auto-extend on or off for any number of orders, in chunks. Orders that the provider refuses are found by
   * halving, and the others go through. The proxy type and rental period of each order are looked up in the list of IP
   * addresses unless the options give them.
   *
   * Nothing is sent until the run is started, by `await run.finish()` or `for await (const event of run)`. Errors of
   * single calls are in its events and its summary, and not thrown.
   *
   * @throws RequestError with everything that is wrong with the options.
   */
  setAutoExtendMany(orderIds: OrderIds, options: SetAutoExtendManyOptions): SetAutoExtendManyRun;
  /**
   * Switches auto-extend on or off for single IP addresses (sibling). Those of an IPv6 order go together: a part of them
   * is refused with error 28 (observed).
   *
   * @returns the provider's answer as it came, checked against the request: it lists the requested IP addresses.
   * @throws AutoExtendError whose `effect` says whether anything was changed, or the signal's reason after an abort.
   */
  setAutoExtendByIpAddress(
    request: SetAutoExtendByIpAddressInput,
    options?: CallOptions,
  ): Promise<SetAutoExtendResult>;
  /**
   * Lists the account's orders and their IP addresses, of one proxy type or all, with the present state of auto-extend.
   * No page of the answer is public (observed), so records are found wherever they stand in it; `unread` has those that
   * could not be read. Answers of up to 256 MiB are read.
   *
   * @returns the orders, without credentials. `isComplete` is false if the answer announces more than it holds or has
   * unreadable records: an order that is missing is then unknown, not absent. The option `credentials: true` leaves
   * credentials in `answer`.
   * @throws AutoExtendError, a ContractError if no record can be read, or the signal's reason after an abort.
   */
  listIpAddresses(
    request?: ListIpAddressesInput,
    options?: ListIpAddressesOptions,
  ): Promise<ListIpAddressesResult>;
  /**
   * Prices one extension of the given orders for a rental period, and spends nothing (sibling).
   *
   * @returns the provider's answer as it came: `price` in units of `currency`. If `warnings` is not empty, the extension
   * itself would fail, with code 16 if the balance is too low.
   * @throws AutoExtendError, or the signal's reason after an abort.
   */
  priceExtension(request: PriceExtensionInput, options?: CallOptions): Promise<PriceExtensionResult>;
  /**
   * Prices one extension of the given IP addresses for a rental period, and spends nothing (sibling).
   *
   * @returns the provider's answer as it came, as that of `priceExtension`. Error 24 refuses IP address ids.
   * @throws AutoExtendError, or the signal's reason after an abort.
   */
  priceExtensionByIpAddress(
    request: PriceExtensionByIpAddressInput,
    options?: CallOptions,
  ): Promise<PriceExtensionResult>;
  /**
   * Lists the rental periods that are sold for a proxy type (sibling).
   *
   * @returns the provider's answer as it came: `rentPeriodDays` lists them, in days.
   * @throws AutoExtendError, or the signal's reason after an abort.
   */
  getRentPeriods(request: RentPeriodsInput, options?: CallOptions): Promise<RentPeriodsResult>;
  /**
   * Reads the balance of the account (sibling).
   *
   * @returns the provider's answer as it came: `balance` in units of `currencyCode`.
   * @throws AutoExtendError, or the signal's reason after an abort.
   */
  getBalance(options?: CallOptions): Promise<BalanceResult>;
}

/**
 * Makes a client. It sends nothing by itself and holds no connection, so it needs no closing.
 *
 * @throws RequestError with everything that is wrong with the options.
 */
export function createClient(options: ClientOptions): Client {
  const settings = readClientOptions(options);
  const list = listMethod(settings);
  return Object.freeze({
    ...methodsOf(settings),
    listIpAddresses: list,
    setAutoExtendMany: (orderIds, options) => setAutoExtendMany(orderIds, options, { settings, list }),
  } satisfies Client & Record<contract.OperationId, unknown>);
}

type Registered = (typeof contract.operations)[number];
/** An operation without fields in its request needs none. */
type Method<O extends contract.Operation> = keyof O["request"]["shape"] extends never
  ? (options?: CallOptions) => Promise<Accepted<O>>
  : (request: unknown, options?: CallOptions) => Promise<Accepted<O>>;
/** The methods that return the provider's answer as it came. */
type Methods = { readonly [O in Registered as O["id"]]: Method<O> };

function methodsOf(settings: Settings): Methods {
  const methods = contract.operations.map((operation) => [operation.id, methodOf(operation, settings)]);
  return Object.fromEntries(methods) as Methods;
}

function methodOf(operation: contract.Operation, settings: Settings) {
  const endpoint = endpointOf(operation, settings);
  const send = async (request: unknown, options?: CallOptions) => {
    const { body } = await call(endpoint, request, contextOf(settings, options, callOptionNames));
    return body;
  };
  const hasFields = Object.keys(operation.request.shape).length > 0;
  return hasFields ? send : (options?: CallOptions) => send({}, options);
}

function listMethod(settings: Settings): Client["listIpAddresses"] {
  const endpoint = endpointOf(contract.listIpAddresses, settings);
  return async (request = {}, options = {}) => {
    const { body } = await call(endpoint, request, contextOf(settings, options, listOptionNames));
    // Only the value `true` lets credentials out.
    return readList(endpoint, body, options.credentials === true);
  };
}

const callOptionNames = optionNames<CallOptions>({ signal: true });
const listOptionNames = optionNames<ListIpAddressesOptions>({ signal: true, credentials: true });

function contextOf(
  settings: Settings,
  options: CallOptions | undefined,
  names: readonly string[],
): CallContext {
  if (options === undefined) return { settings };
  const issues = unknownOptions(options, names);
  if (issues.length > 0) throw new RequestError(issues);
  return { settings, signal: options.signal };
}

/** Finds the orders in the answer to {@link Client.listIpAddresses}. */
function readList(
  { redact }: Endpoint,
  answer: contract.AcceptedIpAddressList,
  withCredentials: boolean,
): ListIpAddressesResult {
  const { orders, issues, isComplete, announced } = contract.readIpAddressList(answer);
  return {
    orders,
    isComplete,
    announced: redact.value(announced),
    unread: redact.value(issues),
    answer: withCredentials
      ? answer
      : (contract.withoutCredentials(answer) as contract.AcceptedIpAddressList),
  };
}
