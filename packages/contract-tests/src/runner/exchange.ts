import {
  answerLimit,
  type Fetch,
  type FetchFailure,
  type FetchInput,
  fetchAnswer,
  fillPath,
  foreignLine,
  isTroubleStatus,
  late,
  type RawAnswer,
  readRetryAfter,
  withinTime,
} from "@auto-extend/core";
import type { StepRequest } from "../cases/case.js";
import type { CheckedTarget } from "./target.js";

/** Why there is no answer, or none that could be read to its end. It is safe to show. */
export interface NoAnswer {
  readonly failure: string;
  /** Whether the request may be carried out anyway. */
  readonly mayBeCarriedOut: boolean;
}

/** How often a request is sent to a server that limits the rate of requests. */
const maxAttempts = 5;
/** The pause if such a server does not say how long to wait, in milliseconds. */
const defaultPauseMs = 1_000;

export function urlOf(request: StepRequest, target: CheckedTarget): string {
  return target.baseUrl + fillPath(request.path, { apiKey: request.apiKey ?? target.apiKey });
}

/**
 * Sends a request and reads the answer. It waits and repeats where the server asks for that; a lasting limit is no answer.
 * A pause that an answer asks for comes before the next request, so that the last one is not waited for.
 */
export async function exchange(request: StepRequest, target: CheckedTarget): Promise<RawAnswer | NoAnswer> {
  const body = await bodyOf(request);
  const init = { method: request.method, headers: request.headers, redirect: "manual" };
  const limit = request.operation.answerLimit ?? answerLimit;
  for (let attempts = 1; ; attempts++) {
    await pauseAsAsked(target);
    const answer = await send(
      { url: urlOf(request, target), init: body === undefined ? init : { ...init, body }, limit },
      target,
    );
    if ("failure" in answer) return answer;
    const pauseMs = notePause(answer, target);
    if (pauseMs === null || !isTroubleStatus(answer.status)) return answer;
    if (attempts === maxAttempts || pauseMs > target.maxRetryAfterMs) {
      return answer.status === 429
        ? { failure: rateLimited(pauseMs, target), mayBeCarriedOut: false }
        : answer;
    }
  }
}

/** Notes how long the next request has to wait, unless that is too long. Returns the pause; `null` if the answer asks for no pause. */
function notePause(answer: RawAnswer, { asked, maxRetryAfterMs }: CheckedTarget): number | null {
  const pauseMs = readRetryAfter(answer, Date.now()) ?? (answer.status === 429 ? defaultPauseMs : null);
  asked.pauseMs = pauseMs !== null && pauseMs <= maxRetryAfterMs ? pauseMs : null;
  return pauseMs;
}

/** Waits as long as the latest answer asked for. */
async function pauseAsAsked({ asked, sleep, pauseSignal }: CheckedTarget): Promise<void> {
  const { pauseMs } = asked;
  asked.pauseMs = null;
  if (pauseMs !== null) await sleep(pauseMs, pauseSignal);
}

function rateLimited(pauseMs: number, { maxRetryAfterMs }: CheckedTarget): string {
  const limits = "limits the rate of requests (HTTP 429)";
  if (pauseMs <= maxRetryAfterMs)
    return `the server still ${limits} after ${maxAttempts} attempts. Try again later`;
  const seconds = Math.ceil(pauseMs / 1000);
  return `the server ${limits} and asks for a pause of ${seconds} s, longer than the ${maxRetryAfterMs / 1000} s that the tests wait. Try again after it`;
}

/** Checks whether anything answers at a target. The API key is not sent. */
export function reach(target: CheckedTarget): Promise<object | NoAnswer> {
  const init = { method: "GET", redirect: "manual" };
  // The headers are enough: nothing of the body is read.
  return send({ url: `${target.baseUrl}/`, init, limit: -1 }, target);
}

async function send(
  sending: Omit<FetchInput, "signal">,
  { fetch, signal, timeout, redact }: CheckedTarget,
): Promise<RawAnswer | NoAnswer> {
  const answer = await withinTime((inner) => fetchAnswer(fetch as Fetch, { ...sending, signal: inner }), {
    timeMs: timeout,
    signal,
  });
  if (answer === late) return { failure: `no complete answer within ${timeout} ms`, mayBeCarriedOut: true };
  if (!("failed" in answer)) return answer;
  return { failure: foreignLine(reasonOf(answer), redact), mayBeCarriedOut: answer.failed !== "unsent" };
}

/** The body as bytes, so that `fetch` adds no media type. */
async function bodyOf({ headers, body }: StepRequest): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (body === undefined) return undefined;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
  // Without a compressor the bytes go as they are: a server has to refuse them for their encoding alone.
  if (headers["content-encoding"] !== "gzip" || typeof CompressionStream !== "function") return bytes;
  const zipped = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(zipped).arrayBuffer());
}

/** `fetch` hides the reason in its cause. */
function reasonOf({ thrown }: FetchFailure): string {
  const { message, cause } = Object(thrown) as { readonly message?: unknown; readonly cause?: unknown };
  const { code = "", message: reason = "" } = Object(cause) as Readonly<Record<string, unknown>>;
  const inner = [code, reason].filter((text) => text !== "").join(": ");
  return inner || (typeof message === "string" ? message : String(thrown));
}
