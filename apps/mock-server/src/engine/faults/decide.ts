import { describeErrorCode, type ProxyType, proxyTypes } from "@auto-extend/core";
import { excerptRedaction } from "../log/redaction.js";
import type { Decision, FaultTrigger } from "../log/schemas.js";
import { jsonHeaders } from "../problem.js";
import { unknownFields } from "../read-input.js";
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

interface FaultyRequest extends Pick<Exchange, "input"> {
  readonly route: Extract<Route, { problem: undefined }>;
  readonly plan: Plan;
}

/**
 * Decides a request with faults. A refusal that a fault asks for replaces the rules, unless the request is to be carried
 * out anyway.
 */
export function decideWithFaults(request: FaultyRequest, context: DecisionContext): Resolution {
  const { route, input } = request;
  const { account: own, caller } = context;
  const { hasMagicOrders } = request.plan;
  const account = own && hasMagicOrders ? withMagicOrders(own, proxyTypeOf(input.value)) : own;
  const rule = () => route.handler.decide(input.value, { ...context, account });
  const isRefused = request.plan.fault.answer?.keepRefusals === true && rule().decision.outcome === "refused";
  const plan = isRefused ? withoutCode(request.plan) : request.plan;
  const error = forcedError(plan.fault);
  const isPrevented = preventsExecution(plan);
  const ruling = error && isPrevented ? null : rule();
  const envelope = error
    ? route.handler.refuse(input.value, error, { account, caller })
    : (ruling as Ruling).envelope;
  const altered = alteredEnvelope(envelope, input.value, plan.fault);
  const body = JSON.stringify(altered);
  const decided = ruling?.decision ?? null;
  const ignored = decided?.ignored ?? unknownFields(route.operation, input.value);
  const switches = isPrevented ? [] : (ruling?.switches ?? []);
  const idle = idleFault(plan, envelope, body);
  if (idle && idle.by !== "queue") refuseToChange(idle.name, envelope);
  return {
    decision: decisionWithFaults(plan, { decided, error, ignored }),
    answer: { status: 200, headers: jsonHeaders, body },
    withdrawn: idle,
    // Magic orders belong to no account.
    switches: hasMagicOrders ? switches.filter(({ orderId }) => own?.orders.get(orderId)) : switches,
    logRedaction: route.operation.hasCredentials
      ? excerptRedaction(route, { envelope: altered, body })
      : undefined,
  };
}

/** The plan of a request that is refused anyway, and keeps its own error. */
function withoutCode(plan: Plan): Plan {
  const { code: _, message: _message, keepRefusals: _keep, ...answer } = plan.fault.answer ?? {};
  return { ...plan, fault: { ...plan.fault, answer } };
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
    if (!error || isRefused) return decided;
    const despite = replacesAnswer(plan.fault)
      ? `error ${error.code} of another fault is not sent`
      : `a fault answers with error ${error.code} anyway`;
    return { ...decided, why: `${decided.why}; ${despite}` };
  }
  const statement = `fault/${plan.origin.answer}`;
  const code = error?.code ?? null;
  const why = "a fault refuses the request";
  return { outcome: "refused", statement, code, why, satisfied: 0, ignored };
}

/** Whether nothing is sent of the answer that was decided on. */
function replacesAnswer({ http, cut }: Fault): boolean {
  const isEnded = cut !== undefined && ["reset", "close", "hang"].includes(cut.how);
  return http?.body !== undefined || (isEnded && (cut.at ?? "before") === "before");
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

/** @throws FaultNotApplicableError since a fault that was asked for would change nothing about this answer. */
function refuseToChange(name: string, { success }: Envelope): never {
  const answer = success ? "the answer to this request" : "the answer to this request, which is refused,";
  throw new FaultNotApplicableError(
    `The fault "${name}" would do nothing: ${answer} has nothing that the fault changes.`,
  );
}

function alterFields(envelope: Envelope, sent: unknown, answer: NonNullable<Fault["answer"]>): unknown {
  const { merge = {}, copy = {}, drop = [], asText = [], empty = [], next = {}, errorAs } = answer;
  const request = (typeof sent === "object" ? sent : null) as Readonly<Record<string, unknown>> | null;
  let altered: Record<string, unknown> = { ...envelope, ...merge };
  for (const [name, field] of Object.entries(copy)) altered[name] = request?.[field];
  for (const name of empty) if (Array.isArray(altered[name])) altered[name] = [];
  if (asText.length > 0) altered = everywhere(altered, asText, numbersAsText);
  for (const [field, values] of Object.entries(next)) {
    altered = everywhere(altered, [field], (value) => {
      const place = values.indexOf(value);
      return place === -1 ? value : values[(place + 1) % values.length];
    });
  }
  if (errorAs !== undefined) altered.error = driftedError(altered.error, errorAs);
  for (const name of drop) delete altered[name];
  return altered;
}

/** Copies an object and changes the fields with these names, in nested objects and lists, too. */
function everywhere<Value>(
  value: Value,
  names: readonly string[],
  change: (value: unknown) => unknown,
): Value {
  if (Array.isArray(value)) return value.map((item) => everywhere(item, names, change)) as Value;
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    names.includes(name) ? change(field) : everywhere(field, names, change),
  ]);
  return Object.fromEntries(fields);
}

type ErrorForm = NonNullable<NonNullable<Fault["answer"]>["errorAs"]>;

function driftedError(error: unknown, form: ErrorForm): unknown {
  if (typeof error !== "object" || error === null) return error;
  if (form === "null") return null;
  const { code, message } = error as { code?: unknown; message?: unknown };
  return form === "text" ? message : { ...error, code: numbersAsText(code) };
}

function numbersAsText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(numbersAsText);
  return typeof value === "number" ? String(value) : value;
}
