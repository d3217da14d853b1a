export type { Answer } from "./cases/answer.js";
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
} from "./cases/case.js";
export { serverCases } from "./cases/server-cases.js";
export { formatServerReport, type ServerFormatOptions } from "./report/format.js";
export type {
  CaseProblem,
  ContradictedStatement,
  Difference,
  Exchange,
  ServerCaseResult,
  ServerReport,
  Skip,
} from "./report/report.js";
export type { FormatOptions } from "./report/text.js";
export { runServerCases } from "./runner/run.js";
export { type ServerTarget, TargetError } from "./runner/target.js";
