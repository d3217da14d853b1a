import { longestTimer, pause, readRetryAfter, type setAutoExtend, throwIfAborted } from "@auto-extend/core";
import { call, now } from "../call/call.js";
import type { Success } from "../call/classify.js";
import type { Endpoint } from "../call/outgoing.js";
import { ApiError, AutoExtendError, HttpError, transportOf } from "../errors.js";
import type { Emit } from "../events.js";
import type { ChunkInfo } from "./options.js";

/** The part of a chunk's requests that is the same for all its orders. */
export type ChunkGroup = Omit<ChunkInfo, "index">;

/** Sends one call. It returns `null` if the call was not sent, because the run stopped. */
export type Send = (
  group: ChunkGroup,
  orderIds: readonly string[],
) => Promise<Success<typeof setAutoExtend> | AutoExtendError | null>;

interface SenderContext {
  readonly endpoint: Endpoint<typeof setAutoExtend>;
  readonly requestsPerSecond: number | undefined;
  readonly halt: AbortSignal;
  readonly autoExtend: boolean;
}

/**
 * Makes the function that sends the calls of a run. A pause that the server asks for delays the turns of all. After a longer
 * one, or single orders that are refused in a row for a reason that nobody knows, nothing else is sent.
 */
export function senderOf({ endpoint, requestsPerSecond, halt, autoExtend }: SenderContext): Send {
  const { settings } = endpoint;
  const pace = createPace(requestsPerSecond);
  let end: HttpError | null = null;
  let unknownRefusals = 0;
  return async (group, orderIds) => {
    await pace.turn(halt).catch(() => {}); // It fails only if the run stopped.
    if (halt.aborted || end) return end;
    const paced = { ...endpoint, settings: { ...settings, emit: pacedEmit(settings.emit, pace) } };
    try {
      const success = await call(paced, { ...group, autoExtend, orderIds }, { noMoreRetries: halt });
      const retryAfter = readRetryAfter(success, Date.now()) ?? 0;
      if (retryAfter <= settings.retry.maxRetryAfter) pace.hold(retryAfter);
      else end = endOf(success, retryAfter);
      unknownRefusals = 0;
      return success;
    } catch (error) {
      if (!(error instanceof AutoExtendError)) throw error;
      // Refusals of ten orders by themselves are more likely about the run than about these orders.
      const isCounted = !orderIds[1] && error instanceof ApiError && !error.description.known;
      if (isCounted && ++unknownRefusals > 9) {
        end = endOf(error, null, `10 orders in a row got unknown error ${error.code}. `);
      }
      return error;
    }
  };
}

/** The error that ends a run between its calls. */
function endOf({ status }: { readonly status: number }, retryAfter: number | null, reason = ""): HttpError {
  return new HttpError(
    { status, retryAfter, body: "" },
    { problem: `${reason}Nothing else was sent.` },
    { effect: "none", attempts: 0, request: null },
  );
}

/** The listener of one call: its retries and pauses delay the turns of all. */
function pacedEmit(emit: Emit | null, pace: Pace): Emit {
  let isBusy = false;
  return (event) => {
    emit?.(event);
    if (event.type === "attempt" && event.attempt > 1) pace.charge();
    if (event.type === "pause" && isBusy) pace.hold(event.delay);
    if (event.type !== "failure") return;
    const { status, retryAfter } = transportOf(event.error);
    isBusy = status === 429 || status === 503;
    if (retryAfter !== null) pace.hold(retryAfter);
  };
}

type Pace = ReturnType<typeof createPace>;

/** Makes a pace of evenly spaced turns, or of immediate turns if there is no rate. */
export function createPace(requestsPerSecond: number | undefined) {
  const interval = requestsPerSecond === undefined ? 0 : 1000 / requestsPerSecond;
  let next = 0;
  let last: Promise<unknown> = Promise.resolve();
  const charge = () => {
    next = Math.max(next, now()) + interval;
  };

  async function wait(signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    // In a loop, since the turn can be delayed meanwhile, and timers can be a moment early.
    for (let left = next - now(); left > 0; left = next - now()) {
      await pause({ timeMs: Math.min(Math.ceil(left), longestTimer), signal });
    }
    charge();
  }

  return {
    /** Waits for a turn, in the order of the calls. It throws the signal's reason when that aborts. */
    turn(signal: AbortSignal): Promise<void> {
      const turn = last.then(() => wait(signal));
      last = turn.catch(() => {});
      return turn;
    },
    /** Counts a request that started without a turn, which delays the next one. */
    charge,
    hold(timeMs: number): void {
      next = Math.max(next, now() + timeMs);
    },
  };
}
