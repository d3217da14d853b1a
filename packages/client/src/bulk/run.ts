import { setAutoExtend as operation, whenAborted } from "@auto-extend/core";
import { endpointOf } from "../call/outgoing.js";
import { AutoExtendError, RequestError, transportOf } from "../errors.js";
import type { Settings } from "../options.js";
import type { CallOptions, ListIpAddressesInput, ListIpAddressesResult } from "../types.js";
import { openChunk, processChunk, type StopScope } from "./chunk.js";
import type { BulkChunk, BulkStop, BulkSummary } from "./events.js";
import { type IdReader, idReader } from "./id-reader.js";
import { createOrderLookup, type OrderLookup } from "./lookup.js";
import {
  type ManyOptions,
  type OrderIds,
  readManyOptions,
  type SetAutoExtendManyOptions,
} from "./options.js";
import { type ChunkGroup, type Send, senderOf } from "./send.js";
import { createTally } from "./tally.js";

/** A run over many orders. Nothing is sent until you start it, once. It is not a promise: awaiting it sends nothing. */
export interface SetAutoExtendManyRun extends AsyncIterable<BulkChunk> {
  /** Runs to the end. It throws the error of the source of IDs or of `beforeChunk`, or a RequestError if it was started before. */
  finish(): Promise<BulkSummary>;
  /** Starts the run. A loop that ends early waits for requests under way; while it handles an event, no further chunk starts. */
  [Symbol.asyncIterator](): AsyncGenerator<BulkChunk, void, undefined>;
  /** The counts over all finished chunks, whether or not their events were consumed. They are final once the run has ended. */
  summary(): BulkSummary;
}

interface RunContext {
  readonly settings: Settings;
  readonly list: (request: ListIpAddressesInput, options: CallOptions) => Promise<ListIpAddressesResult>;
}

export function setAutoExtendMany(
  orderIds: OrderIds,
  options: SetAutoExtendManyOptions,
  context: RunContext,
): SetAutoExtendManyRun {
  const run = new BulkRun(orderIds, readManyOptions(orderIds, options), context);
  let isStarted = false;
  const start = () => {
    const message = "The run was started before: create a new one";
    if (isStarted) throw new RequestError([{ path: "", message }]);
    isStarted = true;
    return run.iterate();
  };
  return {
    async finish() {
      for await (const _ of start()) {
        // The summary counts them.
      }
      return run.summary();
    },
    [Symbol.asyncIterator]: start,
    summary: () => run.summary(),
  };
}

class BulkRun {
  readonly #options: ManyOptions;
  readonly #context: RunContext;
  readonly #ids: IdReader;
  readonly #send: Send;
  readonly #tally;
  readonly #halt = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  readonly #finished: BulkChunk[] = [];
  /** The type and period of all orders; `null` if they are looked up. */
  readonly #fixedGroup: ChunkGroup | null;
  /** The groups that the provider refused as such, each with its first refusal. */
  readonly #refusedGroups = new Map<string, AutoExtendError>();
  #lookup: OrderLookup | null = null;
  #isReading = false;
  #chunks = 0;
  #stopped: BulkStop | null = null;
  #error: AutoExtendError | null = null;
  #thrown: { readonly value: unknown } | null = null;
  #wake = () => {};

  constructor(orderIds: OrderIds, options: ManyOptions, context: RunContext) {
    const { settings } = context;
    const { proxyType, rentPeriodDays, chunkSize, requestsPerSecond, autoExtend } = options;
    this.#options = options;
    this.#context = context;
    this.#ids = idReader(orderIds, { chunkSize, keyOf: (id) => keyOf(this.#groupOf(id)) });
    const endpoint = endpointOf(operation, settings);
    this.#send = senderOf({ endpoint, requestsPerSecond, halt: this.#halt.signal, autoExtend });
    this.#tally = createTally(options.readBack);
    this.#fixedGroup = proxyType && rentPeriodDays ? { proxyType, rentPeriodDays } : null;
  }

