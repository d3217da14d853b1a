import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { kindOf, type Operation, requestBodyLimit, transportErrors } from "@auto-extend/core";
import { readRequestBody, sendReply } from "../channels/node.js";
import { causeOf, type Decision, decided } from "../engine/decision.js";
import type { Engine, EngineReply, EngineRequest } from "../engine/engine.js";
import { alteredEnvelope } from "../engine/faults/deliver.js";
import { forcedRefusal, isApplied } from "../engine/faults/fault.js";
import type { Plan } from "../engine/faults/plan.js";
import { type Begun, type Handled, refused } from "../engine/handler.js";
import { driftText } from "../engine/log/request-log.js";
import { handlers } from "../engine/operations/index.js";
import type { Envelope, Refused } from "../engine/outcome.js";
import { type EngineProblem, internalError, mockProblems, problemReply } from "../engine/problem.js";
import { headerText } from "../lib/text.js";
import { checkExchange } from "./check-exchange.js";
import { type Answer, createForward, unpack, wasForwardedBy, withoutHeaders } from "./forward.js";
import { logRedactionFor } from "./log-redaction.js";
import type { Upstream } from "./upstream.js";

interface ProxyOptions {
  /** How long a whole answer of the server behind may take, in milliseconds (default: 60,000). */
  readonly timeoutMs?: number;
}

/** A request as it came over a socket. */
interface Received {
  readonly request: Omit<EngineRequest, "body">;
  /** Names and values alternating, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array | "too-large";
  /** Aborted once nobody waits for the answer any more. */
  readonly gone: AbortSignal;
}

/** The largest body of a request that is forwarded, in bytes. */
const maxForwardedBody = 16 * 1024 * 1024;

/** Only requests below this path are forwarded, as all paths of the API are. */
const apiPrefix = "/client/";

/**
 * The engine's `handle` for a mock with a server behind it. The steps are the same, but for the decision, which the server
 * makes: the request is forwarded, and the answer comes back byte for byte. Faults spoil it as they would the mock's own.
 * Both are checked against the contract; differences go into the header `mock-drift` and the request log.
 *
 * A request whose caller is gone is seen through all the same: it may have been carried out, and the log is to say so.
 */
export function createForwardingHandle(
  engine: Pick<Engine, "begin" | "end">,
  upstream: Upstream,
  { timeoutMs = 60_000 }: ProxyOptions = {},
): (received: Received) => Promise<EngineReply> {
  const via = `auto-extend-mock-${randomBytes(8).toString("hex")}`;
  const forward = createForward(upstream, { timeoutMs, via });

  return async function handle({ request, rawHeaders, body, gone }) {
    const isRead = body !== "too-large" && body.length <= requestBodyLimit;
    const begun = engine.begin({
      ...request,
      body: isRead ? body : "too-large",
      // In front of real money an order id means that order, and nothing else.
      ignoreMagic: true,
    });
    releaseWhenGone(begun.plan, gone);
    const handled = await decide(begun, { rawHeaders, body });
    const { drift = [], reply } = handled;
    const headers =
      drift.length > 0
        ? ["mock-drift", headerText(`${drift.length}: ${drift.map(driftText).join("; ")}`)]
        : [];
    return engine.end(begun, {
      ...handled,
      reply: { ...reply, headers: [...reply.headers, ...headers] },
      discretion: logRedactionFor(begun, handled),
    });
  };

  async function decide(
    begun: Begun,
    { rawHeaders, body }: Pick<Received, "rawHeaders" | "body">,
  ): Promise<Handled> {
    const { method, target } = begun.request;
    try {
      const local = answeredLocally(begun, body);
      if (local) return { ...local, drift: checkExchange(begun) };
      if (body === "too-large" || !target.startsWith(apiPrefix)) {
        return refused(begun.problem ?? { error: internalError });
      }
      if (wasForwardedBy(via, rawHeaders)) return { ...refused(loop), drift: checkExchange(begun) };
      const answer = await forward({ method, target, rawHeaders, body, limit: answerLimitOf(begun) });
      if ("problem" in answer) return { ...refused(answer.problem), drift: checkExchange(begun) };
      return forwarded(begun, answer);
    } catch {
      // The error may quote the request or the answer.
      return refused({ error: internalError });
    }
  }
}

/** The same as a request listener. */
export function createProxy(engine: Engine, upstream: Upstream, options?: ProxyOptions): RequestListener {
  const handle = createForwardingHandle(engine, upstream, options);

  async function answer(
    { method = "", url = "", headers, rawHeaders }: IncomingMessage,
    response: ServerResponse,
    body: Uint8Array | "too-large",
  ): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const request = { method, target: url, headers };
    const reply = await handle({ request, rawHeaders, body, gone: gone.signal });
    if (response.destroyed) return;
    // This server's own headers (CORS) take precedence over those of the server behind.
    sendReply(response, { ...reply, headers: withoutHeaders(reply.headers, response.getHeaderNames()) });
  }

  return (request, response) =>
    readRequestBody(request, maxForwardedBody, (body) => {
      void answer(request, response, body).catch(() => response.destroy());
    });
}

/** The answer may take long, and a caller who is gone must not count as under way. */
function releaseWhenGone(plan: Plan | null, gone: AbortSignal): void {
  if (!plan) return;
  if (gone.aborted) plan.release();
  else gone.addEventListener("abort", plan.release, { once: true });
}

const loop: EngineProblem = {
  error: {
    id: "mock/upstream-loop",
    status: 508,
    title: "Loop Detected",
    detail:
      "This request came back to the mock that forwarded it: its upstream leads to itself. Choose another upstream, or another port (--port).",
  },
};

