import { checkAnswer, type Effect, type Issue, type Operation, type Redactor } from "@auto-extend/core";
import type { Answer } from "./attempt.js";
import { type Envelope, readEnvelope } from "./envelope.js";
import { ApiError, ContractError, type ErrorContext, HttpError } from "./errors.js";

/** The success of an operation, as a caller accepts it. */
export type Accepted<O extends Operation> = O["accepts"]["success"]["_output"];

/** An answer, and what is needed to judge it. */
interface Exchange {
  /** The body or query that was sent. */
  readonly sent: object;
  readonly answer: Answer;
  readonly redactor: Redactor;
  readonly contextOf: (effect: Effect) => ErrorContext;
}

/** How much of a text is kept in an error, in characters. */
const longestExcerpt = 2_000;

/** How much of a problem's detail goes into a message, in characters. */
const longestDetail = 300;

/** What every operation's failure has. */
interface Refusal {
  readonly error: { readonly code: number; readonly message: string };
  readonly balance?: unknown;
  readonly currency?: unknown;
}

/**
 * Turns an answer into its meaning: the success as it came, or an error.
 *
 * @throws ApiError, HttpError or ContractError
 */
export function interpret<O extends Operation>(operation: O, exchange: Exchange): Accepted<O> {
  const { answer, redactor, contextOf } = exchange;
  const envelope = readEnvelope(answer.body);
  const refusal = operation.accepts.failure.safeParse(envelope.json);
  if (refusal.success) throw apiError(refusal.data as Refusal, envelope.json, exchange);
  if (answer.status < 200 || answer.status > 299) throw httpError(envelope.claim === true, exchange);
  const issues = issuesOfSuccess(operation, envelope, exchange);
  if (issues.length === 0) return envelope.json as Accepted<O>;
  throw new ContractError(
    {
      issues: redactor.value(issues),
      status: answer.status,
      sent: redactor.value(exchange.sent),
      body: envelope.problem ? excerpt(answer.body.text, redactor) : redactor.value(envelope.json),
    },
    contextOf(envelope.claim === true ? "reported-applied" : "unknown"),
  );
}

/** What is wrong with an answer that is no failure; nothing where it is the success that was asked for. */
function issuesOfSuccess(operation: Operation, envelope: Envelope, { sent, redactor }: Exchange): Issue[] {
  const { json, claim, problem } = envelope;
  if (problem) return [{ path: "", message: problem }];
  if (typeof claim !== "boolean") {
    return [{ path: "success", message: "must be true or false, in a JSON object" }];
  }
  const exchange = { request: sent, status: 200, headers: jsonHeaders, body: { json } };
  return checkAnswer(operation, exchange, { redact: redactor, level: "accepts" }).map(
    ({ path, message }) => ({
      path,
      message,
    }),
  );
}

/** The status and the media type are judged elsewhere. */
const jsonHeaders = { "content-type": "application/json" };

function apiError(refusal: Refusal, json: unknown, { answer, redactor, contextOf }: Exchange): ApiError {
  const { error, balance, currency } = redactor.value(refusal);
  return new ApiError(
    {
      status: answer.status,
      code: error.code,
      message: error.message,
      balance: typeof balance === "number" ? balance : null,
      currency: typeof currency === "string" ? currency : null,
      body: redactor.value(json),
    },
    contextOf("none"),
  );
}

function httpError(claimsSuccess: boolean, { answer, redactor, contextOf }: Exchange): HttpError {
  const { status, location, retryAfter, body } = answer;
  const refused = status >= 400 && status < 500 && status !== 408 && !claimsSuccess;
  return new HttpError(
    { status, retryAfter, body: excerpt(body.text, redactor) },
    claimsSuccess
      ? `HTTP ${status} came with an answer that reports success: one of the two is wrong.`
      : httpMessage(status, redirectTarget(location, redactor)) + detailOf(body.text, redactor),
    contextOf(refused ? "none" : "unknown"),
  );
}

/** What a problem document (RFC 9457) says is wrong, for the message: servers and gateways know better than we do. */
function detailOf(text: string, redactor: Redactor): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    if (typeof detail !== "string" || detail === "") return "";
    // Redacted first: half of a secret could not be found any more.
    const told = redactor.text(detail);
    return ` It says: ${told.length > longestDetail ? `${told.slice(0, longestDetail)}...` : told}`;
  } catch {
    return "";
  }
}

function httpMessage(status: number, place: string): string {
  if (status === 0 || (status >= 300 && status < 400)) {
    return `A redirect${place} was not followed, because the API key is in the URL. ${checkBaseUrl}`;
  }
  if (status >= 500) return `HTTP ${status}: the server or a gateway before it failed.`;
  return `HTTP ${status} came in place of the provider's answer. ${advice[status] ?? "The body may say why."}`;
}

const checkAccess = "Check the API key, and what a gateway before the API asks for.";
const checkBaseUrl = "Check the base URL.";

/** What to do about a status that tells. */
const advice: Readonly<Record<number, string>> = {
  401: checkAccess,
  403: checkAccess,
  404: checkBaseUrl,
  405: checkBaseUrl,
  413: "Send fewer ids in one request.",
  429: "Wait before the next request.",
};

/** Where a redirect leads, as far as it may be told: the rest of the URL can hold the API key. */
function redirectTarget(location: string | null, redactor: Redactor): string {
  try {
    return ` to ${new URL(redactor.text(location ?? "")).origin}`;
  } catch {
    return ""; // It names no other server.
  }
}

/** The beginning of a text. It is redacted first: half of a secret could not be found any more. */
function excerpt(text: string, redactor: Redactor): string {
  return redactor.text(text).slice(0, longestExcerpt);
}
