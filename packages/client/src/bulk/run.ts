import { setAutoExtend as operation } from "@auto-extend/core";
import { endpointOf } from "../call/outgoing.js";
import { whenAborted } from "../call/time-limit.js";
import { AutoExtendError, RequestError, transportOf } from "../errors.js";
import type { Settings } from "../options.js";
import type { CallOptions, ListIpAddressesInput, ListIpAddressesResult } from "../types.js";
import { openChunk, processChunk, type StopScope } from "./chunk.js";
import type { BulkEvent, BulkStop, BulkSummary } from "./events.js";
import { idReader } from "./id-reader.js";
import { createOrderLookup, type OrderLookup } from "./lookup.js";
import {
  type ManyOptions,
  type OrderIds,
  readManyOptions,
  type SetAutoExtendManyOptions,
} from "./options.js";
import { createPace } from "./pace.js";
import { readBack } from "./read-back.js";
import { type ChunkGroup, senderOf } from "./send.js";
import { createTally } from "./tally.js";

/**
 * A run over many orders. Nothing is sent until it is started, once, by `finish()` or by iterating over its events. While
 * the consumer is busy with an event, no further chunk is begun. It is no promise: returning it from an async function
 * does not start it.
 */
export interface SetAutoExtendManyRun extends AsyncIterable<BulkEvent> {
  /**
   * Runs to the end.
   *
   * @returns the summary.
   * @throws what the source of ids or `beforeChunk` throws, and a RequestError if the run was started before.
   */
  finish(): Promise<BulkSummary>;
  /**
   * Starts the run. Leaving the iteration, as by `break`, waits for the requests under way.
   *
   * @throws RequestError if the run was started before.
   */
  [Symbol.asyncIterator](): AsyncGenerator<BulkEvent, void, undefined>;
  /** The counts over all finished chunks, whether or not their events were consumed. It is final once the run has ended. */
  summary(): BulkSummary;
}

/** What a run needs of its client. */
interface RunContext {
  readonly settings: Settings;
  readonly list: (request: ListIpAddressesInput, options: CallOptions) => Promise<ListIpAddressesResult>;
}

/** Makes a run; see the client's method of this name. */
export function setAutoExtendMany(
  orderIds: OrderIds,
  options: SetAutoExtendManyOptions,
  context: RunContext,
): SetAutoExtendManyRun {
  const run = runOf(orderIds, readManyOptions(orderIds, options), context);
  let isStarted = false;
  const start = () => {
    if (isStarted)
      throw new RequestError([{ path: "", message: "The run was started before: make a new one" }]);
    isStarted = true;
    return run.iterate();
  };
  return Object.freeze({
    async finish() {
      for await (const _ of start()) {
        // The summary counts them.
      }
      return run.summary();
    },
    [Symbol.asyncIterator]: start,
    summary: run.summary,
  });
}

