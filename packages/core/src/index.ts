export { allStatements, schemaDocs } from "./catalogue.js";
export {
  type CheckOptions,
  checkAnswer,
  type Exchange,
  type Finding,
  kindOf,
} from "./contract/check-answer.js";
export type { DocsEntry, SchemaDocs } from "./contract/docs.js";
export {
  describeErrorCode,
  type Effect,
  type ErrorCodeDescription,
  type ErrorCodeInfo,
  type ErrorName,
  type ErrorSubject,
  effects,
  errorCodeStatement,
  errorCodes,
  errorNames,
  errorSubjects,
  refusalScope,
  requireErrorCode,
} from "./contract/errors.js";
export {
  type Evidence,
  type Grade,
  gradeMeanings,
  grades,
  type Statement,
  weakerGrade,
} from "./contract/evidence.js";
export { isOrderNumber } from "./contract/fields.js";
export {
  type IpAddressList,
  type ListedIpAddress,
  type ListedOrder,
  readIpAddressList,
} from "./contract/ip-address-list.js";
export {
  type Accepted,
  type AnswerHeaders,
  type Answers,
  answerLimit,
  type Check,
  type Contradiction,
  type EmittedForm,
  type Example,
  type FailureExample,
  formatIssues,
  formatPath,
  type Issue,
  issuesOf,
  type Level,
  type Operation,
  type OperationSpec,
  type Probe,
  type Request as OperationRequest,
  type Rule,
  type Show,
} from "./contract/operation.js";
export * from "./contract/operations/registry.js";
export { reportsFailure } from "./contract/paging.js";
export {
  findProxyType,
  type ProxyType,
  proxyTypes,
  rentPeriodsSold,
  type SoldPeriods,
} from "./contract/proxy-types.js";
export {
  reservedIpAddressId,
  reservedOrderId,
  reservedProxyType,
  unknownApiKey,
  unknownApiKeyCode,
} from "./contract/reserved-values.js";
export {
  type Problem,
  pathParameters,
  problem,
  problemMediaType,
  requestBodyLimit,
  type TransportError,
  transportErrors,
} from "./contract/transport.js";
export {
  type Fetch,
  type FetchFailure,
  type FetchInput,
  fetchAnswer,
  type RawAnswer,
} from "./http/fetch-answer.js";
export { type HttpProxy, proxyFor } from "./http/http-proxy.js";
export { type AnswerBody, parseBody, type ReadBody } from "./http/read-body.js";
export {
  isSuccessStatus,
  isTroubleStatus,
  isUncertainStatus,
  readHttpDate,
  readRetryAfter,
} from "./http/status.js";
export {
  isSignal,
  late,
  longestTimer,
  pause,
  type Signal,
  throwIfAborted,
  whenAborted,
  withinTime,
} from "./http/time-limit.js";
export {
  type BaseUrl,
  baseUrlIssues,
  fillPath,
  isLoopback,
  liveUrl,
  matchPath,
  parseBaseUrl,
  type Server,
  servers,
} from "./http/url.js";
export {
  credentialRedactor,
  withoutCredentials,
  withoutCredentialsInText,
} from "./privacy/credentials.js";
export { foreignLine, foreignText, foreignValue, printable } from "./privacy/foreign-text.js";
export { createRedactor, type Redactor, redacted } from "./privacy/redact.js";
export {
  applyRenewals,
  type Forecast,
  type ForecastInput,
  forecastRenewals,
  type RenewalEvent,
} from "./renewals/forecast.js";
export { type RenewableAddress, type RenewableOrder, type RenewalGroup, timeOf } from "./renewals/groups.js";
export { AmountError, isExactAmount, priceOfGroup, roundAmount, sumOfAmounts } from "./renewals/money.js";
export {
  defaultRenewalSettings,
  type NextRenewal,
  nextRenewal,
  type RenewalSettings,
} from "./renewals/schedule.js";
