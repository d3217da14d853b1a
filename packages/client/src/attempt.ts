import type { Effect, Redactor } from "@auto-extend/core";
import { type Body, readBody } from "./body.js";
import { type ErrorContext, NetworkError } from "./errors.js";
import { diagnose } from "./network-failure.js";
import { redactedCopy } from "./redacted-copy.js";
import { readRetryAfter } from "./retry-after.js";

/** What goes out in each attempt of a call. The URL holds the API key. */
interface Outgoing {
  readonly url: string;
  readonly method: string;
  readonly body: string;
  readonly userAgent: string | undefined;
}

/** What came back, whatever it means. */
export interface Answer {
  /** 0 for a redirect that the platform hides. */
  readonly status: number;
  readonly location: string | null;
  /** The pause that `Retry-After` asks for, in milliseconds. */
  readonly retryAfter: number | null;
  readonly body: Body;
}

/** What {@link attempt} needs beside the request. */
interface AttemptContext {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
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
  return {
    status: response.status,
    location: response.headers.get("location"),
    retryAfter: readRetryAfter(response.headers, Date.now()),
    body: await read(response, context),
  };
}

async function send({ url, method, body, userAgent }: Outgoing, context: AttemptContext): Promise<Response> {
  const { fetch, signal, redactor } = context;
  try {
    return await fetch(url, {
      method,
      body,
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        ...(userAgent === undefined ? {} : { "user-agent": userAgent }),
      },
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

async function read(response: Response, { signal, redactor, contextOf }: AttemptContext): Promise<Body> {
  try {
    return await readBody(response, signal);
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
