import {
  type Fetch,
  type FetchFailure,
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
  return "failed" in answer ? networkFailure(answer, redact) : answer;
}

interface AttemptContext {
  readonly fetch: typeof fetch;
  readonly signal: Signal;
  readonly redact: Redactor;
}

function networkFailure({ failed, thrown }: FetchFailure, redact: Redactor): Failure {
  const { neverSent, reason, code } = diagnose(thrown);
  const isUnreached = failed === "sending" && neverSent;
  const what = isUnreached ? "The server was not reached" : events[failed];
  const advice = isUnreached ? " Check the base URL and the connection." : "";
  const problem = failed === "no-response" ? what : `${what}: ${foreignLine(reason, redact)}.`;
  const cause = failed === "no-response" ? undefined : redactedCopy(thrown, redact);
  const shownCode = code === null ? null : foreignLine(code, redact, maxCodeLength);
  return {
    effect: isUnreached || failed === "unsent" ? "none" : "unknown",
    // A request without a usable response may have been carried out, and would be again.
    isRetryable: (failed === "sending" || failed === "reading") && !isPermanent(code),
    retryAfterMs: null,
    toError: (context) => new NetworkError(shownCode, { problem, advice }, context, cause),
  };
}

const events: Readonly<Record<FetchFailure["failed"], string>> = {
  unsent: "The platform's fetch refused to send the request",
  sending: "No answer was received",
  reading: "The answer was cut off",
  "no-response": "The fetch option returned no Response.",
  unreadable: "The response could not be read",
};

/** How much of a platform's error code is kept, in characters. */
const maxCodeLength = 100;
