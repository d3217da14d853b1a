export type { FormatOptions } from "./report-text.js";
export type { Answer } from "./server/answer.js";
export { formatServerReport, type ServerFormatOptions } from "./server/format-server-report.js";
export { runServerCases } from "./server/run-server-cases.js";
export type {
  Expectation,
  KnownOrders,
  KnownOrdersOfType,
  Orders,
  OrdersOfType,
  Safety,
  ServerCase,
  Step,
  StepRequest,
} from "./server/server-case.js";
export { serverCases } from "./server/server-cases.js";
export type {
  CaseProblem,
  ContradictedStatement,
  Difference,
  Exchange,
  ServerCaseResult,
  ServerReport,
  Skip,
} from "./server/server-report.js";
export { type ServerTarget, TargetError } from "./server/target.js";
