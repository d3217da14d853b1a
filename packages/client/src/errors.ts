import {
  describeErrorCode,
  type Effect,
  type ErrorCodeDescription,
  type ErrorName,
  effects,
  errorNames,
  formatIssues,
  type Issue,
  isTroubleStatus,
} from "@auto-extend/core";

/**
 * The fields that all errors of this package share. No part of them contains a proxy's credentials or the API key; a key under 8
 * characters is redacted in URLs only.
 */
export type ErrorContext = Pick<AutoExtendError, "effect" | "attempts" | "request">;

/**
 * The base class of all errors that methods throw, apart from the reason of the caller's signal. Their texts have no control
 * characters, and are limited in length.
 */
export abstract class AutoExtendError extends Error {
  /** The name of the class. The guards check it, so that they work across two copies of this package. */
  abstract override readonly name: ErrorName;
  /**
   * How the whole call may have affected the orders; `none` for operations that only read. Once an attempt may have changed
   * something, it is not `none`.
   */
  declare readonly effect: Effect;
  /** How many attempts there were; 0 if the input was not valid. */
  declare readonly attempts: number;
  /** The method and the redacted URL, with its query; `null` if nothing was going to be sent. */
  declare readonly request: { readonly method: string; readonly url: string } | null;
  /** The message without the advice in it, for programs that give advice of their own. */
  declare readonly problem: string;

  constructor({ problem, advice = "" }: ErrorText, context: ErrorContext, cause?: Error) {
    // If nothing was going to be sent, the problem says so.
    const { outcome, nextStep } = context.request ? outcomes[context.effect] : { outcome: "", nextStep: "" };
    const isAdvised = context.effect === "none" && advice;
    super(problem + advice + outcome + (isAdvised ? "" : nextStep), cause && { cause });
    Object.assign(this, context, { problem: problem + outcome });
  }

  /** The error as a plain value for `JSON.stringify`: all of its own fields, without the stack and the cause. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...(this as object) };
  }
}

/** The call is not valid, and sent nothing: the request or an option is wrong, or a run was started before. */
export class RequestError extends AutoExtendError {
  override get name() {
    return "RequestError" as const;
  }
  /** Everything that is wrong. */
  declare readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    const problem = `The call is not valid, and sent nothing. ${summary(issues)}.`;
    super({ problem }, { effect: "none", attempts: 0, request: null });
    this.issues = issues;
  }
}

/** The provider refused: `success: false`, with any HTTP status. With 408 and 5xx, the `effect` is `unknown`. */
export class ApiError extends AutoExtendError {
  override get name() {
    return "ApiError" as const;
  }
  /** The HTTP status: usually 200, for refusals as well (reference). */
  declare readonly status: number;
  /** The pause that the server asked for, in milliseconds; `null` if it asked for none. */
  declare readonly retryAfter: number | null;
  /** The provider's error code, known or not. */
  declare readonly code: number;
  /** The provider's message, without the API key and credentials, up to 2,000 characters. */
  declare readonly providerMessage: string;
  /** The meaning of the code, the next step, what the code is about, and how sure we are. */
  declare readonly description: ErrorCodeDescription;
  /** The account's balance in units of `currency`; `null` if the refusal does not contain it. */
  declare readonly balance: number | null;
  declare readonly currency: string | null;
  /** The redacted answer, bounded in length, width and depth. */
  declare readonly body: unknown;

  constructor(answer: ApiAnswer, context: ErrorContext) {
    const description = describeErrorCode(answer.code);
    super(refusalText(answer, description), context);
    Object.assign(this, answer, { description });
  }
}

/** The facts of a refusal that an {@link ApiError} is made of. */
export type ApiAnswer = Omit<ApiError, keyof AutoExtendError | "description">;

/**
 * An HTTP status other than 2xx, and no refusal in the body. The `effect` is `none` with 4xx other than 408, unless the body
 * reports success; else it is `unknown`. It also says why a bulk run sent nothing more, though its last call had an answer: too
 * long a pause, or unknown error codes. Then the `effect` is `none`.
 */
export class HttpError extends AutoExtendError {
  override get name() {
    return "HttpError" as const;
  }
  /** The status; 0 for a redirect that the platform hides. */
  declare readonly status: number;
  /** The pause that the server asked for, in milliseconds; `null` if it asked for none. */
  declare readonly retryAfter: number | null;
  /** The beginning of the redacted body, up to 2,000 characters. */
  declare readonly body: string;

  constructor(
    answer: Pick<HttpError, "status" | "retryAfter" | "body">,
    { problem, advice = "" }: ErrorText,
    context: ErrorContext,
  ) {
    super({ problem, advice: advice + waitAdvice(answer.retryAfter) }, context);
    Object.assign(this, answer);
  }
}

/** No answer came, only a part of one, or none that can be read. The `effect` is `none` if nothing was sent, else `unknown`. */
export class NetworkError extends AutoExtendError {
  override get name() {
    return "NetworkError" as const;
  }
  /** The platform's code, such as `ECONNREFUSED`; `null` if it gives none, as in browsers. */
  declare readonly code: string | null;

