import {
  describeErrorCode,
  type Effect,
  type ErrorCodeDescription,
  type ErrorName,
  formatIssues,
  type Issue,
} from "@auto-extend/core";

/** What every error of this package knows; see its fields in {@link AutoExtendError}. No part of it holds the API key or a proxy's credentials. */
export interface ErrorContext {
  readonly effect: Effect;
  readonly attempts: number;
  readonly request: { readonly method: string; readonly url: string } | null;
}

/** The class of all errors of this package; only a caller's own abort is thrown as it is. */
export abstract class AutoExtendError extends Error {
  /** The name of the class, by which an error is known across two copies of this package. */
  abstract override readonly name: ErrorName;
  /**
   * What the whole call may have done; once an attempt ended unknown, no later one makes it `none` again. It is always
   * `none` where the operation only reads.
   */
  readonly effect: Effect;
  /** How many attempts there were; 0 where the input was refused. */
  readonly attempts: number;
  /** The method and the redacted URL, with its query; `null` where nothing was going to be sent. */
  readonly request: ErrorContext["request"];

  constructor(message: string, context: ErrorContext, cause?: Error) {
    super(message, cause === undefined ? undefined : { cause });
    this.effect = context.effect;
    this.attempts = context.attempts;
    this.request = context.request;
  }

  /** The error as a plain value for `JSON.stringify`: all of its own fields, without the stack and the cause. */
  toJSON(): Record<string, unknown> {
    return Object.fromEntries([["name", this.name], ["message", this.message], ...Object.entries(this)]);
  }
}

/** The input, a request or a client's options, is wrong, and nothing was sent. */
export class RequestError extends AutoExtendError {
  override get name() {
    return "RequestError" as const;
  }
  /** Everything that is wrong. */
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super(`The input is not valid, and nothing was sent. ${summary(issues)}.`, {
      effect: "none",
      attempts: 0,
      request: null,
    });
    this.issues = issues;
  }
}

/** The provider said no: a failure envelope, under whatever HTTP status. */
export class ApiError extends AutoExtendError {
  override get name() {
    return "ApiError" as const;
  }
  /** The HTTP status, which is 200 for a refusal as well (reference). */
  readonly status: number;
  /** The provider's error code, known or not. */
  readonly code: number;
  /** The provider's message, verbatim but for the API key and credentials. */
  readonly providerMessage: string;
  /** What is known of the code: meaning, what to do, and how sure we are. */
  readonly description: ErrorCodeDescription;
  /** The account's balance in units of `currency`; `null` where the refusal tells none. */
  readonly balance: number | null;
  readonly currency: string | null;
  /** The whole redacted answer. */
  readonly body: unknown;

  constructor(answer: ApiAnswer, context: ErrorContext) {
    const description = describeErrorCode(answer.code);
    super(
      `The provider refused the request: error ${answer.code}, "${answer.message}". ${description.whatToDo} ${outcomes[context.effect]}`,
      context,
    );
    this.status = answer.status;
    this.code = answer.code;
    this.providerMessage = answer.message;
    this.description = description;
    this.balance = answer.balance;
    this.currency = answer.currency;
    this.body = answer.body;
  }
}

/** What an {@link ApiError} is made of. */
export interface ApiAnswer {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly balance: number | null;
  readonly currency: string | null;
  readonly body: unknown;
}

/** An HTTP status other than 2xx, without a failure envelope: from a gateway, a wrong URL, a redirect. */
export class HttpError extends AutoExtendError {
  override get name() {
    return "HttpError" as const;
  }
  /** The status; 0 for a redirect where the platform hides it. */
  readonly status: number;
  /** The pause that `Retry-After` asked for, in milliseconds; `null` where it asked for none. */
  readonly retryAfter: number | null;
  /** The beginning of the redacted body, 2,000 characters at most. */
  readonly body: string;

  constructor(
    answer: { status: number; retryAfter: number | null; body: string },
    message: string,
    context: ErrorContext,
  ) {
    super(`${message} ${outcomes[context.effect]}`, context);
    this.status = answer.status;
    this.retryAfter = answer.retryAfter;
    this.body = answer.body;
  }
}

/** No answer, or only a part of one. */
export class NetworkError extends AutoExtendError {
  override get name() {
    return "NetworkError" as const;
  }
  /** The platform's code, such as `ECONNREFUSED`; `null` where it tells none. */
  readonly code: string | null;

  constructor(code: string | null, message: string, context: ErrorContext, cause?: Error) {
    super(`${message} ${outcomes[context.effect]}`, context, cause);
    this.code = code;
  }
}

/** No complete answer in time. Where the operation changes something, it does not mean that nothing was done. */
export class TimeoutError extends AutoExtendError {
  override get name() {
    return "TimeoutError" as const;
  }
  /** The limit that ran out, in milliseconds. */
  readonly timeout: number;

  constructor(timeout: number, message: string, context: ErrorContext) {
    super(`${message} ${outcomes[context.effect]}`, context);
    this.timeout = timeout;
  }
}

/** An answer that breaks the contract, or disagrees with the request. */
export class ContractError extends AutoExtendError {
  override get name() {
    return "ContractError" as const;
  }
  /** Everything that is wrong. */
  readonly issues: readonly Issue[];
  readonly status: number;
  /** What was sent; redacted. */
  readonly sent: unknown;
  /** What came: parsed where it was JSON, else the beginning of its text, 2,000 characters at most; redacted. */
  readonly body: unknown;

  constructor(
    answer: { issues: readonly Issue[]; status: number; sent: unknown; body: unknown },
    context: ErrorContext,
  ) {
    super(`The answer breaks the contract. ${summary(answer.issues)}. ${outcomes[context.effect]}`, context);
    this.issues = answer.issues;
    this.status = answer.status;
    this.sent = answer.sent;
    this.body = answer.body;
  }
}

/** What an effect means for the reader of a message; "the call" is all of its attempts together. */
const outcomes: Readonly<Record<Effect, string>> = {
  none: "Nothing was changed.",
  unknown: "The call may have been applied, or may still be: read the state, or repeat the call.",
  "reported-applied": "The provider reports the call as applied: read the state to be sure.",
};

/** The first issues on one line: a list of many ids can have as many, and all of them stand in `issues`. */
function summary(issues: readonly Issue[]): string {
  const shown = formatIssues(issues.slice(0, 10));
  return issues.length > 10 ? `${shown}; and ${issues.length - 10} more` : shown;
}
