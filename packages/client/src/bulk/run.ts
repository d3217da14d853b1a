import { type AutoExtendError, RequestError } from "../errors.js";
import type { Settings } from "../settings.js";
import { type OpenChunk, openChunk, settle } from "./chunk.js";
import type { BulkAccount, BulkEvent, BulkStop } from "./events.js";
import { idReader } from "./id-reader.js";
import { manyOptionsOf, type OrderIds, type SetAutoExtendManyOptions } from "./options.js";
import { createPace } from "./pace.js";
import { senderOf } from "./send.js";

/**
 * A run over many orders. It is driven by its iteration: without one nothing is sent, and while the consumer is busy with
 * an event no further chunk is begun.
 */
export interface SetAutoExtendManyRun extends AsyncIterable<BulkEvent> {
  /**
   * Begins the run; a run can be iterated once. Leaving the iteration, as by `break`, waits for the requests under way.
   *
   * @throws RequestError where it was begun before.
   */
  [Symbol.asyncIterator](): AsyncGenerator<BulkEvent, void, undefined>;
  /** The sums of all chunks that are finished, told of or not; final once the iteration has ended. */
  account(): BulkAccount;
}

/** Makes a run; see the client's method of this name. */
export function setAutoExtendMany(
  orderIds: OrderIds,
  options: SetAutoExtendManyOptions,
  settings: Settings,
): SetAutoExtendManyRun {
  const { fixed, chunkSize, concurrency, requestsPerSecond, signal } = manyOptionsOf(orderIds, options);
  const ids = idReader(orderIds, chunkSize);
  const halt = new AbortController();
  const send = senderOf({ fixed, settings, pace: createPace(requestsPerSecond), halt: halt.signal });
  const sums = { given: 0, duplicates: 0, changed: 0, refused: 0, unknown: 0, notTried: 0 };
  const totals = { ...sums, quantity: 0, chunks: 0, calls: 0 };
  const underWay = new Set<Promise<void>>();
  const finished: BulkEvent[] = [];
  let begun = false;
  let reading = false;
  let chunks = 0;
  let stopped: BulkStop | null = null;
  let error: AutoExtendError | null = null;
  let thrown: { readonly value: unknown } | null = null;
  let wake = () => {};

  async function* iterate(): AsyncGenerator<BulkEvent, void, undefined> {
    let ended = false;
    const abort = () => stop("aborted");
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    try {
      for (;;) {
        readOn();
        const event = finished.shift();
        if (event) yield event;
        else if (reading || underWay.size > 0) await new Promise<void>((resolve) => (wake = resolve));
        else break;
      }
      ended = true;
      if (thrown !== null) throw thrown.value;
    } finally {
      signal?.removeEventListener("abort", abort);
      if (!ended) {
        stop("left");
        readOn();
        await Promise.all(underWay);
      }
      await ids.close();
    }
  }

  /** Takes a chunk where there is room for one. Those that are finished and not told of take up room as well. */
  function readOn(): void {
    if (stopped !== null && (!ids.inHand || stopped === "left")) {
      // A pull under way may never end: what it has brought is all there is.
      reading = false;
      ids.close().catch(() => {}); // It is awaited at the end.
      begin(ids.claim());
    } else if (!reading && !ids.exhausted() && underWay.size + finished.length < concurrency) {
      reading = true;
      ids
        .fill()
        .catch(giveUp)
        .then(() => {
          reading = false;
          begin(ids.claim());
          wake();
        });
    }
  }

  function begin(taken: readonly string[]): void {
    if (taken.length === 0) return;
    const chunk = openChunk(chunks++, taken.length);
    const work = settle(chunk, taken, { send, maxRetryAfter: settings.retry.maxRetryAfter, stop })
      .catch(giveUp)
      .then(() => {
        count(chunk);
        finished.push(chunk);
        underWay.delete(work);
        wake();
      });
    underWay.add(work);
  }

  function count(chunk: OpenChunk): void {
    const { given, duplicates, changed, refused, unknown, notTried } = chunk;
    const settled = duplicates + changed.length + refused.length + unknown.length + notTried.length;
    totals.given += given;
    totals.duplicates += duplicates;
    totals.changed += changed.length;
    totals.refused += refused.length;
    // What was being settled when something was thrown that nobody foresaw is unknown.
    totals.unknown += unknown.length + given - settled;
    totals.notTried += notTried.length;
    totals.quantity += chunk.quantity;
    totals.chunks++;
    totals.calls += chunk.calls;
  }

  function stop(why: BulkStop, reason: AutoExtendError | null = null): void {
    const isOver = ids.exhausted() && !reading && underWay.size === 0;
    if (stopped !== null || isOver) return;
    stopped = why;
    error = reason;
    halt.abort();
    wake();
  }

  function giveUp(value: unknown): void {
    thrown ??= { value };
    stop("thrown");
  }

  return Object.freeze({
    [Symbol.asyncIterator]() {
      if (begun) {
        throw new RequestError([{ path: "", message: "The run was begun before: make a new one" }]);
      }
      begun = true;
      return iterate();
    },
    account: () => ({ ...totals, exhausted: ids.exhausted(), stopped, error }),
  });
}
