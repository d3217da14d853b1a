import {
  type Accepted,
  checkAnswer,
  type Finding,
  foreignLine,
  foreignText,
  foreignValue,
  isSuccessStatus,
  isTroubleStatus,
  isUncertainStatus,
  kindOf,
  type Operation,
  type RawAnswer,
  type Redactor,
  readRetryAfter,
} from "@auto-extend/core";
import { ApiError, ContractError, checkBaseUrl, type ErrorText, HttpError, seeBody } from "../errors.js";
import type { Endpoint } from "./outgoing.js";
import type { Failure } from "./retry.js";

/** A success: the body as received, and how it differs, up to the checked level, from the contract. */
export interface Success<O extends Operation> {
  readonly body: Accepted<O>;
  readonly status: number;
  readonly headers: RawAnswer["headers"];
  readonly findings: readonly Finding[];
}

/**
 * The part of a failure that depends on the body. Status and headers decide the rest. `toError` must hold no part of the answer
 * but what the error keeps: an error's stack holds the functions in it, and a run can have thousands of errors.
 */
type Meaning = Pick<Failure, "effect" | "toError">;

interface Reading {
  readonly answer: RawAnswer;
  readonly redact: Redactor;
  /** The facts of the transport that every error keeps. */
  readonly facts: { readonly status: number; readonly retryAfter: number | null };
  readonly claimsSuccess: boolean;
  readonly sent: object;
  /** `undefined` if the body is not JSON. */
  readonly json: unknown;
  /** Why a caller cannot use the answer. */
  readonly broken: readonly Finding[];
}

/** How much of a problem's detail goes into a message, in characters. */
const maxDetailLength = 300;

/**
 * Classifies an answer. The body says what happened. The status says how certain that is, and whether to try again:
 *
 * - A success that fits the request: the result with 2xx, else an HttpError whose effect is unknown.
 * - A refusal by the provider: an ApiError. Its effect is unknown with 408 and 5xx, else none.
 * - Anything else: a ContractError with 2xx, else an HttpError.
 */
export function classify<O extends Operation>(
  { operation, settings: { redact } }: Endpoint<O>,
  sent: object,
  answer: RawAnswer,
): Success<O> | Failure {
  const findings = checkAnswer(operation, { request: sent, ...answer }, { redact, level: "lawful" });
  const broken = findings.filter(({ level }) => level === "accepts");
  const json: unknown = "json" in answer.body ? answer.body.json : undefined;
  const kind = kindOf(answer.body);
  if (kind === "success" && broken.length === 0) {
    return { ...answer, body: json as Accepted<O>, findings };
  }

  const retryAfterMs = readRetryAfter(answer, Date.now());
  const facts = { status: answer.status, retryAfter: retryAfterMs };
  const reading = { answer, redact, facts, claimsSuccess: kind === "success", sent, json, broken };
  const meaning =
    kind === "failure" && broken.length === 0
      ? refusal(reading)
      : isSuccessStatus(answer.status)
        ? contractFailure(reading)
        : httpFailure(reading);
  const isRetryable = isTroubleStatus(answer.status) && answer.status !== 408;
  return { ...meaning, isRetryable, retryAfterMs };
}

interface RefusalBody {
  readonly error: { readonly code: number; readonly message: string };
  readonly balance?: unknown;
  readonly currency?: unknown;
}

/** The provider refused the request. With 408 and 5xx something on the way failed as well, so the request may still be carried out. */
function refusal({ facts, redact, json }: Reading): Meaning {
  const { balance, currency, error } = json as RefusalBody;
  const retained = {
    ...facts,
    code: error.code,
    providerMessage: foreignLine(error.message, redact),
    balance: Number.isFinite(balance) ? (balance as number) : null,
    currency: typeof currency === "string" ? foreignLine(currency, redact) : null,
    body: foreignValue(json, redact),
  };
  return {
    effect: isUncertainStatus(facts.status) ? "unknown" : "none",
    toError: (context) => new ApiError(retained, context),
  };
}

function contractFailure(reading: Reading): Meaning {
  const { answer, redact, facts, claimsSuccess, sent, json, broken } = reading;
  const retained = {
    ...facts,
    issues: broken.map(({ path, message }) => ({ path, message })),
    sent: redact.value(sent),
    body: json === undefined ? foreignText(answer.text, redact) : foreignValue(json, redact),
  };
  return {
    effect: claimsSuccess ? "reported-applied" : "unknown",
    toError: (context) => new ContractError(retained, context),
  };
}

function httpFailure({ answer, redact, facts, claimsSuccess }: Reading): Meaning {
  const { status, headers, text } = answer;
  const wasRefused = status >= 400 && !isUncertainStatus(status) && !claimsSuccess;
  const { problem, advice } = claimsSuccess
    ? { problem: `HTTP ${status} came with an answer that reports success.` }
    : httpText(status, redirectTarget(headers.location, redact));
  const retained = { ...facts, body: foreignText(text, redact) };
  const shown = { problem: problem + detailOf(answer, redact), advice };
  return {
    effect: wasRefused ? "none" : "unknown",
    toError: (context) => new HttpError(retained, shown, context),
  };
}

function httpText(status: number, target: string): ErrorText {
  // 2xx is no failure of HTTP, and 0 is a redirect that the platform hides.
  if (status < 400) {
    const problem = `A redirect${target} was not followed, because the API key is in the URL.`;
    return { problem, advice: checkBaseUrl };
  }
  if (status >= 500) {
    return { problem: `HTTP ${status}: the server or a gateway in front of it failed.` };
  }
  return {
    problem: `HTTP ${status} came without the usual answer.`,
    advice: adviceOf[status] ?? seeBody,
  };
}

const checkAccess = " Check the API key, and any gateway in front of the API.";

const adviceOf: Readonly<Record<number, string>> = {
  401: checkAccess,
  403: checkAccess,
  404: checkBaseUrl,
  405: checkBaseUrl,
  413: " Send fewer IDs in one request.",
  429: "", // To wait, as after other trouble.
};

/** The explanation in a problem document (RFC 9457): servers and gateways know best. */
function detailOf({ body }: RawAnswer, redact: Redactor): string {
  const { detail } = Object("json" in body ? body.json : null) as { readonly detail?: unknown };
  if (typeof detail !== "string" || detail === "") return "";
  return ` The server says: ${foreignLine(detail, redact, maxDetailLength)}`;
}

/** The server that a redirect leads to. The rest of the URL can hold the API key. */
function redirectTarget(location: string | undefined, redact: Redactor): string {
  try {
    return ` to ${new URL(foreignLine(location ?? "", redact)).origin}`;
  } catch {
    return ""; // It is a path on the same server.
  }
}
