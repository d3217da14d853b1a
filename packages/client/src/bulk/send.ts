import type { ProxyType, setAutoExtend } from "@auto-extend/core";
import { call } from "../call/call.js";
import type { Success } from "../call/classify.js";
import type { Endpoint } from "../call/outgoing.js";
import { AutoExtendError, transportOf } from "../errors.js";
import type { Emit } from "../events.js";
import type { Settings } from "../options.js";
import type { Pace } from "./pace.js";

/** The part of a chunk's requests that is the same for all its orders. */
export interface ChunkGroup {
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
}

/** Sends one call. It returns `null` if the call was not sent, because the run stopped. */
export type Send = (
  orderIds: readonly string[],
) => Promise<Success<typeof setAutoExtend> | AutoExtendError | null>;

/** What {@link senderOf} needs. */
interface SenderContext {
  readonly endpoint: Endpoint<typeof setAutoExtend>;
  readonly settings: Settings;
  readonly pace: Pace;
  /** Aborts when the run stops. */
  readonly halt: AbortSignal;
  readonly autoExtend: boolean;
}

/**
 * Makes the function that sends the calls of a run. Each waits for its turn, and a pause that the server asks for delays
 * the turns of all. When the run stops, the request under way is finished, but not retried.
 */
export function senderOf({ endpoint, settings, pace, halt, autoExtend }: SenderContext) {
  return async (group: ChunkGroup, orderIds: readonly string[]): ReturnType<Send> => {
    try {
      await pace.turn(halt);
    } catch {
      return null;
    }
    if (halt.aborted) return null;
    const paced = { ...settings, emit: pacedEmit(settings.emit, pace) };
    try {
      const request = { ...group, autoExtend, orderIds };
      return await call(endpoint, request, { settings: paced, noMoreRetries: halt });
    } catch (error) {
      if (error instanceof AutoExtendError) return error;
      throw error;
    }
  };
}

/** The listener of one call: its retries and pauses delay the turns of all. */
function pacedEmit(emit: Emit, pace: Pace): Emit {
  let isBusy = false;
  return (event) => {
    emit(event);
    if (event.type === "attempt" && event.attempt > 1) pace.charge();
    if (event.type === "pause" && isBusy) pace.hold(event.delay);
    if (event.type !== "failure") return;
    const { status, retryAfter } = transportOf(event.error);
    isBusy = status === 429 || status === 503;
    if (retryAfter !== null) pace.hold(retryAfter);
  };
}
