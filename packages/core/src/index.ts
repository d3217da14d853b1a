export { type BaseUrl, baseUrlIssues, parseBaseUrl } from "./base-url.js";
export { type Effect, type ErrorName, effects, errorNames } from "./call-failure.js";
export { checkAutoExtendAnswer } from "./contract/check-auto-extend-answer.js";
export { isOrderNumber } from "./contract/fields.js";
export {
  type AcceptedBalance,
  type BalanceFailure,
  type BalanceSuccess,
  getBalance,
} from "./contract/get-balance.js";
export {
  type AcceptedRentPeriods,
  getRentPeriods,
  type RentPeriodsFailure,
  type RentPeriodsRequest,
  type RentPeriodsSuccess,
} from "./contract/get-rent-periods.js";
export {
  impossibleIpAddressId,
  impossibleOrderId,
  impossibleProxyType,
  unknownApiKey,
  unknownApiKeyCode,
} from "./contract/impossible.js";
export {
  type IpAddressList,
  type ListedIpAddress,
  type ListedOrder,
  readIpAddressList,
} from "./contract/ip-address-list.js";
export { formatIssues, formatPath, type Issue, issuesOf } from "./contract/issue.js";
export {
  type AcceptedIpAddressList,
  type ListIpAddressesFailure,
  type ListIpAddressesRequest,
  type ListIpAddressesSuccess,
  listIpAddresses,
} from "./contract/list-ip-addresses.js";
export {
  type Answers,
  answerLimit,
  type Example,
  type FailureExample,
  type Operation,
  type Probe,
  type Request as OperationRequest,
  type Rule,
} from "./contract/operation.js";
export { operations } from "./contract/operations.js";
export { fillPath, matchPath } from "./contract/path.js";
export {
  type AcceptedPriceExtension,
  insufficientFundsCode,
  type PriceExtensionFailure,
  type PriceExtensionRequest,
  type PriceExtensionSuccess,
  priceExtension,
} from "./contract/price-extension.js";
export { type SetAutoExtendRequest, setAutoExtend } from "./contract/set-auto-extend.js";
export {
  type SetAutoExtendByIpAddressRequest,
  type SetAutoExtendByIpAddressRuleName,
  setAutoExtendByIpAddress,
} from "./contract/set-auto-extend-by-ip-address.js";
export type { SetAutoExtendRuleName } from "./contract/set-auto-extend-rules.js";
export type {
  AcceptedSetAutoExtendFailure,
  AcceptedSetAutoExtendSuccess,
  SetAutoExtendFailure,
  SetAutoExtendSuccess,
} from "./contract/switch-answers.js";
export {
  type Problem,
  problem,
  problemMediaType,
  requestBodyLimit,
  type TransportError,
  transportErrors,
} from "./contract/transport-errors.js";
export { withoutCredentials, withoutCredentialsInText } from "./credentials.js";
export {
  catalogued,
  describeErrorCode,
  type ErrorCodeDescription,
  type ErrorCodeInfo,
  errorCodes,
  type UnknownErrorCode,
} from "./error-codes.js";
export { type Evidence, type Grade, gradeMeanings, grades, type Statement, weakerGrade } from "./evidence.js";
export { isLoopback } from "./loopback.js";
export { printable } from "./printable.js";
export {
  findProxyType,
  type ProxyType,
  type ProxyTypeInfo,
  proxyTypeInfo,
  proxyTypes,
} from "./proxy-types.js";
export { createRedactor, type Redactor, redacted } from "./redact.js";
export { isExactAmount, priceOfGroup, sumOfAmounts } from "./renewals/amount.js";
export { applyRenewals } from "./renewals/apply-renewals.js";
export {
  type Forecast,
  type ForecastInput,
  forecastRenewals,
  type RenewalEvent,
} from "./renewals/forecast.js";
export type { RenewableAddress, RenewableOrder, RenewalGroup } from "./renewals/groups.js";
export { type NextRenewal, nextRenewal } from "./renewals/next-renewal.js";
export { defaultRenewalSettings, type RenewalSettings, renewalStatements } from "./renewals/settings.js";
export { type Server, servers } from "./servers.js";
export { allStatements } from "./statements.js";