/**
 * The answer to a request that the server behind must not see; `null` if it is to be forwarded. The mock itself answers
 *
 * - what is too large to be forwarded,
 * - a fault that cannot be had,
 * - a fault that refuses with an error code, unless it says `applied: true`: it is answered as the mock would answer it,
 * - what is over a limit, and what a fault prevents from being carried out (a lost request, the error of a gateway, an
 *   `applied: false`): the fault says what is answered, if anything.
 *
 * If such a fault meets a request that would never reach the rules (broken JSON, a wrong media type), the answer is the
 * problem that the mock alone would answer.
 *
 * Everything else is forwarded. The server refuses what breaks the contract, and faults that only spoil an answer (late,
 * cut, lost, changed) spoil the server's.
 */
function answeredLocally(begun: Begun, body: Uint8Array | "too-large"): Handled | null {
  const { problem, plan, routed } = begun;
  if (body === "too-large") return refused({ error: transportErrors.tooLarge });
  const isOwn = Object.values(mockProblems).some(({ id }) => id === problem?.error.id);
  if (problem && isOwn) return refused(problem);
  if (!plan || !routed.operation) return null;
  if (!plan.isRateLimited && isApplied(plan.fault)) return null;
  if (problem) return refused(problem);
  const forced = plan.isRateLimited ? null : forcedReply(begun);
  if (forced) {
    const { refusal, reply } = forced;
    return { reply, decided: decided({ rules: null, forced: refusal, plan, ignored: [] }), changed: [] };
  }
  const why = plan.isRateLimited
    ? "the request was over the limit, and was not forwarded"
    : "the fault prevented the request from being forwarded";
  return {
    reply: faultReply(plan),
    decided: { outcome: "faulted", statement: causeOf(plan), code: null, why, satisfied: 0, ignored: [] },
    changed: [],
  };
}

/** The answer if the fault names none: no server has answered, so there is no answer to spoil. */
function faultReply({ fault }: Plan): EngineReply {
  if (fault.answer?.body !== undefined) return jsonReply(fault.answer.body);
  const error = {
    id: "mock/answered-locally",
    status: fault.http?.status ?? 502,
    title: "Not Forwarded",
    detail: "A fault prevented this request from being forwarded, as it was asked to.",
  };
  return problemReply({ error });
}

/** The result of a request that was forwarded: the answer as it came, or what a fault makes of it. */
export function forwarded(begun: Begun, answer: Answer): Handled {
  const { bytes, body } = unpack(answer, answerLimitOf(begun));
  const json = "json" in body ? body.json : undefined;
  const envelope = kindOf(body) === null ? null : (json as Envelope);
  return {
    reply: replyOf(begun, answer, { bytes, envelope }),
    decided: decisionOf(answer, begun.routed.operation ? envelope : "unknown path"),
    changed: [],
    drift: checkExchange(begun, { answer, body }),
  };
}

function replyOf(
  begun: Begun,
  answer: Answer,
  { bytes, envelope }: { readonly bytes: Uint8Array | null; readonly envelope: Envelope | null },
): EngineReply {
  const { plan } = begun;
  const forced = forcedReply(begun);
  if (forced) return forced.reply;
  if (!plan || !bytes) return answer;
  // A fault can change, cut and compress only a body that is not compressed.
  const plain = { ...answer, headers: withoutHeaders(answer.headers, ["content-encoding"]), body: bytes };
  const { answer: wanted } = plan.fault;
  // A request that never reaches the rules is answered with no envelope, and by the mock alone not with another body either.
  if (begun.problem || !wanted || (!envelope && wanted.body === undefined)) return plain;
  const altered = envelope ? alteredEnvelope(envelope, sentFields(begun), plan.fault) : wanted.body;
  return { ...plain, body: JSON.stringify(altered) };
}

function decisionOf({ status }: Answer, envelope: Envelope | null | "unknown path"): Decision {
  const isKnown = envelope !== "unknown path";
  const { success, error } = isKnown && envelope ? envelope : { success: undefined, error: null };
  const { code } = (error ?? {}) as { code?: unknown };
  const refusal = success === false && typeof code === "number" ? code : null;
  const answered = refusal === null ? (success ? "a success" : `HTTP ${status}`) : `error ${refusal}`;
  const remark = isKnown ? "" : "it is no request of the contract; ";
  const why = `forwarded: ${remark}the server behind answered with ${answered}`;
  return { outcome: "forwarded", statement: null, code: refusal, why, satisfied: 0, ignored: [] };
}

/**
 * The refusal that a fault asks for, as the mock would answer it; `null` if it asks for none, and for requests that never
 * reach the rules. No account stands behind it, so it has no balance.
 */
function forcedReply(begun: Begun): { readonly refusal: Refused; readonly reply: EngineReply } | null {
  const { plan, routed, problem } = begun;
  const refusal = plan && routed.operation && !problem && forcedRefusal(plan);
  if (!refusal) return null;
  const envelope = handlers[routed.operation.id].answer(refusal, undefined);
  return { refusal, reply: jsonReply(alteredEnvelope(envelope, sentFields(begun), plan.fault)) };
}

function jsonReply(value: unknown): EngineReply {
  return { status: 200, headers: ["content-type", "application/json"], body: JSON.stringify(value) };
}

function sentFields({ read }: Begun): Readonly<Record<string, unknown>> {
  const value = read.problem ? null : read.value;
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** How large an answer may be, in bytes; undefined for the general limit. */
function answerLimitOf({ routed }: Pick<Begun, "routed">): number | undefined {
  const operation: Operation | null = routed.operation;
  return operation?.answerLimit;
}
