export { type BaseUrl, baseUrlIssues, parseBaseUrl } from "./base-url.js";
export { type Effect, type ErrorName, effects, errorNames } from "./call-failure.js";
export { checkAutoExtendAnswer } from "./contract/check-auto-extend-answer.js";
export { isOrderNumber } from "./contract/fields.js";
export { formatIssues, formatPath, type Issue, issuesOf } from "./contract/issue.js";
export type { Answers, Example, FailureExample, Operation, Probe, Rule } from "./contract/operation.js";
export { operations } from "./contract/operations.js";
export { fillPath, matchPath } from "./contract/path.js";
export {
  type AcceptedSetAutoExtendFailure,
  type AcceptedSetAutoExtendSuccess,
  type SetAutoExtendFailure,
  type SetAutoExtendRequest,
  type SetAutoExtendSuccess,
  setAutoExtend,
} from "./contract/set-auto-extend.js";
export {
  impossibleOrderId,
  impossibleProxyType,
  type SetAutoExtendRuleName,
  unknownApiKey,
  unknownApiKeyCode,
} from "./contract/set-auto-extend-rules.js";
export {
  type Problem,
  problem,
  problemMediaType,
  requestBodyLimit,
  type TransportError,
  transportErrors,
} from "./contract/transport-errors.js";
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
