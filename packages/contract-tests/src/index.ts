export type { Carrier, ScriptedServer, SentRequest } from "./client/carrier.js";
export { answerAt } from "./client/carrier.js";
export type {
  ClientCase,
  ExpectedOutcome,
  GivenAnswer,
  LostAnswer,
  ScriptedAnswer,
} from "./client/client-case.js";
export { clientCases } from "./client/client-cases.js";
export type {
  ClientCaseResult,
  ClientProblem,
  ClientReport,
  Driver,
  OperationDriver,
  Outcome,
  Reach,
} from "./client/client-report.js";
export { formatClientReport } from "./client/format-client-report.js";
export { type ClientRun, runClientCases } from "./client/run-client-cases.js";
export { scriptedFetch } from "./client/scripted-fetch.js";
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
