import type { ServerCaseInfo } from "./cases/case.js";
import { serverCases as cases } from "./cases/server-cases.js";

export type { Orders, OrdersOfType, Safety, ServerCaseInfo } from "./cases/case.js";
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

/** Every case that a server is held to: the successes, the rules, the transport errors. */
export const serverCases: readonly ServerCaseInfo[] = cases;
