import type { Effect, Redactor } from "@auto-extend/core";
import { type Body, readBody } from "./body.js";
import { type ErrorContext, NetworkError } from "./errors.js";
import { readHttpDate } from "./http-date.js";
import { diagnose } from "./network-failure.js";
import type { Outgoing } from "./outgoing.js";
import { redactedCopy } from "./redacted-copy.js";
import { readRetryAfter } from "./retry-after.js";

/** What came back, whatever it means. */
export interface Answer {
  /** 0 for a redirect that the platform hides. */
  readonly status: number;
  readonly location: string | null;
  /** The pause that `Retry-After` asks for, in milliseconds. */
  readonly retryAfter: number | null;
  /** The moment that its `Date` tells, in ISO 8601. */
  readonly date: string | null;
  readonly body: Body;
}

/** What {@link attempt} needs beside the request. */
interface AttemptContext {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** How large an answer is read, in bytes. */
  readonly limit: number;
  readonly redactor: Redactor;
  readonly contextOf: (effect: Effect) => ErrorContext;
}

/**
 * Sends a request once and reads the whole answer.
 *
 * @throws NetworkError where no answer comes, or not all of it.
 */
export async function attempt(outgoing: Outgoing, context: AttemptContext): Promise<Answer> {
  const response = await send(outgoing, context);
  const date = readHttpDate(response.headers.get("date"));
  return {
    status: response.status,
    location: response.headers.get("location"),
    retryAfter: readRetryAfter(response.headers, Date.now()),
    date: date === null ? null : new Date(date).toISOString(),
    body: await read(response, context),
  };
}

async function send({ url, method, body, userAgent }: Outgoing, context: AttemptContext): Promise<Response> {
  const { fetch, signal, redactor } = context;
  try {
    return await fetch(url, {
      method,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(userAgent === undefined ? {} : { "user-agent": userAgent }),
      },
      ...(body === undefined ? {} : { body }),
      // The API key is in the URL: following a redirect would hand it on.
      redirect: "manual",
      ...supportedPrivacy(),
      signal,
    });
  } catch (thrown) {
    const { code, reason, neverSent } = redactor.value(diagnose(thrown));
    const message = neverSent
      ? `The server was not reached: ${reason}. Check the base URL and the connection.`
      : `No answer came: ${reason}.`;
    throw new NetworkError(
      code,
      message,
      context.contextOf(neverSent ? "none" : "unknown"),
      redactedCopy(thrown, redactor),
    );
  }
}

async function read(response: Response, context: AttemptContext): Promise<Body> {
  const { redactor, contextOf } = context;
  try {
    return await readBody(response, context);
  } catch (thrown) {
    const { code, reason } = redactor.value(diagnose(thrown));
    throw new NetworkError(
      code,
      `The answer broke off: ${reason}.`,
      contextOf("unknown"),
      redactedCopy(thrown, redactor),
    );
  }
}

const privacy = {
  credentials: "omit",
  cache: "no-store",
  referrerPolicy: "no-referrer",
};

/** What keeps the URL and the user's cookies private, as far as the platform knows it: some refuse the rest. */
function supportedPrivacy(): Record<string, string> {
  return Object.fromEntries(Object.entries(privacy).filter(([setting]) => setting in Request.prototype));
}