  async *iterate(): AsyncGenerator<BulkChunk, void, undefined> {
    const { signal } = this.#options;
    let isEnded = false;
    if (signal?.aborted) this.#stop("aborted");
    const unlisten = signal && whenAborted(signal, () => this.#stop("aborted"));
    try {
      await this.#lookUp();
      yield* this.#chunkEvents();
      isEnded = true;
      if (this.#thrown !== null) throw this.#thrown.value;
      await this.#readBack();
    } finally {
      unlisten?.();
      if (!isEnded) {
        this.#stop("left");
        this.#readOn();
        await Promise.all(this.#underWay);
      }
      await this.#ids.close();
    }
  }

  summary(): BulkSummary {
    const [refused = null] = this.#refusedGroups.values();
    return {
      ...this.#tally.counts(),
      exhausted: this.#ids.isExhausted(),
      stopped: this.#stopped ?? (refused && "refused"),
      error: this.#error ?? refused,
    };
  }

  /** Reads the list if the options lack the type or period. Without the list nothing is sent. */
  async #lookUp(): Promise<void> {
    if (this.#fixedGroup !== null || this.#stopped !== null) return;
    try {
      const list = await this.#readList(this.#halt.signal);
      this.#lookup = createOrderLookup(list, this.#options);
    } catch (caught) {
      if (caught instanceof AutoExtendError) this.#stop("failed", caught);
      else if (!this.#halt.signal.aborted) this.#giveUp(caught);
    }
  }

  #readList(signal: AbortSignal | undefined): Promise<ListIpAddressesResult> {
    const { proxyType } = this.#options;
    return this.#context.list({ proxyType }, { signal });
  }

  async *#chunkEvents(): AsyncGenerator<BulkChunk, void, undefined> {
    for (;;) {
      this.#readOn();
      const event = this.#finished.shift();
      if (event) yield event;
      else if (this.#isReading || this.#underWay.size > 0) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      } else return;
    }
  }

  /** Takes a chunk if there is room for one. Finished chunks whose events were not consumed take up room as well. */
  #readOn(): void {
    const ids = this.#ids;
    if (this.#stopped !== null && (!ids.inMemory || this.#stopped === "left")) {
      // A pull under way may never end, so the run ends with the IDs that were taken so far.
      this.#isReading = false;
      ids.close().catch(() => {}); // It is awaited at the end.
      for (let taken = ids.claim(); taken.length > 0; taken = ids.claim()) this.#begin(taken);
      return;
    }
    const isFull = this.#underWay.size + this.#finished.length >= this.#options.concurrency;
    if (this.#isReading || ids.isExhausted() || isFull) return;
    this.#isReading = true;
    ids
      .fill()
      .catch((caught) => this.#giveUp(caught))
      .then(() => {
        this.#isReading = false;
        this.#begin(ids.claim());
        this.#wake();
      });
  }

  #begin(taken: readonly string[]): void {
    const [first] = taken;
    if (first === undefined) return;
    const group = this.#groupOf(first);
    const chunk = openChunk(this.#chunks++, taken.length, group);
    const work = processChunk(chunk, taken, {
      group,
      lookup: this.#lookup,
      beforeChunk: this.#options.beforeChunk,
      send: async (orderIds) => (group && this.#isOpen(group) ? this.#send(group, orderIds) : null),
      ipAddressesOf: this.#options.ipAddressesOf,
      settings: this.#context.settings,
      isStopped: () => this.#stopped !== null || !this.#isOpen(group),
      stop: (scope, reason) => this.#stopBy(scope, reason, group),
    })
      .catch((caught) => this.#giveUp(caught))
      .then(() => {
        this.#tally.addChunk(chunk);
        this.#finished.push(chunk);
        this.#underWay.delete(work);
        const { calls, changed, refused } = this.#tally.counts();
        const [lost] = chunk.unknown;
        // A server that has not settled the state of a single order would leave all others unknown as well.
        if (lost && calls > 9 && changed + refused === 0) this.#stop("failed", lost.error);
        this.#wake();
      });
    this.#underWay.add(work);
  }

  /** `null` if it is not known how to send the order. */
  #groupOf(orderId: string): ChunkGroup | null {
    if (this.#lookup === null) return this.#fixedGroup;
    const order = this.#lookup(orderId);
    return "reason" in order ? null : { proxyType: order.proxyType, rentPeriodDays: order.rentPeriodDays };
  }

  #isOpen(group: ChunkGroup | null): boolean {
    return !this.#refusedGroups.has(keyOf(group));
  }

  #stopBy(scope: StopScope, reason: AutoExtendError, group: ChunkGroup | null): void {
    if (scope !== "group") this.#stop(scope, reason);
    else if (this.#fixedGroup !== null) this.#stop("refused", reason);
    else if (this.#isOpen(group)) this.#refusedGroups.set(keyOf(group), reason);
  }

  /** The first reason counts, unless the run is over. */
  #stop(why: BulkStop, reason: AutoExtendError | null = null): void {
    const hasEnded = this.#ids.isExhausted() && !this.#isReading && this.#underWay.size === 0;
    if (this.#stopped !== null || hasEnded) return;
    this.#stopped = why;
    this.#error = reason;
    this.#halt.abort();
    this.#wake();
  }

  #giveUp(value: unknown): void {
    this.#thrown ??= { value };
    this.#stop("thrown");
  }

  /** After an abort nothing more is sent, and neither is during a pause that the server asked for. */
  async #readBack(): Promise<void> {
    const { autoExtend, signal } = this.#options;
    const pauseMs = transportOf(this.#error).retryAfter ?? 0;
    if (this.#stopped !== "aborted" && pauseMs <= this.#context.settings.retry.maxRetryAfter) {
      await this.#tally.readBack(autoExtend, () => this.#readList(signal));
    }
  }
}

function keyOf(group: ChunkGroup | null): string {
  return group === null ? "" : `${group.proxyType} ${group.rentPeriodDays}`;
}
