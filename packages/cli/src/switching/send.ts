/** Sends the orders of a plan, group by group, and keeps tally and ledger up to date. */
import { setTimeout as sleep } from "node:timers/promises";
import { type AutoExtendError, isApiError } from "@auto-extend/client";
import { describeErrorCode, refusalScope } from "@auto-extend/core";
import type { OpenClient } from "../app/connection.js";
import type { Context } from "../app/context.js";
import { numberText } from "../app/format.js";
import { type Progress, progressOf, type Standing } from "../app/progress.js";
import { chunkSizeOf, groupName, type OrderList, ordersIn } from "../orders/plan.js";
import type { Ledger } from "./ledger.js";
import { type GroupTally, isFinished, rangesOf, recordOf, type Tally } from "./tally.js";

export interface SendOptions {
  readonly chunkSize: number;
  readonly concurrency: number | undefined;
  readonly rate: number | undefined;
}

export interface Stop {
  readonly why: "aborted" | "refused" | "failed" | "ledger";
  readonly error: AutoExtendError | Error | null;
}

interface Parts {
  readonly server: OpenClient;
  readonly tally: Tally;
  readonly ledger: Ledger | null;
  readonly list: OrderList | null;
  readonly options: SendOptions;
  /** The command that continues the run; `null` if the same command does. */
  readonly next: string | null;
}

/**
 * Sends what is not finished yet. Each chunk is in the ledger before it is sent, and its outcome before the run continues.
 *
 * @returns why the run ended early; `null` if it did not.
 */
export async function send(context: Context, parts: Parts): Promise<Stop | null> {
  const run = new Sending(context, parts);
  try {
    const { groups } = parts.tally;
    for (const [index, group] of groups.entries()) {
      const stop = await run.sendGroup(index, group);
      // Other groups have another proxy type or rental period.
      if (stop && (groups.length === 1 || !isAboutGroup(stop))) return stop;
    }
    return null;
  } finally {
    run.end();
  }
}

function isAboutGroup({ why, error }: Stop): boolean {
  if (why !== "refused" || !isApiError(error)) return false;
  return refusalScope(describeErrorCode(error.code).about) === "same-group";
}

class Sending {
  readonly #context: Context;
  readonly #parts: Parts;
  /** Aborts if the ledger cannot be written, so that nothing is sent that it does not have. */
  readonly #halt = new AbortController();
  readonly #signal: AbortSignal;
  /** `null` for a single chunk, which is over at once. */
  readonly #progress: Progress | null;
  readonly #interruption: () => void;
  /** The orders with an outcome of an earlier run that this one has not sent yet: they are not done. */
  readonly #stale: { failed: number; unknown: number };
  #ledgerError: Error | null = null;
  #hasSent = false;

