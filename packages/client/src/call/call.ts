import {
  type Effect,
  type Fetch,
  fetchAnswer,
  late,
  type Operation,
  pause,
  type RawAnswer,
  readHttpDate,
  throwIfAborted,
  withinTime,
} from "@auto-extend/core";
import { RequestError, TimeoutError } from "../errors.js";
import type { CallEvent } from "../events.js";
import type { Settings } from "../options.js";
import { classify, type Success } from "./classify.js";
import { networkFailure } from "./network-failure.js";
import { type Endpoint, type Outgoing, outgoingOf } from "./outgoing.js";
import { delayBeforeRetry, type Failure } from "./retry.js";

export interface CallSignals {
  readonly signal?: AbortSignal | undefined;
  /** Once it aborts, the attempt under way is finished, and not repeated. */
  readonly noMoreRetries?: AbortSignal;
}

interface Running<O extends Operation> {
  readonly endpoint: Endpoint<O>;
  readonly signal: AbortSignal | undefined;
  readonly outgoing: Outgoing;
  readonly deadline: number;
  readonly report: (event: CallEvent) => void;
}

/** Calls an operation. Only a {@link Failure} is retried; an error of our own code leaves the loop as it is. */
export async function call<O extends Operation>(
  endpoint: Endpoint<O>,
  input: unknown,
  { signal, noMoreRetries }: CallSignals,
): Promise<Success<O>> {
  const { operation } = endpoint;
  const { retry, emit } = endpoint.settings;
  const outgoing = outgoingOf(endpoint, input);
  const request = outgoing.shown;
  const deadline = now() + retry.totalTimeout;
  let effect: Effect = "none";

  for (let attempts = 1; ; attempts++) {
    const report = (event: CallEvent) => {
      emit?.({ operation: operation.id, ...request, attempt: attempts, ...event });
      throwIfAborted(signal); // A listener can abort the call.
    };
    throwIfAborted(signal);
    const result = await tryOnce({ endpoint, signal, outgoing, deadline, report });
    if ("body" in result) return result;

    effect = combined(effect, operation.changes ? result.effect : "none");
    const error = result.toError({ effect, attempts, request });
    const delay = delayBeforeRetry(result, attempts, retry);
    const willRetry = delay !== null && now() + delay < deadline && !noMoreRetries?.aborted;
    report({ type: "failure", error, willRetry });
    if (!willRetry) throw error;
    report({ type: "pause", delay });
    await pause({ timeMs: delay, signal, endedBy: noMoreRetries });
    // Timers can be late, as after a machine's sleep.
    if (now() >= deadline || noMoreRetries?.aborted) throw error;
  }
}

async function tryOnce<O extends Operation>(running: Running<O>): Promise<Success<O> | Failure> {
  const { endpoint, outgoing, signal, deadline, report } = running;
  const { settings } = endpoint;
  const fetch = fetchOf(settings);
  report({ type: "attempt" });
  const started = now();
  const left = deadline - started;
  const answer = await withinTime((inner) => fetchAnswer(fetch, { ...outgoing, signal: inner }), {
    timeMs: Math.min(settings.timeout, left),
    signal,
  });
  if (answer === late) return lateFailure(settings, left);
  if ("failed" in answer) return networkFailure(answer, settings.redact);
  const duration = now() - started;
  if (settings.emit) report(answerEvent(answer, duration));
  const result = classify(endpoint, outgoing.sent, answer);
  if ("body" in result) {
    for (const finding of result.findings) report({ type: "finding", finding });
  }
  return result;
}

/** The platform's own fetch is looked up at each attempt, since tests and tools replace it. */
function fetchOf(settings: Settings): Fetch {
  const found: unknown = settings.fetch ?? globalThis.fetch;
  if (typeof found === "function") return found as Fetch;
  throw new RequestError([{ path: "fetch", message: "is required on this platform" }]);
}

function answerEvent({ status, headers }: RawAnswer, duration: number): CallEvent {
  const date = readHttpDate(headers.date);
  return { type: "answer", status, date: date === null ? null : new Date(date).toISOString(), duration };
}

/** An attempt that ended unknown may still be carried out, however a later one ends. */
function combined(before: Effect, latest: Effect): Effect {
  return before !== "none" && latest === "none" ? "unknown" : latest;
}

/** No complete answer within the time limit of the attempt, or within what was `left` of that of the whole call. */
function lateFailure({ timeout, retry }: Settings, left: number): Failure {
  const isLast = left < timeout;
  const limit = isLast ? retry.totalTimeout : timeout;
  const message = `No complete answer within ${limit} ms${isLast ? " in total" : ""}.`;
  return {
    effect: "unknown",
    isRetryable: true,
    retryAfterMs: null,
    toError: (context) => new TimeoutError(limit, message, context),
  };
}

/** The time in milliseconds, on a monotonic clock if the platform has one. */
export function now(): number {
  return globalThis.performance?.now?.() ?? Date.now();
}
