import { longestTimer, pause, type setAutoExtend, throwIfAborted } from "@auto-extend/core";
import { call, now } from "../call/call.js";
import type { Success } from "../call/classify.js";
import type { Endpoint } from "../call/outgoing.js";
import { AutoExtendError, HttpError, transportOf } from "../errors.js";
import type { Emit } from "../events.js";
import type { ChunkInfo } from "./options.js";

/** The part of a chunk's requests that is the same for all its orders. */
export type ChunkGroup = Omit<ChunkInfo, "index">;

export interface Sender {
  /** Sends one call. It returns `null` if the call was not sent, because the run stopped. */
  send(
    group: ChunkGroup,
    orderIds: readonly string[],
  ): Promise<Success<typeof setAutoExtend> | AutoExtendError | null>;
  /** Waits until a request may be sent. It throws the reason if none may be. */
  turn(signal: AbortSignal | undefined): Promise<void>;
}

interface SenderContext {
  readonly endpoint: Endpoint<typeof setAutoExtend>;
  readonly requestsPerSecond: number | undefined;
  readonly halt: AbortSignal;
  readonly autoExtend: boolean;
}

/** Makes what sends the calls of a run. A pause that the server asks for delays the turns of all. */
export function senderOf({ endpoint, requestsPerSecond, halt, autoExtend }: SenderContext): Sender {
  const { settings } = endpoint;
  const pace = createPace(requestsPerSecond);
  let longPause: HttpError | null = null;

  async function turn(signal: AbortSignal | undefined): Promise<void> {
    await pace.turn(signal);
    if (longPause) throw longPause;
  }

  return {
    turn,
    async send(group, orderIds) {
      const paced = { ...endpoint, settings: { ...settings, emit: pacedEmit(settings.emit, pace) } };
      try {
        await turn(halt);
        const success = await call(paced, { ...group, autoExtend, orderIds }, { noMoreRetries: halt });
        const { status, retryAfterMs: retryAfter } = success;
        if (Number(retryAfter) <= settings.retry.maxRetryAfter) pace.hold(Number(retryAfter));
        else longPause = new HttpError({ status, retryAfter, body: "" }, lastCall, unsentCall);
        return success;
      } catch (error) {
        if (error instanceof AutoExtendError) return error;
        if (halt.aborted) return null;
        throw error;
      }
    },
  };
}

const lastCall = { problem: "The last call succeeded, and no other was made." };
const unsentCall = { effect: "none", attempts: 0, request: null } as const;

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

  async function wait(signal: AbortSignal | undefined): Promise<void> {
    throwIfAborted(signal);
    // In a loop, since the turn can be delayed meanwhile, and timers can be a moment early.
    for (let left = next - now(); left > 0; left = next - now()) {
      await pause({ timeMs: Math.min(Math.ceil(left), longestTimer), signal });
    }
    charge();
  }

  return {
    /** Waits for a turn, in the order of the calls. It throws the signal's reason when that aborts. */
    turn(signal: AbortSignal | undefined): Promise<void> {
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
