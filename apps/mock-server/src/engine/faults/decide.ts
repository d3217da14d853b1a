import { describeErrorCode } from "@auto-extend/core";
import { excerptRedaction } from "../log/redaction.js";
import type { Decision, FaultTrigger } from "../log/schemas.js";
import { jsonHeaders, mockProblems } from "../problem.js";
import { unknownFields } from "../read-input.js";
import type {
  ApiError,
  DecisionContext,
  EngineProblem,
  Envelope,
  Exchange,
  Plan,
  Resolution,
  Route,
  Ruling,
} from "../types.js";
import { type Fault, FaultError } from "./fault.js";
import { askedBy, withMagicOrders } from "./requested-faults.js";
import { alteredEnvelope, alteredFields } from "./spoil.js";

interface FaultyRequest extends Pick<Exchange, "input"> {
  readonly route: Extract<Route, { problem: undefined }>;
  readonly plan: Plan;
}

/**
 * Decides a request with faults. A refusal that a fault asks for replaces the rules, unless the request is to be carried
 * out anyway.
 */
export function decideWithFaults(
  { route, input, plan: planned }: FaultyRequest,
  context: DecisionContext,
): Resolution {
  const { account: own, caller } = context;
  const { hasMagicOrders } = planned;
  const account = hasMagicOrders ? withMagicOrders(own, input.value) : own;
  const rule = () => route.handler.decide(input.value, { ...context, account });
  // The error that such a fault changes is the request's own, if it has one.
  const keepsRefusal = planned.fault.answer?.drift?.startsWith("error-");
  const plan = keepsRefusal && rule().decision.outcome === "refused" ? withoutCode(planned) : planned;
  const error = forcedError(plan.fault);
  const isPrevented = preventsExecution(plan);
  const ruling = error && isPrevented ? null : rule();
  const envelope = error
    ? route.handler.refuse(input.value, error, { account, caller })
    : (ruling as Ruling).envelope;
  const { answer } = plan.fault;
  const altered = answer ? alteredEnvelope(envelope, input.value, plan.fault) : envelope;
  const body = JSON.stringify(altered);
  const delivered = plan.fault.http?.body ?? altered;
  const switches = isPrevented ? [] : (ruling?.switches ?? []);
  const idle = answer && idleFault(plan, envelope, body);
  if (idle) askedBy(idle.by, () => refuseToChange(idle, envelope));
  const decision = decisionWithFaults(plan, error, ruling?.decision);
  return {
    // A fault may leave no rule to find them.
    decision: { ...decision, ignored: unknownFields(route.operation, input.value) },
    answer: { status: 200, headers: jsonHeaders, body },
    withdrawn: idle,
    altered: delivered === envelope ? undefined : alteredFields(envelope, delivered, caller.redactor),
    // Magic orders belong to no account.
    switches: hasMagicOrders ? switches.filter(({ orderId }) => own?.orders.get(orderId)) : switches,
    logRedaction: route.operation.hasCredentials ? excerptRedaction(altered, body) : undefined,
  };
}

function withoutCode(plan: Plan): Plan {
  return { ...plan, fault: { ...plan.fault, answer: { ...plan.fault.answer, code: undefined } } };
}

/** The fault that does nothing but change fields of the answer, and has found none of them in this one. */
export function idleFault(
  { triggers, fault, origin }: Plan,
  envelope: Envelope,
  altered: string,
): FaultTrigger | undefined {
  const { answer, http, cut, lose } = fault;
  if (!answer || answer.code !== undefined || answer.body !== undefined) return undefined;
  // Another fault replaces or loses the answer anyway.
  if (http ?? cut ?? lose) return undefined;
  if (JSON.stringify(envelope) !== altered) return undefined;
  const others = Object.entries(origin).filter(([primitive]) => primitive !== "answer");
  if (others.some(([, name]) => name === origin.answer)) return undefined;
  return triggers.find(({ name }) => name === origin.answer);
}

/** The error that a fault demands; `null` if it demands none. */
export function forcedError({ answer }: Fault): ApiError | null {
  if (answer?.code === undefined) return null;
  const { code, message } = answer;
  if (message !== undefined) return { code, message };
  const known = describeErrorCode(code);
  return { code, message: known.known ? known.message.text : `Error ${code}` };
}

export function preventsExecution({ isRateLimited, fault: { applied, answer, lose, http } }: Plan): boolean {
  if (isRateLimited) return true;
  // A lost request or answer stays lost, whatever else goes wrong.
  if (lose) return lose === "request";
  const isApplied = applied ?? (answer?.code === undefined && (http?.status ?? 200) < 300);
  return !isApplied;
}

/** @param decided the decision by the rules, if they were tried. */
export function decisionWithFaults(plan: Plan, error: ApiError | null, decided?: Decision): Decision {
  const { satisfied = 0, ignored = [] } = decided ?? {};
  const isRefused = decided?.outcome === "refused";
  if (preventsExecution(plan) && (plan.isRateLimited || !error)) {
    const reason = plan.isRateLimited
      ? "the request was over the limit"
      : "a fault prevented the request from being carried out";
    const instead = isRefused ? `; it would have been refused by ${decided.statement}: ${decided.why}` : "";
    const statement = causeOf(plan);
    return { outcome: "faulted", statement, code: null, why: reason + instead, satisfied, ignored };
  }
  if (decided) {
    if (!error || isRefused) return decided;
    return { ...decided, why: `${decided.why}; error ${error.code} of a fault does not prevent it` };
  }
  const statement = `fault/${plan.origin.answer}`;
  const code = error?.code ?? null;
  const why = "a fault refuses the request";
  return { outcome: "refused", statement, code, why, satisfied: 0, ignored };
}

export function causeOf({ isRateLimited, origin, fault }: Plan): string {
  const isError = (fault.http?.status ?? 200) >= 300;
  const name = isRateLimited
    ? origin.limit
    : (origin.lose ?? origin.applied ?? (isError ? origin.http : origin.answer));
  return `fault/${name}`;
}

/** @throws FaultError if the fault, which would change nothing about this answer, cannot wait for another one. */
function refuseToChange({ name, by }: FaultTrigger, { success }: Envelope): void {
  if (by === "queue") return;
  const answer = success ? "the answer to this request" : "the answer to this request, which is refused,";
  throw new FaultError(
    `The fault "${name}" would do nothing: ${answer} has nothing that the fault changes.`,
    { isIdle: true },
  );
}

export function faultProblem({ message, isIdle, place }: FaultError): EngineProblem {
  const error = { ...(isIdle ? mockProblems.faultNotApplicable : mockProblems.fault), detail: message };
  return { error, remark: "", issue: place && { ...place, message, expected: "" } };
}
