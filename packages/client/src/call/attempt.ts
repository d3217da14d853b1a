import { type Effect, foreignLine, type Redactor } from "@auto-extend/core";
import { NetworkError } from "../errors.js";
import { diagnose, isPermanent, redactedCopy } from "./network-failure.js";
import type { Outgoing } from "./outgoing.js";
import { type ReadBody, type ResponseLike, readBody } from "./read-body.js";
import type { Failure } from "./retry.js";

/** An answer, not yet classified. */
export interface Answer extends ReadBody {
  /** 0 for a redirect that the platform hides. */
  readonly status: number;
  /** The headers that the client reads, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

interface AttemptContext {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  readonly redact: Redactor;
}

/**
 * Sends a request once and reads the whole answer. Only errors of `fetch` and of the answer's stream are failures, which
 * may be retried. An error of our own code is a bug, and is thrown as it is.
 */
export async function attempt(outgoing: Outgoing, context: AttemptContext): Promise<Answer | Failure> {
  const { fetch, signal, redact } = context;
  const init = { ...outgoing.init, ...supportedPrivacy(), signal };
  let response: unknown;
  try {
    response = await fetch(outgoing.url, init);
  } catch (thrown) {
    return noAnswer(thrown, redact);
  }
  if (!isResponse(response)) return noResponse;
  const { status } = response;
  const headers = headersOf(response);
  const read = await readBody(response, { limit: outgoing.answerLimit, signal });
  return "thrown" in read ? brokenOff(read.thrown, redact) : { status, headers, ...read };
}

/** The parts that every answer must have, whichever `fetch` it comes from. */
interface UsableResponse extends ResponseLike {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
}

function isResponse(value: unknown): value is UsableResponse {
  if (typeof value !== "object" || value === null) return false;
  if (!("status" in value && typeof value.status === "number" && "headers" in value)) return false;
  const { headers } = value;
  return (
    typeof headers === "object" && headers !== null && "get" in headers && typeof headers.get === "function"
  );
}

function headersOf({ headers }: UsableResponse): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of ["content-type", "date", "location", "retry-after"]) {
    const value: unknown = headers.get(name);
    if (typeof value === "string") found[name] = value;
  }
  return found;
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

const privacy = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };

/** The settings that keep the URL and cookies private. Some platforms throw on settings that they do not know. */
function supportedPrivacy(): Record<string, string> {
  const known = typeof Request === "function" ? Request.prototype : {};
  return Object.fromEntries(Object.entries(privacy).filter(([setting]) => setting in known));
}