  constructor(code: string | null, text: ErrorText, context: ErrorContext, cause?: Error) {
    super(text, context, cause);
    this.code = code;
  }
}

/** No complete answer in time. The `effect` is `unknown`: this does not mean that nothing was done. */
export class TimeoutError extends AutoExtendError {
  override get name() {
    return "TimeoutError" as const;
  }
  /** The time limit that was exceeded, in milliseconds. */
  declare readonly timeout: number;

  constructor(timeout: number, problem: string, context: ErrorContext) {
    super({ problem }, context);
    this.timeout = timeout;
  }
}

/** An answer that breaks the API contract or contradicts the request. If it claims success, the `effect` is `reported-applied`. */
export class ContractError extends AutoExtendError {
  override get name() {
    return "ContractError" as const;
  }
  /** Everything that is wrong. */
  declare readonly issues: readonly Issue[];
  declare readonly status: number;
  /** The pause that the server asked for, in milliseconds; `null` if it asked for none. */
  declare readonly retryAfter: number | null;
  /** The request that was sent, redacted. */
  declare readonly sent: unknown;
  /** The answer, redacted and bounded: parsed if it is JSON, else the beginning of its text. */
  declare readonly body: unknown;

  constructor(answer: Omit<ContractError, keyof AutoExtendError>, context: ErrorContext) {
    const problem = `The answer breaks the API contract. ${summary(answer.issues)}.`;
    // A text where JSON was expected, usually a page.
    const advice = typeof answer.body === "string" ? checkBaseUrl : seeBody;
    super({ problem, advice: advice + waitAdvice(answer.retryAfter) }, context);
    Object.assign(this, answer);
  }
}

/** The HTTP status of an error and the pause that it asks for, whichever class it is. */
export function transportOf(error: AutoExtendError | null): Pick<HttpError, "status" | "retryAfter"> {
  return { status: 0, retryAfter: null, ...error };
}

/** The text of an error: the problem, and the advice, if any, which begins with a space. */
export interface ErrorText {
  readonly problem: string;
  readonly advice?: string | undefined;
}

/** A refusal with 408, 429 or 5xx is about the server, not about the request. */
function refusalText(answer: ApiAnswer, { whatToDo }: ErrorCodeDescription): ErrorText {
  const { status, code, providerMessage, retryAfter } = answer;
  const isTrouble = isTroubleStatus(status);
  const problem = `The provider refused the request${isTrouble ? ` with HTTP ${status}` : ""}: error ${code}, "${providerMessage}".`;
  return { problem, advice: (isTrouble ? "" : ` ${whatToDo}`) + waitAdvice(retryAfter) };
}

export const checkBaseUrl = " Check the base URL.";
export const seeBody = " See the error's body.";

/** When to resume, if the server says so. */
function waitAdvice(retryAfter: number | null): string {
  if (!retryAfter) return "";
  return ` Wait ${Math.ceil(retryAfter / 1000)} s, as the server asks.`;
}

/** The effect of a call, all of its attempts together, in the words of a message. */
const outcomes: Readonly<Record<Effect, { readonly outcome: string; readonly nextStep: string }>> = {
  none: { outcome: " Nothing was changed.", nextStep: " Try again later." },
  unknown: {
    outcome: " The change may have been made, or may still be made later.",
    nextStep: " Check listIpAddresses, or repeat the call.",
  },
  "reported-applied": {
    outcome: " The provider reported success.",
    nextStep: " Check listIpAddresses.",
  },
};

/** The first issues on one line. There can be as many as IDs, and `issues` has them all. */
function summary(issues: readonly Issue[]): string {
  const shown = formatIssues(issues.slice(0, 10));
  return issues.length > 10 ? `${shown}; and ${issues.length - 10} more` : shown;
}

/** Whether a value is an error of this package, whichever copy of it. */
export function isAutoExtendError(value: unknown): value is AutoExtendError {
  return nameOf(value) !== undefined;
}

/** Whether a value is a {@link RequestError}. */
export const isRequestError = guardOf(RequestError);
/** Whether a value is an {@link ApiError}. */
export const isApiError = guardOf(ApiError);
/** Whether a value is an {@link HttpError}. */
export const isHttpError = guardOf(HttpError);
/** Whether a value is a {@link NetworkError}. */
export const isNetworkError = guardOf(NetworkError);
/** Whether a value is a {@link TimeoutError} of this package, not the platform's exception of the same name. */
export const isTimeoutError = guardOf(TimeoutError);
/** Whether a value is a {@link ContractError}. */
export const isContractError = guardOf(ContractError);

/** Makes the guard of one class. The class's prototype has the name, and TypeScript types it as one of its errors. */
function guardOf<E extends AutoExtendError>(ofClass: { readonly prototype: E }) {
  return (value: unknown): value is E => nameOf(value) === ofClass.prototype.name;
}

/** Found by name and effect: `instanceof` fails between two copies of the package, and the platform has a TimeoutError too. */
function nameOf(value: unknown): string | undefined {
  const { name, effect } = Object(value) as { readonly name?: unknown; readonly effect?: unknown };
  return effects.some((known) => known === effect) ? errorNames.find((known) => known === name) : undefined;
}
