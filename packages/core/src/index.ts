export { type Effect, type ErrorName, effects, errorNames } from "./contract/effects.js";
export {
  describeErrorCode,
  type ErrorCodeDescription,
  type ErrorCodeInfo,
  errorCodes,
  requireErrorCode,
  type UnknownErrorCode,
} from "./contract/error-codes.js";
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
export { formatIssues, formatPath, type Issue, issuesOf } from "./contract/issue.js";
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
export {
  type AcceptedBalance,
  type BalanceFailure,
  type BalanceSuccess,
  getBalance,
} from "./contract/operations/get-balance.js";
export {
  type AcceptedRentPeriods,
  getRentPeriods,
  type RentPeriodsFailure,
  type RentPeriodsRequest,
  type RentPeriodsSuccess,
} from "./contract/operations/get-rent-periods.js";
export {
  type AcceptedIpAddressList,
  type ListIpAddressesFailure,
  type ListIpAddressesRequest,
  type ListIpAddressesSuccess,
  listIpAddresses,
} from "./contract/operations/list-ip-addresses.js";
export {
  type AcceptedPriceExtension,
  insufficientFundsCode,
  type PriceExtensionFailure,
  type PriceExtensionRequest,
  type PriceExtensionSuccess,
  priceExtension,
} from "./contract/operations/price-extension.js";
export { type OperationId, operations } from "./contract/operations/registry.js";
export {
  type SetAutoExtendRequest,
  type SetAutoExtendRuleName,
  setAutoExtend,
} from "./contract/operations/set-auto-extend.js";
export {
  type SetAutoExtendByIpAddressRequest,
  type SetAutoExtendByIpAddressRuleName,
  setAutoExtendByIpAddress,
} from "./contract/operations/set-auto-extend-by-ip-address.js";
export {
  findProxyType,
  type ProxyType,
  type ProxyTypeInfo,
  proxyTypeInfo,
  proxyTypes,
} from "./contract/proxy-types.js";
export {
  impossibleIpAddressId,
  impossibleOrderId,
  impossibleProxyType,
  unknownApiKey,
  unknownApiKeyCode,
} from "./contract/reserved-values.js";
export {
  type AcceptedSetAutoExtendFailure,
  type AcceptedSetAutoExtendSuccess,
  checkAutoExtendAnswer,
  type SetAutoExtendFailure,
  type SetAutoExtendSuccess,
} from "./contract/shared/switch-answers.js";
export {
  type Problem,
  problem,
  problemMediaType,
  requestBodyLimit,
  type TransportError,
  transportErrors,
} from "./contract/transport-errors.js";
export { type BaseUrl, baseUrlIssues, isLoopback, parseBaseUrl } from "./http/base-url.js";
export { fillPath, matchPath } from "./http/path.js";
export { type Server, servers } from "./http/servers.js";
export { withoutCredentials, withoutCredentialsInText } from "./privacy/credentials.js";
export { printable } from "./privacy/printable.js";
export { createRedactor, type Redactor, redacted } from "./privacy/redact.js";
export {
  applyRenewals,
  type Forecast,
  type ForecastInput,
  forecastRenewals,
  type RenewalEvent,
} from "./renewals/forecast.js";
export type { RenewableAddress, RenewableOrder, RenewalGroup } from "./renewals/groups.js";
export { isExactAmount, priceOfGroup, sumOfAmounts } from "./renewals/money.js";
export { type NextRenewal, nextRenewal } from "./renewals/schedule.js";
export { defaultRenewalSettings, type RenewalSettings, renewalStatements } from "./renewals/settings.js";
export { allStatements } from "./statements.js";
