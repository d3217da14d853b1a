export {
  type AnswerBody,
  type CheckOptions,
  checkAnswer,
  type Exchange,
  type Finding,
  kindOf,
  parseBody,
} from "./contract/check-answer.js";
export { type Effect, type ErrorName, effects, errorNames } from "./contract/effects.js";
export {
  describeErrorCode,
  type ErrorCodeDescription,
  type ErrorCodeInfo,
  type ErrorSubject,
  errorCodes,
  errorSubjects,
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
export { isOrderNumber, pathParameters } from "./contract/fields.js";
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
  type Check,
  type Contradiction,
  type Example,
  type FailureExample,
  type Level,
  type Operation,
  type OperationSpec,
  type Probe,
  type Request as OperationRequest,
  type Rule,
  type Show,
} from "./contract/operation.js";
export * from "./contract/operations/registry.js";
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
export {
  withoutCredentials,
  withoutCredentialsInText,
  withoutCredentialsToo,
} from "./privacy/credentials.js";
export { foreignText, foreignValue, printable } from "./privacy/foreign-text.js";
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
