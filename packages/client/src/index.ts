export type { Effect, ErrorName, Issue, ListedIpAddress, ListedOrder, ProxyType } from "@auto-extend/core";
export type {
  BulkAccount,
  BulkChunk,
  BulkEvent,
  BulkRefusal,
  BulkStop,
  BulkUnknown,
} from "./bulk/events.js";
export type { OrderIds, SetAutoExtendManyOptions } from "./bulk/options.js";
export type { SetAutoExtendManyRun } from "./bulk/run.js";
export { type CallOptions, type Client, createClient } from "./client.js";
export {
  type ApiAnswer,
  ApiError,
  AutoExtendError,
  ContractError,
  type ErrorContext,
  HttpError,
  NetworkError,
  RequestError,
  TimeoutError,
} from "./errors.js";
export type { ClientEvent } from "./events.js";
export {
  isApiError,
  isAutoExtendError,
  isContractError,
  isHttpError,
  isNetworkError,
  isRequestError,
  isTimeoutError,
} from "./guards.js";
export type { BalanceResult } from "./operations/get-balance.js";
export type { RentPeriodsInput, RentPeriodsResult } from "./operations/get-rent-periods.js";
export type {
  ListIpAddressesInput,
  ListIpAddressesOptions,
  ListIpAddressesResult,
} from "./operations/list-ip-addresses.js";
export type {
  PriceExtensionByIpAddressInput,
  PriceExtensionInput,
  PriceExtensionResult,
} from "./operations/price-extension.js";
export type { SetAutoExtendInput, SetAutoExtendResult } from "./operations/set-auto-extend.js";
export type { SetAutoExtendByIpAddressInput } from "./operations/set-auto-extend-by-ip-address.js";
export { type ClientOptions, defaultBaseUrl, type RetryOptions } from "./options.js";
