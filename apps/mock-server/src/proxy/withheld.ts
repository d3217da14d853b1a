import { transportErrors } from "@auto-extend/core";
import { decided } from "../engine/decision.js";
import type { EngineReply } from "../engine/engine.js";
import { alteredEnvelope } from "../engine/faults/deliver.js";
import { forcedRefusal, isApplied } from "../engine/faults/fault.js";
import type { Plan } from "../engine/faults/plan.js";
import { type Begun, type Handled, refused, served } from "../engine/handler.js";
import { mockProblems, problemReply } from "../engine/problem.js";
import type { ReadBody } from "../engine/read.js";
import type { ServedOperation } from "../engine/route.js";
import { sentIn } from "./sent.js";

/**
 * What becomes of a request that the server behind must not see; `null` where it is to be passed on. These stay here:
 *
 * - what is too large to be passed on,
 * - what asks for a fault that can't be had,
 * - what a fault refuses with an error code: it is answered as the mock would answer it,
 * - what is over a limit, and what a fault keeps from being carried out (a lost request, the error of a gateway, an
 *   `applied: false`): the fault says what is answered, if anything.
 *
 * Everything else is passed on. What breaks the contract (broken JSON, a wrong media type) is the server's to refuse, and
 * faults that only spoil an answer (late, cut, lost, changed) spoil the server's.
 */
export function withheld(begun: Begun, body: Uint8Array | "too-large"): Handled | null {
  const { problem, plan, routed } = begun;
  if (body === "too-large") return refused({ error: transportErrors.tooLarge });
  const isOurs = Object.values(mockProblems).some(({ id }) => id === problem?.error.id);
  if (problem && isOurs) return refused(problem);
  if (!plan || !routed.operation) return null;
  if (!plan.isOver) {
    const forced = forcedAnswer(routed.operation, plan, begun.body);
    if (forced) return forced;
    if (isApplied(plan.fault)) return null;
  }
  return {
    reply: faultReply(plan),
    decided: {
      outcome: "faulted",
      statement: `fault/${plan.asked[0]?.name}`,
      code: null,
      why: plan.isOver
        ? "the request was over the limit, and was not passed on"
        : "the fault kept the request from being passed on",
      ignored: [],
    },
    changed: [],
  };
}

/** The refusal that a fault asks for. No account stands behind it, so there is no balance to tell of. */
function forcedAnswer(operation: ServedOperation, plan: Plan, body: ReadBody): Handled | null {
  const refusal = forcedRefusal(plan.fault, plan.asked);
  if (!refusal) return null;
  const envelope = served[operation.id].answer(refusal, undefined);
  return {
    reply: jsonReply(alteredEnvelope(envelope, sentIn(body), plan.fault)),
    decided: decided(refusal, { plan, applies: false, ignored: [] }),
    changed: [],
  };
}

/** What there is to deliver where a fault does not say: no server has answered, so there is no answer to spoil. */
function faultReply({ fault }: Plan): EngineReply {
  if (fault.answer?.body !== undefined) return jsonReply(fault.answer.body);
  const error = {
    id: "mock/withheld",
    status: fault.http?.status ?? 502,
    title: "Withheld",
    detail: "A fault kept this request from being passed on, as it was asked to.",
  };
  return problemReply({ error });
}

function jsonReply(value: unknown): EngineReply {
  return { status: 200, headers: ["content-type", "application/json"], body: JSON.stringify(value) };
}
