import type { Drift } from "../engine/log/request-log.js";
import type { ServedOperation } from "../engine/route.js";
import { envelopeDrift } from "./envelope-drift.js";
import { errorDrift } from "./error-drift.js";
import { envelopeOf, type JudgedAnswer } from "./judged-answer.js";
import { ruleDrift } from "./rule-drift.js";
import { transportDrift } from "./transport-drift.js";

/** A request, as far as the answer to it is judged by it. */
interface JudgedRequest {
  readonly sent: unknown;
  /** How the request itself differs from the contract. */
  readonly drift: readonly Drift[];
}

/**
 * How an answer differs from what the contract says of an operation. Of a place that is wrong in several ways the gravest
 * is told.
 */
export function answerDrift(
  operation: ServedOperation,
  { sent, drift }: JudgedRequest,
  answer: JudgedAnswer,
): Drift[] {
  const envelope = envelopeOf(answer.json);
  const all = [
    ...transportDrift(operation, answer, envelope),
    ...(envelope
      ? [
          ...envelopeDrift(operation, sent, envelope),
          ...ruleDrift(operation, drift, envelope),
          ...(envelope.success ? [] : errorDrift(operation, envelope)),
        ]
      : []),
  ];
  const places = new Set<string>();
  return all.filter(({ path }) => !places.has(path) && places.add(path));
}
