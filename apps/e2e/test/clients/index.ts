export type { Carrier, ScriptedServer, SentRequest } from "./carrier.js";
export { answerAt } from "./carrier.js";
export type { ClientCase, ExpectedOutcome, GivenAnswer, LostAnswer } from "./client-case.js";
export { clientCases } from "./client-cases.js";
export type { ClientCaseResult, Driver, OperationDriver, Outcome, Reach } from "./client-report.js";
export { formatClientReport } from "./format-client-report.js";
export { runClientCases } from "./run-client-cases.js";
