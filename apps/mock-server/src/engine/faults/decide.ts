import { errorCodes } from "@auto-extend/core";
import type { Json } from "../../lib/schemas.js";
import { excerpt, excerptRedaction, maxRetainedText } from "../log/redaction.js";
import type { Decision } from "../log/schemas.js";
import { jsonHeaders, mockProblems } from "../problem.js";
import { unknownFields } from "../read-input.js";
import type {
  AnswerChange,
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
import { FaultError } from "./fault.js";
import { loses, withErrorPlace, withMagicOrders } from "./requested-faults.js";
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
  const keepsRefusal = planned.refusal?.answer.drift?.startsWith("error-");
  const plan = keepsRefusal && rule().decision.outcome === "refused" ? withoutCode(planned) : planned;
  const refused = (error: ApiError): Omit<Ruling, "decision"> & Partial<Pick<Ruling, "decision">> => ({
    envelope: route.handler.refuse(input.value, error, { account, caller }),
    switches: [],
  });
  const error = forcedError(plan);
  const isPrevented = preventsExecution(plan);
  const refusal = error && refused(error);
  const ruling = refusal && isPrevented ? refusal : rule();
  const { envelope } = refusal ?? ruling;
  const hasChanges = plan.changes.length > 0;
  const altered = hasChanges ? alteredEnvelope(envelope, input.value, plan.changes) : envelope;
  const body = JSON.stringify(altered);
  const delivered = plan.fault.http?.body ?? altered ?? null;
  const retained = (value: Json): Json => (body.length > maxRetainedText ? excerpt(value) : value);
  const switches = isPrevented ? [] : ruling.switches;
  const idle = hasChanges ? idleChanges(plan, envelope, input.value) : plan.changes;
  for (const each of idle) withErrorPlace(each.by, () => refuseToChange(each, envelope, input.value));
  const decision = decisionWithFaults(plan, error, ruling.decision);
  return {
    // If a fault replaced the rules, nothing has looked for unknown fields yet.
    decision: { ...decision, ignored: unknownFields(route.operation, input.value) },
    answer: { status: 200, headers: jsonHeaders, body },
    withdrawn: idle,
    altered: delivered === envelope ? undefined : alteredFields(retained(envelope), retained(delivered)),
    // Magic orders belong to no account.
    switches: hasMagicOrders ? switches.filter(({ orderId }) => own?.orders.get(orderId)) : switches,
    logRedaction: route.operation.hasCredentials ? excerptRedaction(altered, body) : undefined,
  };
}

function withoutCode(plan: Plan): Plan {
  const changes = plan.changes.map((each) => ({ ...each, answer: { ...each.answer, code: undefined } }));
  return { ...plan, changes, refusal: undefined };
}

/**
 * The changes that nobody can see in this answer, by faults that do nothing else: it has none of their fields, or another
 * fault undoes the change, or hides it.
 *
 * @param envelope `null` for an answer that has none.
 */
export function idleChanges(
  { changes, fault }: Pick<Plan, "changes" | "fault">,
  envelope: Envelope | null,
  sent: unknown,
): readonly AnswerChange[] {
  const { http, lose, cut } = fault;
  const isHidden = (http?.body ?? lose) !== undefined || (cut && cut.at !== "middle" && loses(cut));
  const bodyWith = (made: readonly AnswerChange[]) => JSON.stringify(alteredEnvelope(envelope, sent, made));
  let seen = changes;
  for (const each of [...changes].reverse()) {
    if (!each.isAll || each.answer.code !== undefined) continue;
    const others = seen.filter((other) => other !== each);
    if (isHidden || bodyWith(others) === bodyWith(seen)) seen = others;
  }
  return changes.filter((each) => !seen.includes(each));
}

/** The error that a fault demands; `null` if it demands none. */
export function forcedError(plan: Plan): ApiError | null {
  const { code, message } = plan.refusal?.answer ?? {};
  if (code === undefined) return null;
  if (message !== undefined) return { code, message };
  const known = errorCodes.find((each) => each.code === code);
  return { code, message: known ? known.message.text : `Error ${code}` };
}

export function preventsExecution(plan: Plan): boolean {
  const { applied, lose, http } = plan.fault;
  if (plan.isRateLimited) return true;
  // A lost request or answer stays lost, whatever else goes wrong.
  if (lose) return lose === "request";
  const isApplied = applied ?? (!plan.refusal && (http?.status ?? 200) < 300);
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
    return { ...decided, why: `${decided.why}; a fault changed the answer to error ${error.code}` };
  }
  const statement = `fault/${plan.refusal?.name}`;
  const code = error?.code ?? null;
  const why = "a fault refuses the request";
  return { outcome: "refused", statement, code, why, satisfied: 0, ignored };
}

export function causeOf(plan: Plan): string {
  const { isRateLimited, origin, fault } = plan;
  const isError = (fault.http?.status ?? 200) >= 300;
  const name = isRateLimited
    ? origin.limit
    : (origin.lose ?? origin.applied ?? (isError ? origin.http : plan.refusal?.name));
  return `fault/${name}`;
}

/** @throws FaultError if the fault, which would change nothing about this answer, cannot wait for another one. */
function refuseToChange(change: AnswerChange, envelope: Envelope, sent: unknown): void {
  if (change.by === "queue") return;
  const [alone] = idleChanges({ fault: {}, changes: [change] }, envelope, sent);
  const answer = `the answer to this request${envelope.success ? "" : ", which is refused,"}`;
  const reason = alone
    ? `${answer} has nothing that it changes`
    : "another fault of this request hides or undoes its change";
  throw new FaultError(`The preset "${change.name}" would do nothing: ${reason}.`, { isIdle: true });
}

export function faultProblem({ message, isIdle, requestedAt }: FaultError): EngineProblem {
  const error = { ...(isIdle ? mockProblems.faultNotApplicable : mockProblems.fault), detail: message };
  return { error, remark: "", issue: requestedAt && { ...requestedAt, message, expected: "" } };
}
