import { answerLimit, type Effect, type Operation } from "@auto-extend/core";
import { attempt } from "./attempt.js";
import { callRedactor } from "./call-redactor.js";
import { AutoExtendError, type ErrorContext, TimeoutError } from "./errors.js";
import type { Happening } from "./events.js";
import { type Accepted, interpret } from "./interpret.js";
import { outgoingOf, shownRequest } from "./outgoing.js";
import { checkedRequest } from "./request.js";
import { retryDelay } from "./retry.js";
import type { Settings } from "./settings.js";
import { pause, withinTime } from "./time-limit.js";

/** What a call needs beside its operation and input. */
export interface CallContext {
  readonly settings: Settings;
  readonly signal: AbortSignal | undefined;
}

/**
 * Calls an operation: checks the input, sends it, judges the answer, and repeats what repeating may mend.
 *
 * @throws AutoExtendError, or the signal's reason after an abort.
 */
export async function call<O extends Operation>(
  operation: O,
  input: unknown,
  { settings, signal }: CallContext,
): Promise<Accepted<O>> {
  const { baseUrl, retry, emit } = settings;
  const redactor = callRedactor(operation, settings.redactor);
  // A copy, taken before anything is awaited: what the caller changes later changes nothing here.
  const sent = checkedRequest(operation, input, redactor);
  const outgoing = outgoingOf(operation, sent, settings);
  const request = shownRequest(operation, sent, { baseUrl, redactor });
  const limit = operation.answerLimit ?? answerLimit;
  const deadline = performance.now() + retry.totalTimeout;
  let uncertain = false;

  for (let attempts = 1; ; attempts++) {
    const tell = (happening: Happening) =>
      emit({ operation: operation.id, ...request, attempt: attempts, ...happening });
    const contextOf = (effect: Effect): ErrorContext => ({
      effect: operation.changes ? effectOfAll(effect, uncertain) : "none",
      attempts,
      request,
    });
    let retryAfter: number | null = null;
    try {
      signal?.throwIfAborted();
      tell({ type: "attempt" });
      const started = performance.now();
      const context = { fetch: settings.fetch ?? fetch, limit, redactor, contextOf };
      const answer = await withinTime((inner) => attempt(outgoing, { ...context, signal: inner }), {
        ...timeLeft(deadline, settings, contextOf),
        signal,
      });
      const { status, date } = answer;
      tell({ type: "answer", status, date, duration: performance.now() - started });
      retryAfter = answer.retryAfter;
      return interpret(operation, { sent, answer, redactor, contextOf });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (!(error instanceof AutoExtendError)) throw error;
      const delay = retryDelay(error, { attempts, retryAfter, policy: retry });
      const willRetry = delay !== null && performance.now() + delay < deadline;
      tell({ type: "failure", error, willRetry });
      if (!willRetry) throw error;
      uncertain ||= error.effect !== "none";
      tell({ type: "pause", delay });
      await pause({ time: delay, signal });
      // Timers can be late, as after a machine's sleep.
      if (performance.now() >= deadline) throw error;
    }
  }
}

/** The effect of all attempts: one that ended unknown may still be applied, whatever a later one ends with. */
function effectOfAll(effect: Effect, uncertain: boolean): Effect {
  return uncertain && effect === "none" ? "unknown" : effect;
}

/** How long an attempt may take: its own time, or what is left of that of the whole call. */
function timeLeft(
  deadline: number,
  { timeout, retry }: Settings,
  contextOf: (effect: Effect) => ErrorContext,
) {
  const left = deadline - performance.now();
  return {
    time: Math.min(timeout, left),
    late: () =>
      left < timeout
        ? new TimeoutError(
            retry.totalTimeout,
            `No complete answer within ${retry.totalTimeout} ms, all attempts together.`,
            contextOf("unknown"),
          )
        : new TimeoutError(timeout, `No complete answer within ${timeout} ms.`, contextOf("unknown")),
  };
}
