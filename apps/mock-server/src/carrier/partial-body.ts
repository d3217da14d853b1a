import type { Ending } from "../engine/faults/deliver.js";
import { connectionEnded } from "./connection-ended.js";
import { pause, type Wait } from "./pause.js";

/** How a body comes that does not simply come. */
type PartialEnding = Exclude<Ending, { how: "whole" }>;

/**
 * The body of an answer that comes in drops, breaks off half-way, or stays there. No timer runs but while somebody reads.
 *
 * @param options the caller's signal, and what is to be called once no more will come: all of it was read, or the caller
 * has cancelled it or aborted.
 */
export function partialBody(
  bytes: Uint8Array,
  ending: PartialEnding,
  { signal, held, through }: Wait & { readonly through: () => void },
): ReadableStream<Uint8Array> {
  const over = new AbortController();
  over.signal.addEventListener("abort", through, { once: true });
  const parts = partsOf(bytes, ending, { signal: over.signal, held });

  function start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const abort = () => {
      controller.error(signal.reason);
      over.abort(signal.reason);
    };
    signal.addEventListener("abort", abort, { signal: over.signal });
  }

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const part = await parts.next();
      if (!part.done) return controller.enqueue(part.value);
      controller.close();
    } catch (error) {
      controller.error(error);
    }
    over.abort();
  }

  return new ReadableStream({ start, pull, cancel: (reason) => over.abort(reason) }, { highWaterMark: 0 });
}

async function* partsOf(bytes: Uint8Array, ending: PartialEnding, wait: Wait): AsyncGenerator<Uint8Array> {
  if (ending.how === "drip") {
    for (let sent = 0; sent < bytes.length; sent += ending.bytes) {
      if (sent > 0) await pause(ending.everyMs, wait);
      yield bytes.subarray(sent, sent + ending.bytes);
    }
    return;
  }
  yield bytes.subarray(0, bytes.length >> 1);
  if (ending.how === "hang") await pause("for ever", wait);
  throw connectionEnded("terminated");
}
