import { transportErrors } from "@auto-extend/core";
import { causeOf, decided } from "../engine/decision.js";
import type { EngineReply } from "../engine/engine.js";
import { isApplied } from "../engine/faults/fault.js";
import type { Plan } from "../engine/faults/plan.js";
import { type Begun, type Handled, refused } from "../engine/handler.js";
import { mockProblems, problemReply } from "../engine/problem.js";
import { forcedReply, jsonReply } from "./forced-reply.js";

/**
 * What becomes of a request that the server behind must not see; `null` where it is to be passed on. These stay here:
 *
 * - what is too large to be passed on,
 * - what asks for a fault that can't be had,
 * - what a fault refuses with an error code, unless it says `applied: true`: it is answered as the mock would answer it,
 * - what is over a limit, and what a fault keeps from being carried out (a lost request, the error of a gateway, an
 *   `applied: false`): the fault says what is answered, if anything.
 *
 * What a fault keeps here although it would never get to the rules (broken JSON, a wrong media type) is the problem that
 * it is with the mock alone.
 *
 * Everything else is passed on. What breaks the contract is the server's to refuse, and faults that only spoil an answer
 * (late, cut, lost, changed) spoil the server's.
 */
export function withheld(begun: Begun, body: Uint8Array | "too-large"): Handled | null {
  const { problem, plan, routed } = begun;
  if (body === "too-large") return refused({ error: transportErrors.tooLarge });
  const isOurs = Object.values(mockProblems).some(({ id }) => id === problem?.error.id);
  if (problem && isOurs) return refused(problem);
  if (!plan || !routed.operation) return null;
  if (!plan.isRateLimited && isApplied(plan.fault)) return null;
  if (problem) return refused(problem);
  const forced = plan.isRateLimited ? null : forcedReply(begun);
  if (forced) {
    const { refusal, reply } = forced;
    return { reply, decided: decided({ rules: null, forced: refusal, plan, ignored: [] }), changed: [] };
  }
  return {
    reply: faultReply(plan),
    decided: {
      outcome: "faulted",
      statement: causeOf(plan),
      code: null,
      why: plan.isRateLimited
        ? "the request was over the limit, and was not passed on"
        : "the fault kept the request from being passed on",
      satisfied: 0,
      ignored: [],
    },
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
