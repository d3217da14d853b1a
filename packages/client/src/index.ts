export type {
  Effect,
  ErrorName,
  Finding,
  Issue,
  ListedIpAddress,
  ListedOrder,
  ProxyType,
} from "@auto-extend/core";
export type {
  BulkChunk,
  BulkReadBack,
  BulkRefusal,
  BulkStop,
  BulkSummary,
  BulkUnconfirmed,
  BulkUnknown,
} from "./bulk/events.js";
export {
  createOrderLookup,
  type LookupOptions,
  type OrderLookup,
  type SendableOrder,
  type UnsentOrder,
  type UnsentReason,
} from "./bulk/lookup.js";
export type { ChunkInfo, OrderIds, SetAutoExtendManyOptions } from "./bulk/options.js";
export type { SetAutoExtendManyRun } from "./bulk/run.js";
export { type Client, createClient } from "./client.js";
export {
  type ApiAnswer,
  ApiError,
  AutoExtendError,
  ContractError,
  type ErrorContext,
  HttpError,
  isApiError,
  isAutoExtendError,
  isContractError,
  isHttpError,
  isNetworkError,
  isRequestError,
  isTimeoutError,
  NetworkError,
  RequestError,
  TimeoutError,
} from "./errors.js";
export type { CallEvent, ClientEvent } from "./events.js";
export { type ClientOptions, defaultBaseUrl, defaultRetry, type RetryOptions } from "./options.js";
export type * from "./types.js";
