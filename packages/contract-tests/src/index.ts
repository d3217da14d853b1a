export type {
  Answer,
  Expectation,
  JudgeContext,
  KnownAddress,
  KnownOrders,
  KnownOrdersOfType,
  Orders,
  OrdersOfType,
  Safety,
  ServerCase,
  StateChange,
  Step,
  StepRequest,
  SwitchRequest,
} from "./cases/case.js";
export { serverCases } from "./cases/server-cases.js";
export { formatServerReport, type ServerFormatOptions } from "./report/format.js";
export type {
  CaseProblem,
  ContradictedStatement,
  Exchange,
  ExtendState,
  NotRestored,
  Problem,
  Remark,
  ServerCaseResult,
  ServerReport,
  Skip,
  TouchedAddress,
} from "./report/report.js";
export { runServerCases } from "./runner/run.js";
export { type ServerTarget, TargetError } from "./runner/target.js";
