import type { ServerCaseInfo } from "./cases/case.js";
import { serverCases as cases } from "./cases/server-cases.js";

export type { Orders, OrdersOfType, Safety, ServerCaseInfo } from "./cases/case.js";
export { formatServerReport, type ServerFormatOptions } from "./report/format.js";
export {
  type CaseProblem,
  type ContradictedStatement,
  type Exchange,
  type ExtendState,
  type NotRestored,
  type Problem,
  type Remark,
  type ServerCaseResult,
  type ServerReport,
  type Skip,
  serverReport,
  type TouchedAddress,
} from "./report/report.js";
export { runServerCases } from "./runner/run.js";
export { type ServerTarget, TargetError } from "./runner/target.js";

/** Every case that a server is held to: the successes, the rules, the transport errors. */
export const serverCases: readonly ServerCaseInfo[] = cases;
