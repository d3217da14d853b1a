import { describeErrorCode, type ProxyType, proxyTypes } from "@auto-extend/core";
import { excerptRedaction } from "../log/redaction.js";
import type { Decision } from "../log/schemas.js";
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
import type { Fault } from "./fault.js";
import { withMagicOrders } from "./requested-faults.js";

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
  const { route, input, plan, ignoredFields } = request;
  const { account: own, caller } = context;
  const { hasMagicOrders } = plan;
  const account = own && hasMagicOrders ? withMagicOrders(own, proxyTypeOf(input.value)) : own;
  const error = forcedError(plan.fault);
  const isPrevented = preventsExecution(plan);
  const ruling = error && isPrevented ? null : route.handler.decide(input.value, { ...context, account });
  const envelope = error
    ? route.handler.refuse(input.value, error, { account, caller })
    : (ruling as Ruling).envelope;
  const altered = alteredEnvelope(envelope, input.value, plan.fault);
  const body = JSON.stringify(altered);
  const decided = ruling?.decision ?? null;
  const switches = isPrevented ? [] : (ruling?.switches ?? []);
  return {
    decision: decisionWithFaults(plan, { decided, error, ignored: decided?.ignored ?? ignoredFields() }),
    answer: { status: 200, headers: jsonHeaders, body },
    // Magic orders belong to no account.
    switches: hasMagicOrders ? switches.filter(({ orderId }) => own?.orders.get(orderId)) : switches,
    logRedaction: route.operation.hasCredentials
      ? excerptRedaction(route, { envelope: altered, body })
      : undefined,
  };
}

/** Magic orders have the type that was requested; a request without one is refused anyway. */
function proxyTypeOf(sent: unknown): ProxyType {
  const { proxyType } = (sent ?? {}) as { proxyType?: unknown };
  return proxyTypes.find((type) => type === proxyType) ?? "IPv4";
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
  /** The decision by the rules; `null` if they were not tried. */
  readonly decided: Decision | null;
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
    const despite = error && !isRefused ? `; a fault answers with error ${error.code} anyway` : "";
    return { ...decided, why: decided.why + despite };
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

/** Applies a fault to an envelope. Except for `merge` and `copy`, it changes only fields that the envelope has. */
export function alteredEnvelope(envelope: Envelope, sent: unknown, { answer }: Fault): unknown {
  if (!answer) return envelope;
  if (answer.body !== undefined) return answer.body;
  const { of = "success" } = answer;
  if (of !== "both" && (of === "success") !== envelope.success) return envelope;
  return alterFields(envelope, sent, answer);
}

function alterFields(envelope: Envelope, sent: unknown, answer: NonNullable<Fault["answer"]>): unknown {
  const { merge = {}, copy = {}, drop = [], asText = [], empty = [], next = {} } = answer;
  const request = (typeof sent === "object" ? sent : null) as Readonly<Record<string, unknown>> | null;
  const altered: Record<string, unknown> = { ...envelope, ...merge };
  for (const [name, field] of Object.entries(copy)) altered[name] = request?.[field];
  for (const name of asText) if (name in altered) altered[name] = numbersAsText(altered[name]);
  for (const name of empty) if (Array.isArray(altered[name])) altered[name] = [];
  for (const [name, values] of Object.entries(next)) {
    const place = values.indexOf(altered[name]);
    if (place !== -1) altered[name] = values[(place + 1) % values.length];
  }
  for (const name of drop) delete altered[name];
  return altered;
}

function numbersAsText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(numbersAsText);
  return typeof value === "number" ? String(value) : value;
}
