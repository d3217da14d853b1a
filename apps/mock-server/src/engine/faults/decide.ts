import { describeErrorCode } from "@auto-extend/core";
import { excerptRedaction } from "../log/redaction.js";
import type { Decision, FaultTrigger } from "../log/schemas.js";
import { jsonHeaders } from "../problem.js";
import type {
  ApiError,
  DecisionContext,
  Envelope,
  Exchange,
  Plan,
  Resolution,
  Route,
  Ruling,
} from "../types.js";
import { type Fault, FaultNotApplicableError } from "./fault.js";
import { withMagicOrders } from "./requested-faults.js";
import { alteredEnvelope } from "./spoil.js";

interface FaultyRequest extends Pick<Exchange, "input"> {
  readonly route: Extract<Route, { problem: undefined }>;
  readonly plan: Plan;
  /** The unknown fields of the request, quoted. */
  readonly ignoredFields: () => readonly string[];
}

/**
 * Decides a request with faults. A refusal that a fault asks for replaces the rules, unless the request is to be carried
 * out anyway.
 */
export function decideWithFaults(request: FaultyRequest, context: DecisionContext): Resolution {
  const { route, input, ignoredFields } = request;
  const { account: own, caller } = context;
  const { hasMagicOrders } = request.plan;
  const account = hasMagicOrders ? withMagicOrders(own, input.value) : own;
  const rule = () => route.handler.decide(input.value, { ...context, account });
  // The error that such a fault changes is the request's own, if it has one.
  const keepsRefusal = request.plan.fault.answer?.drift?.startsWith("error-");
  const isRefused = keepsRefusal === true && rule().decision.outcome === "refused";
  const plan = isRefused ? withoutCode(request.plan) : request.plan;
  const error = forcedError(plan.fault);
  const isPrevented = preventsExecution(plan);
  const ruling = error && isPrevented ? null : rule();
  const envelope = error
    ? route.handler.refuse(input.value, error, { account, caller })
    : (ruling as Ruling).envelope;
  const { answer } = plan.fault;
  const altered = answer ? alteredEnvelope(envelope, input.value, plan.fault) : envelope;
  const body = JSON.stringify(altered);
  const decided = ruling?.decision;
  const switches = isPrevented ? [] : (ruling?.switches ?? []);
  const idle = answer && idleFault(plan, envelope, body);
  if (idle && idle.by !== "queue") refuseToChange(idle.name, envelope);
  return {
    decision: decisionWithFaults(plan, { decided, error, ignored: decided?.ignored ?? ignoredFields() }),
    answer: { status: 200, headers: jsonHeaders, body },
    withdrawn: idle,
    // Magic orders belong to no account.
    switches: hasMagicOrders ? switches.filter(({ orderId }) => own?.orders.get(orderId)) : switches,
    logRedaction: route.operation.hasCredentials
      ? excerptRedaction(route, { envelope: altered, body })
      : undefined,
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

/** Whether a plan prevents the execution of its request. */
export function preventsExecution({ isRateLimited, fault: { applied, answer, lose, http } }: Plan): boolean {
  if (isRateLimited) return true;
  // A lost request or answer stays lost, whatever else goes wrong.
  if (lose) return lose === "request";
  const isApplied = applied ?? (answer?.code === undefined && (http?.status ?? 200) < 300);
  return !isApplied;
}

interface Decided {
  /** The decision by the rules; `undefined` if they were not tried. */
  readonly decided: Decision | undefined;
  readonly error: ApiError | null;
  /** The unknown fields of the request, quoted. */
  readonly ignored: readonly string[];
}

export function decisionWithFaults(plan: Plan, { decided, error, ignored }: Decided): Decision {
  const isRefused = decided?.outcome === "refused";
  if (preventsExecution(plan) && (plan.isRateLimited || !error)) {
    const reason = plan.isRateLimited
      ? "the request was over the limit"
      : "a fault prevented the request from being carried out";
    const instead = isRefused ? `; it would have been refused by ${decided.statement}: ${decided.why}` : "";
    const statement = causeOf(plan);
    const satisfied = decided?.satisfied ?? 0;
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

/** The fault that prevents the execution. */
export function causeOf({ isRateLimited, origin, fault }: Plan): string {
  const isError = (fault.http?.status ?? 200) >= 300;
  const name = isRateLimited
    ? origin.limit
    : (origin.lose ?? origin.applied ?? (isError ? origin.http : origin.answer));
  return `fault/${name}`;
}

/** @throws FaultNotApplicableError since a fault that was asked for would change nothing about this answer. */
function refuseToChange(name: string, { success }: Envelope): never {
  const answer = success ? "the answer to this request" : "the answer to this request, which is refused,";
  throw new FaultNotApplicableError(
    `The fault "${name}" would do nothing: ${answer} has nothing that the fault changes.`,
  );
}
