import type { EngineReply } from "../engine/engine.js";
import { alteredEnvelope } from "../engine/faults/deliver.js";
import { forcedRefusal } from "../engine/faults/fault.js";
import type { Begun } from "../engine/handler.js";
import { handlers } from "../engine/operations/index.js";
import type { Refused } from "../engine/outcome.js";
import { sentIn } from "./sent.js";

/** A refusal that a fault asks for, and the answer that tells it. */
export interface Forced {
  readonly refusal: Refused;
  readonly reply: EngineReply;
}

/**
 * The refusal that a fault asks for; `null` where it asks for none, and for what never gets to the rules. It is answered
 * as the mock would answer it. No account stands behind it, so there is no balance to tell of.
 */
export function forcedReply({ plan, routed, read, problem }: Begun): Forced | null {
  const refusal = plan && routed.operation && !problem && forcedRefusal(plan);
  if (!refusal) return null;
  const envelope = handlers[routed.operation.id].answer(refusal, undefined);
  return { refusal, reply: jsonReply(alteredEnvelope(envelope, sentIn(read), plan.fault)) };
}

/** A value as an answer. */
export function jsonReply(value: unknown): EngineReply {
  return { status: 200, headers: ["content-type", "application/json"], body: JSON.stringify(value) };
}
