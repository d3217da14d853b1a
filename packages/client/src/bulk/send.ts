import { setAutoExtend as operation } from "@auto-extend/core";
import { call } from "../call.js";
import { ApiError, AutoExtendError, HttpError } from "../errors.js";
import type { Emit } from "../events.js";
import type { SetAutoExtendResult } from "../operations/set-auto-extend.js";
import type { Settings } from "../settings.js";
import type { ManyOptions } from "./options.js";
import type { Pace } from "./pace.js";

/** Sends one call; `null` where it was not sent, because the run stopped. */
export type Send = (orderIds: readonly string[]) => Promise<SetAutoExtendResult | AutoExtendError | null>;

/** What {@link senderOf} needs. */
interface SenderContext {
  readonly fixed: ManyOptions["fixed"];
  readonly settings: Settings;
  readonly pace: Pace;
  /** Aborts when the run stops. */
  readonly halt: AbortSignal;
}

/**
 * Makes what sends the calls of a run: each waits for its turn, and puts off the turns of all where the server asks for a
 * pause. When the run stops, the request under way is finished, but not repeated.
 */
export function senderOf({ fixed, settings, pace, halt }: SenderContext): Send {
  return async (orderIds) => {
    try {
      await pace.turn(halt);
    } catch {
      return null;
    }
    if (halt.aborted) return null;
    const repeats = endOfRepeats(halt);
    const emit: Emit = (event) => {
      settings.emit(event);
      if (event.type === "attempt" && event.attempt > 1) pace.charge();
      if (event.type === "failure") holdTurns(event.error, pace);
      if (event.type === "pause" && isBusy(repeats.failure)) pace.hold(event.delay);
      repeats.watch(event);
    };
    try {
      return await call(
        operation,
        { ...fixed, orderIds },
        { settings: { ...settings, emit }, signal: repeats.signal },
      );
    } catch (error) {
      if (error instanceof AutoExtendError) return error;
      throw error;
    } finally {
      repeats.close();
    }
  };
}

function holdTurns(error: AutoExtendError, pace: Pace): void {
  if (error instanceof HttpError && error.retryAfter !== null) pace.hold(error.retryAfter);
}

/** Whether a refusal came under a status by which servers ask for a pause; how long is in the call's own pause. */
function isBusy(error: AutoExtendError | null): boolean {
  return error instanceof ApiError && (error.status === 429 || error.status === 503);
}

/**
 * A signal that ends a call in the pause before a retry, once the run stopped. The call then rejects with the signal's
 * reason: the error of its last attempt, as if that had been the last it had.
 */
function endOfRepeats(halt: AbortSignal) {
  const controller = new AbortController();
  let failure: AutoExtendError | null = null;
  let pausing = false;
  const end = () => {
    if (pausing) controller.abort(failure);
  };
  halt.addEventListener("abort", end);
  return {
    signal: controller.signal,
    get failure() {
      return failure;
    },
    watch(event: Parameters<Emit>[0]) {
      if (event.type === "failure") failure = event.error;
      pausing = event.type === "pause";
      if (halt.aborted) end();
    },
    close: () => halt.removeEventListener("abort", end),
  };
}