function runOf(orderIds: OrderIds, options: ManyOptions, { settings, list }: RunContext) {
  const { autoExtend, proxyType, rentPeriodDays, beforeChunk } = options;
  const ids = idReader(orderIds, { chunkSize: options.chunkSize, keyOf: (id) => keyOf(groupOf(id)) });
  const halt = new AbortController();
  const pace = createPace(options.requestsPerSecond);
  const endpoint = endpointOf(operation, settings);
  const send = senderOf({ endpoint, settings, pace, halt: halt.signal, autoExtend });
  const tally = createTally(options.readBack);
  const underWay = new Set<Promise<void>>();
  const finished: BulkEvent[] = [];
  const fixedGroup = proxyType && rentPeriodDays ? { proxyType, rentPeriodDays } : null;
  /** The groups that the provider refused as such, and what it refused first. */
  const refusedGroups = new Map<string, AutoExtendError>();
  let lookup: OrderLookup | null = null;
  let isReading = false;
  let chunks = 0;
  let stopped: BulkStop | null = null;
  let error: AutoExtendError | null = null;
  let thrown: { readonly value: unknown } | null = null;
  let wake = () => {};

  async function* iterate(): AsyncGenerator<BulkEvent, void, undefined> {
    let isEnded = false;
    if (options.signal?.aborted) stop("aborted");
    const unlisten = options.signal && whenAborted(options.signal, () => stop("aborted"));
    try {
      await lookUp();
      yield* chunkEvents();
      isEnded = true;
      if (thrown !== null) throw thrown.value;
      await readStateBack();
    } finally {
      unlisten?.();
      if (!isEnded) {
        stop("left");
        readOn();
        await Promise.all(underWay);
      }
      await ids.close();
    }
  }

  /** Reads the list if the options lack the type or period. Without the list nothing is sent. */
  async function lookUp(): Promise<void> {
    if (fixedGroup !== null || stopped !== null) return;
    try {
      const found = await list(proxyType === undefined ? {} : { proxyType }, { signal: halt.signal });
      lookup = createOrderLookup(found, options);
    } catch (caught) {
      if (caught instanceof AutoExtendError) stop("failed", caught);
      else if (!halt.signal.aborted) giveUp(caught);
    }
  }

  async function* chunkEvents(): AsyncGenerator<BulkEvent, void, undefined> {
    for (;;) {
      readOn();
      const event = finished.shift();
      if (event) yield event;
      else if (isReading || underWay.size > 0) await new Promise<void>((resolve) => (wake = resolve));
      else return;
    }
  }

  /** Takes a chunk if there is room for one. Finished chunks whose events were not consumed take up room as well. */
  function readOn(): void {
    if (stopped !== null && (!ids.inMemory || stopped === "left")) {
      // A pull under way may never end: what was taken so far is all there is.
      isReading = false;
      ids.close().catch(() => {}); // It is awaited at the end.
      for (let taken = ids.claim(); taken.length > 0; taken = ids.claim()) begin(taken);
    } else if (!isReading && !ids.isExhausted() && underWay.size + finished.length < options.concurrency) {
      isReading = true;
      ids
        .fill()
        .catch(giveUp)
        .then(() => {
          isReading = false;
          begin(ids.claim());
          wake();
        });
    }
  }

  function begin(taken: readonly string[]): void {
    const [first] = taken;
    if (first === undefined) return;
    const group = groupOf(first);
    const chunk = openChunk(chunks++, taken.length, group);
    const work = processChunk(chunk, taken, {
      group,
      lookup,
      beforeChunk,
      send: async (orderIds) => (group && isOpen(group) ? send(group, orderIds) : null),
      maxRetryAfter: settings.retry.maxRetryAfter,
      isStopped: () => stopped !== null || !isOpen(group),
      stop: (scope, reason) => stopBy(scope, reason, group),
    })
      .catch(giveUp)
      .then(() => {
        tally.addChunk(chunk);
        finished.push(chunk);
        underWay.delete(work);
        wake();
      });
    underWay.add(work);
  }

  /** `null` if it is not known how to send the order. */
  function groupOf(orderId: string): ChunkGroup | null {
    if (lookup === null) return fixedGroup;
    const order = lookup(orderId);
    return "reason" in order ? null : { proxyType: order.proxyType, rentPeriodDays: order.rentPeriodDays };
  }

  function isOpen(group: ChunkGroup | null): boolean {
    return !refusedGroups.has(keyOf(group));
  }

  function stopBy(scope: StopScope, reason: AutoExtendError, group: ChunkGroup | null): void {
    if (scope !== "group") stop(scope, reason);
    else if (fixedGroup !== null) stop("refused", reason);
    else if (isOpen(group)) refusedGroups.set(keyOf(group), reason);
  }

  function stop(why: BulkStop, reason: AutoExtendError | null = null): void {
    const isOver = ids.isExhausted() && !isReading && underWay.size === 0;
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

  /** After an abort nothing more is sent, and neither is during a pause that the server asked for. */
  async function readStateBack(): Promise<void> {
    const pauseMs = (error && transportOf(error).retryAfter) ?? 0;
    if (!options.readBack || tally.sent.length === 0) return;
    if (stopped === "aborted" || pauseMs > settings.retry.maxRetryAfter) return;
    const request = proxyType === undefined ? {} : { proxyType };
    const read = () => list(request, { signal: options.signal });
    tally.addReadBack(await readBack(tally.sent, autoExtend, read));
  }

  function summary(): BulkSummary {
    const [refused = null] = refusedGroups.values();
    const ending = stopped ?? (refused === null ? null : "refused");
    return { ...tally.counts(), exhausted: ids.isExhausted(), stopped: ending, error: error ?? refused };
  }

  return { iterate, summary };
}

function keyOf(group: ChunkGroup | null): string {
  return group === null ? "" : `${group.proxyType} ${group.rentPeriodDays}`;
}
