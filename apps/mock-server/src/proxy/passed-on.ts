import type { Operation } from "@auto-extend/core";
import type { Decision } from "../engine/decision.js";
import type { EngineReply } from "../engine/engine.js";
import { alteredEnvelope } from "../engine/faults/deliver.js";
import type { Begun, Handled } from "../engine/handler.js";
import type { Envelope } from "../engine/outcome.js";
import { type AnswerBody, readAnswerBody } from "./answer-body.js";
import { exchangeDrift } from "./exchange-drift.js";
import { forcedReply } from "./forced-reply.js";
import type { Answer } from "./forward.js";
import { withoutHeaders } from "./headers.js";
import { envelopeOf } from "./judged-answer.js";
import { sentIn } from "./sent.js";

/** What became of a request that was passed on: the answer as it came, or what a fault makes of it, and what drifts. */
export function passedOn(begun: Begun, answer: Answer): Handled {
  const read = readAnswerBody(answer, answerLimitOf(begun));
  return {
    reply: replyOf(begun, answer, read),
    decided: begun.routed.operation
      ? decisionOf(answer, envelopeOf(read.json))
      : decisionOf(answer, null, "it is no request of the contract; "),
    changed: [],
    drift: exchangeDrift(begun, { answer, read }),
  };
}

/** How large an answer to a request is taken, in bytes; as that of any request where left out. */
export function answerLimitOf({ routed }: Pick<Begun, "routed">): number | undefined {
  const operation: Operation | null = routed.operation;
  return operation?.answerLimit;
}

function replyOf(begun: Begun, answer: Answer, { bytes, json }: AnswerBody): EngineReply {
  const { plan, read } = begun;
  const forced = forcedReply(begun);
  if (forced) return forced.reply;
  if (!plan || !bytes) return answer;
  // A fault can only change, cut or pack what is not packed.
  const plain = { ...answer, headers: withoutHeaders(answer.headers, ["content-encoding"]), body: bytes };
  const envelope = envelopeOf(json);
  const { answer: wanted } = plan.fault;
  // What never gets to the rules is answered with no envelope, and by the mock alone not with another body either.
  if (begun.problem || !wanted || (!envelope && wanted.body === undefined)) return plain;
  const altered = envelope ? alteredEnvelope(envelope, sentIn(read), plan.fault) : wanted.body;
  return { ...plain, body: JSON.stringify(altered) };
}

function decisionOf({ status }: Answer, envelope: Envelope | null, remark = ""): Decision {
  const { code } = (envelope?.error ?? {}) as { code?: unknown };
  const refusal = envelope?.success === false && typeof code === "number" ? code : null;
  const answered =
    refusal === null ? (envelope?.success ? "a success" : `HTTP ${status}`) : `error ${refusal}`;
  return {
    outcome: "forwarded",
    statement: null,
    code: refusal,
    why: `passed on: ${remark}the server behind answered with ${answered}`,
    satisfied: 0,
    ignored: [],
  };
}
