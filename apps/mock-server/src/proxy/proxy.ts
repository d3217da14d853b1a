import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { kindOf, type Operation, requestBodyLimit } from "@auto-extend/core";
import { answerConsumedBody, readBody, sendReply } from "../channels/node.js";
import type { Engine } from "../engine/engine.js";
import {
  causeOf,
  decisionWithFaults,
  forcedError,
  idleChanges,
  preventsExecution,
} from "../engine/faults/decide.js";
import { alteredEnvelope, alteredFields } from "../engine/faults/spoil.js";
import { excerpt, retainedJson, upstreamLogRedaction } from "../engine/log/redaction.js";
import { driftText } from "../engine/log/request-log.js";
import type { Decision } from "../engine/log/schemas.js";
import { problemResolution } from "../engine/operations/decide.js";
import { internalError, jsonHeaders, mockError, mockProblems, problemReply } from "../engine/problem.js";
import { tooLarge } from "../engine/read-input.js";
import type {
  Caller,
  Answer as EngineAnswer,
  Envelope,
  Exchange,
  Plan,
  Resolution,
} from "../engine/types.js";
import { fieldsOf } from "../lib/fits.js";
import { headerPairs } from "../lib/headers.js";
import type { Json } from "../lib/schemas.js";
import { headerText, pluralize } from "../lib/text.js";
import { checkExchange } from "./check-exchange.js";
import { type Answer, createForward, unpack, wasForwardedBy, withoutHeaders } from "./forward.js";
import type { Upstream } from "./upstream.js";

type Body = Uint8Array | "too-large";

const maxForwardedBytes = 16 * 1024 * 1024;

const apiPrefix = "/client/";

/** How long a whole answer of the upstream server may take, in milliseconds. */
const timeoutMs = 60_000;

/**
 * The listener of a mock with a server behind it. The steps are those of the engine's `handle`, but for the decision, which the
 * server makes: the request is forwarded, and the answer comes back byte for byte. Faults spoil it as they would the mock's own.
 * Both are checked against the contract; differences go into the header `mock-drift` and the request log.
 *
 * A request whose caller has disconnected is completed all the same: it may be carried out, and the log must say so.
 */
export function createProxy(engine: Pick<Engine, "begin" | "end">, upstream: Upstream): RequestListener {
  const via = `auto-extend-mock-${randomBytes(8).toString("hex")}`;
  const forward = createForward(upstream, { timeoutMs, via });

  return (request, response) =>
    readBody(request, maxForwardedBytes, (body) => {
      if (body === "consumed") answerConsumedBody(response);
      else void answer(request, response, body).catch(() => response.destroy());
    });

  async function answer(
    { method = "", url = "", headers, rawHeaders }: IncomingMessage,
    response: ServerResponse,
    body: Body,
  ): Promise<void> {
    const isRead = body !== "too-large" && body.length <= requestBodyLimit;
    const exchange = engine.begin({
      method,
      target: url,
      headers,
      body: isRead ? body : "too-large",
      // In front of real money an order ID means that order, and nothing else.
      literalOrderIds: true,
      // Only the upstream server knows who calls.
      account: null,
    });
    // The answer may take long, and a request whose caller has disconnected must not count as concurrent.
    if (exchange.release) response.once("close", exchange.release);
    const resolution = await decide(exchange, rawHeaders, body);
    const { drift = [], decision } = resolution;
    const gone = response.destroyed ? "; the caller had disconnected" : "";
    const driftHeader =
      drift.length > 0
        ? [
            "mock-drift",
            headerText(`${pluralize(drift.length, "difference")}: ${drift.map(driftText).join("; ")}`),
          ]
        : [];
    const reply = engine.end(exchange, {
      ...resolution,
      decision: { ...decision, why: decision.why + gone },
      answer: { ...resolution.answer, headers: [...resolution.answer.headers, ...driftHeader] },
      logRedaction: upstreamLogRedaction(exchange, resolution),
    });
    if (response.destroyed) return;
    // This server's own headers (CORS) take precedence over those of the upstream server.
    const others = withoutHeaders(reply.headers, response.getHeaderNames());
    // Beside those, `writeHead` would send only the last of several headers with one name.
    for (const [name, value] of headerPairs(others)) response.appendHeader(name, value);
    sendReply(response, { ...reply, headers: [] });
  }

  async function decide(exchange: Exchange, rawHeaders: readonly string[], body: Body): Promise<Resolution> {
    const { method, target } = exchange.request;
    try {
      const local = answeredLocally(exchange, body);
      if (local) return { ...local, drift: checkExchange(exchange) };
      if (body === "too-large" || !target.startsWith(apiPrefix)) {
        return problemResolution(exchange.problem ?? { error: internalError });
      }
      const answer = wasForwardedBy(via, rawHeaders)
        ? { error: loop }
        : await forward({ method, target, rawHeaders, body, limit: answerLimitOf(exchange) });
      if (!("error" in answer)) return forwarded(exchange, answer);
      return { ...problemResolution(answer), drift: checkExchange(exchange) };
    } catch {
      // The error may quote the request or the answer.
      return problemResolution({ error: internalError });
    }
  }
}

const loop = mockError(
  "upstream-loop",
  508,
  "This request came back to the mock that forwarded it: the upstream is this mock, or forwards to it. Choose another upstream, or another port (--port).",
);