  constructor(context: Context, parts: Parts) {
    const { io } = context;
    this.#context = context;
    this.#parts = parts;
    this.#signal = io.signal ? AbortSignal.any([io.signal, this.#halt.signal]) : this.#halt.signal;
    const total = ordersIn(parts.tally.groups.map(({ group }) => group));
    const { unknown, notTried } = parts.tally.counts();
    this.#stale = { unknown, failed: parts.tally.left() - notTried - unknown };
    const isLong = total > parts.options.chunkSize;
    this.#progress = isLong
      ? progressOf(context, { label: "Switching", total, before: this.#standing().done })
      : null;
    this.#interruption = () => {
      this.#progress?.clear();
      context.talk(
        `Interrupted: no more orders are sent, and requests under way are finished. A second interruption ends at once${parts.next === null ? "" : `. To continue then: ${parts.next}`}.`,
      );
    };
    io.signal?.addEventListener("abort", this.#interruption);
  }

  end(): void {
    this.#progress?.clear();
    this.#context.io.signal?.removeEventListener("abort", this.#interruption);
  }

  async sendGroup(index: number, tally: GroupTally): Promise<Stop | null> {
    await this.#keepDistance();
    const { server, options } = this.#parts;
    const { proxyType, rentPeriodDays, autoExtend, addressesOf } = tally.group;
    const client = addressesOf === null ? server.client : server.clientForParts(addressesOf);
    /** The places of orders that the client has taken, and of which it has not reported an outcome. */
    const places = new Map<string, number>();
    const run = client.setAutoExtendMany(unfinished(tally, places), {
      ...{ proxyType, rentPeriodDays, autoExtend, signal: this.#signal },
      ...{ concurrency: options.concurrency, requestsPerSecond: options.rate },
      chunkSize: chunkSizeOf(tally.group, options.chunkSize),
      ipAddressesOf: (orderId) => addressesOf?.(orderId) ?? this.#listedAddresses(orderId),
      beforeChunk: (orderIds) => this.#begin(index, orderIds.map(placeIn(places))),
    });
    try {
      for await (const chunk of run) await this.#takeChunk(chunk, index, places);
    } catch (error) {
      if (error !== this.#ledgerError) throw error;
    }
    if (this.#ledgerError) return { why: "ledger", error: this.#ledgerError };
    const { stopped, error } = run.summary();
    if (stopped === null || stopped === "left" || stopped === "thrown") return null;
    return { why: stopped, error };
  }

  async #takeChunk(chunk: SentChunk, index: number, places: Map<string, number>): Promise<void> {
    const { tally } = this.#parts;
    for (const { error } of chunk.refused) if (error) tally.keepError("refused", error);
    for (const { error } of chunk.unknown) tally.keepError("unknown", error);
    tally.keepAnswers(chunk.answers.map((answer) => this.#context.answerRedactor.value(answer)));
    const { redact } = this.#context;
    const record = recordOf(chunk, { group: index, placeOf: placeIn(places), redact });
    for (const orderId of answeredIn(chunk)) {
      const before = tally.groups[index]?.at(placeIn(places)(orderId)).name;
      if (before === "unknown") this.#stale.unknown--;
      else if (before !== "notTried") this.#stale.failed--;
    }
    tally.apply(record);
    await this.#write(record);
    this.#doubtInput(tally.groups[index], chunk.refused.length);
    this.#progress?.show(this.#standing());
    for (const orderId of [...answeredIn(chunk), ...chunk.notTried]) places.delete(orderId);
  }

  /** An answer that counts or names others may have switched something else. */
  #listedAddresses(orderId: string): string[] | undefined {
    const { list } = this.#parts;
    if (list?.gap !== null) return undefined;
    return list.byId.get(orderId)?.ipAddresses.map(({ ipAddressId }) => ipAddressId);
  }

  /** Each chunk of a wrong file is halved down to single orders. The run continues: an old file may begin with expired ones. */
  #doubtInput(tally: GroupTally | undefined, added: number): void {
    if (!tally) return;
    const { refused, notTried, ...others } = tally.counts();
    const isFirst = refused >= doubtful && refused - added < doubtful;
    if (!isFirst || notTried === 0 || Object.values(others).some((count) => count > 0)) return;
    this.#progress?.clear();
    this.#context.note(
      `All of the first ${numberText(refused)} orders of ${groupName(tally.group)} were refused, and ${numberText(notTried)} are left. If it is the wrong file or account, interrupt the run.`,
    );
  }

  #standing(): Standing {
    const { changed, doneBefore, ...counts } = this.#parts.tally.counts();
    const failed = counts.refused + counts.differs - this.#stale.failed;
    const unknown = counts.unknown - this.#stale.unknown;
    return { done: changed + doneBefore + failed + unknown, failed, unknown };
  }

  /** Each group has a pace of its own: its first request stays away from the last one of the group before. */
  async #keepDistance(): Promise<void> {
    const { rate } = this.#parts.options;
    if (rate === undefined || !this.#hasSent) return;
    // An interruption ends the pause, and the group then sends nothing.
    await sleep(1000 / rate, undefined, { signal: this.#signal }).catch(() => {});
  }

  async #begin(group: number, places: readonly number[]): Promise<void> {
    this.#hasSent = true;
    await this.#write({ at: new Date().toISOString(), group, begun: rangesOf(places) });
    if (this.#ledgerError) throw this.#ledgerError;
  }

  async #write(line: Parameters<Ledger["append"]>[0]): Promise<void> {
    if (this.#ledgerError) return;
    try {
      await this.#parts.ledger?.append(line);
    } catch (error) {
      // The requests under way are still reported, so that the summary is right.
      this.#ledgerError = error as Error;
      this.#halt.abort();
    }
  }
}

const doubtful = 200;

type SentChunk = Parameters<typeof recordOf>[0];

/** More than end a run if they are refused in a row, and few enough to be kept. */
const maxPostponed = 10_000;

/** Orders that were refused before come last, since as many of them in a row could end this run as well. */
async function* unfinished(
  tally: GroupTally,
  places: Map<string, number>,
): AsyncGenerator<string, void, undefined> {
  const refused: { readonly orderId: string; readonly place: number }[] = [];
  for await (const orders of tally.read()) {
    for (const { orderId, place, outcome } of orders) {
      if (isFinished(outcome)) continue;
      if (outcome.name === "refused" && refused.length < maxPostponed) refused.push({ orderId, place });
      else {
        places.set(orderId, place);
        yield orderId;
      }
    }
  }
  for (const { orderId, place } of refused) {
    places.set(orderId, place);
    yield orderId;
  }
}

function placeIn(places: ReadonlyMap<string, number>): (orderId: string) => number {
  return (orderId) => {
    const place = places.get(orderId);
    if (place === undefined) throw new RangeError("an order that was not sent");
    return place;
  };
}

function answeredIn({ changed, refused, unknown, unconfirmed }: SentChunk): string[] {
  return [...changed, ...[...refused, ...unknown, ...unconfirmed].map(({ orderId }) => orderId)];
}
