import {
  type Effect,
  type Fetch,
  fetchAnswer,
  foreignLine,
  type RawAnswer,
  type Redactor,
  type Signal,
} from "@auto-extend/core";
import { NetworkError } from "../errors.js";
import { diagnose, isPermanent, redactedCopy } from "./network-failure.js";
import type { Outgoing } from "./outgoing.js";
import type { Failure } from "./retry.js";

/**
 * Sends a request once and reads the whole answer. Only errors of `fetch` and of the answer's stream are failures, which
 * may be retried. An error of our own code is a bug, and is thrown as it is.
 */
export async function attempt(
  { url, init, answerLimit }: Outgoing,
  { fetch, signal, redact }: AttemptContext,
): Promise<RawAnswer | Failure> {
  const answer = await fetchAnswer(fetch as Fetch, { url, init, limit: answerLimit, signal });
  if (!("failed" in answer)) return answer;
  const { failed, thrown } = answer;
  if (failed === "no-response") return noResponse;
  if (failed === "reading") return brokenOff(thrown, redact);
  return failed === "unsent" ? unsent(thrown, redact) : noAnswer(thrown, redact);
}

interface AttemptContext {
  readonly fetch: typeof fetch;
  readonly signal: Signal;
  readonly redact: Redactor;
}

/** The platform would refuse every repetition as well. */
function unsent(thrown: unknown, redact: Redactor): Failure {
  const message = `The platform's fetch refuses the request: ${foreignLine(diagnose(thrown).reason, redact)}.`;
  const failure = networkFailure(thrown, { effect: "none", message, code: null, redact });
  return { ...failure, isRetryable: false };
}

function noAnswer(thrown: unknown, redact: Redactor): Failure {
  const { neverSent, reason, code } = diagnose(thrown);
  const why = foreignLine(reason, redact);
  const message = neverSent
    ? `The server was not reached: ${why}. Check the base URL and the connection.`
    : `No answer came: ${why}.`;
  return networkFailure(thrown, { effect: neverSent ? "none" : "unknown", message, code, redact });
}

function brokenOff(thrown: unknown, redact: Redactor): Failure {
  const { reason, code } = diagnose(thrown);
  const message = `The answer broke off: ${foreignLine(reason, redact)}.`;
  return networkFailure(thrown, { effect: "unknown", message, code, redact });
}

interface NetworkFailure {
  readonly effect: Effect;
  readonly message: string;
  readonly code: string | null;
  readonly redact: Redactor;
}

function networkFailure(thrown: unknown, { effect, message, code, redact }: NetworkFailure): Failure {
  const shownCode = code === null ? null : foreignLine(code, redact, maxCodeLength);
  return {
    effect,
    isRetryable: !isPermanent(code),
    retryAfterMs: null,
    toError: (context) => new NetworkError(shownCode, message, context, redactedCopy(thrown, redact)),
  };
}

/** How much of a platform's error code is kept, in characters. */
const maxCodeLength = 100;

/** The request may have been carried out, and would be again: it is not retried. */
const noResponse: Failure = {
  effect: "unknown",
  isRetryable: false,
  retryAfterMs: null,
  toError: (context) => new NetworkError(null, noResponseMessage, context),
};

const noResponseMessage =
  "The fetch option returned no Response, which has a numeric status and headers with get(). Use a fetch that follows the standard.";