/**
 * The answer to a request that the upstream server must not see: one that is too large, over a limit, or has a fault that
 * cannot be injected or prevents its execution. `null` for everything else, which is forwarded: the server refuses what breaks the
 * contract, and faults that only spoil an answer spoil the server's.
 */
function answeredLocally(exchange: Exchange, body: Body): Resolution | null {
  const { problem, plan, route, request } = exchange;
  if (body === "too-large") return problemResolution(tooLarge(request.headers));
  const isOwn = Object.values(mockProblems).some(({ id }) => id === problem?.error.id);
  if (problem && isOwn) return problemResolution(problem);
  if (!plan || !route.operation || !preventsExecution(plan)) return null;
  if (problem) return problemResolution(problem);
  const error = plan.isRateLimited ? null : forcedError(plan);
  const forced = error && forcedAnswer(exchange);
  if (forced) {
    const decision = decisionWithFaults(plan, error);
    return { ...forced, decision, switches: [] };
  }
  const why = plan.isRateLimited
    ? "the request was over the limit, and was not forwarded"
    : "the fault prevented the request from being forwarded";
  return {
    answer: faultAnswer(plan),
    decision: { outcome: "faulted", statement: causeOf(plan), code: null, why, satisfied: 0, ignored: [] },
    switches: [],
  };
}

function faultAnswer({ fault, changes }: Plan): EngineAnswer {
  const body = alteredEnvelope(null, undefined, changes);
  if (body !== null) return jsonAnswer(body);
  const detail = "A fault prevented this request from being forwarded.";
  return problemReply({ error: mockError("answered-locally", fault.http?.status ?? 502, detail) });
}

export function forwarded(exchange: Exchange, answer: Answer): Resolution {
  const { bytes, body } = unpack(answer, answerLimitOf(exchange));
  const json = "json" in body ? body.json : undefined;
  const envelope = kindOf(body) === null ? null : (json as Envelope);
  return {
    ...answerOf(exchange, answer, { bytes, envelope }),
    decision: decisionOf(answer, exchange.route.operation ? envelope : "unknown path"),
    switches: [],
    drift: checkExchange(exchange, { answer, body }),
  };
}

function answerOf(
  exchange: Exchange,
  answer: Answer,
  { bytes, envelope }: { readonly bytes: Uint8Array | null; readonly envelope: Envelope | null },
): Pick<Resolution, "answer" | "withdrawn" | "altered"> {
  const { plan, input, caller } = exchange;
  const forced = forcedAnswer(exchange);
  if (forced) return forced;
  if (!plan) return { answer };
  // A request that never reaches the rules gets a problem, which a fault would not change in a mock without an upstream either.
  const isFixed = !bytes || exchange.problem !== undefined;
  // The request was forwarded, so it is too late to refuse a fault that changes nothing: the answer does not claim it.
  const withdrawn = isFixed
    ? plan.changes.filter(({ isAll }) => isAll)
    : idleChanges(plan, envelope, input.value);
  if (!bytes) return { answer, withdrawn };
  // A fault can change, cut and compress only a body that is not compressed.
  const plain = { ...answer, headers: withoutHeaders(answer.headers, ["content-encoding"]), body: bytes };
  if (isFixed) return { answer: plain, withdrawn };
  const value = alteredEnvelope(envelope, input.value, plan.changes);
  const delivered = plan.fault.http?.body ?? value;
  const hidden = hidingFor(caller);
  const altered = envelope ? alteredFields(hidden(envelope), hidden(delivered)) : undefined;
  return {
    answer: value === envelope ? plain : { ...plain, body: JSON.stringify(value) },
    withdrawn,
    altered,
  };
}

function decisionOf({ status }: Answer, envelope: Envelope | null | "unknown path"): Decision {
  const isKnown = envelope !== "unknown path";
  const { success, error } = isKnown && envelope ? envelope : { success: undefined, error: null };
  const { code } = fieldsOf(error);
  const refusal = success === false && typeof code === "number" ? code : null;
  const answered = refusal === null ? (success ? "a success" : `HTTP ${status}`) : `error ${refusal}`;
  const remark = isKnown ? "" : "the contract does not define this request; ";
  const why = `${remark}the upstream server answered with ${answered}`;
  return { outcome: "forwarded", statement: null, code: refusal, why, satisfied: 0, ignored: [] };
}

/** The refusal that a fault asks for, as the mock would answer it, without a balance; `null` if it asks for none. */
function forcedAnswer(exchange: Exchange): Pick<Resolution, "answer" | "altered"> | null {
  const { plan, route, input, caller, problem } = exchange;
  if (!plan || !route.operation || problem) return null;
  const error = forcedError(plan);
  if (!error) return null;
  const envelope = route.handler.refuse(input.value, error, { account: undefined, caller });
  const value = alteredEnvelope(envelope, input.value, plan.changes);
  const hidden = hidingFor(caller);
  return { answer: jsonAnswer(value), altered: alteredFields(hidden(envelope), hidden(value)) };
}

/** Removes the secrets of a real account from values that the log retains, and cuts long lists. */
function hidingFor({ redactor }: Caller): (value: unknown) => Json {
  return (value) => JSON.parse(retainedJson(excerpt(value ?? null), redactor));
}

function jsonAnswer(value: unknown): EngineAnswer {
  return { status: 200, headers: jsonHeaders, body: JSON.stringify(value) };
}

function answerLimitOf({ route }: Pick<Exchange, "route">): number | undefined {
  const operation: Operation | null = route.operation;
  return operation?.answerLimit;
}
