/** Asks for prices: of groups in chunks, and of single orders for a forecast. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ApiError,
  type Client,
  isApiError,
  isHttpError,
  type PriceExtensionResult,
} from "@auto-extend/client";
import { describeErrorCode, insufficientFundsCode, roundAmount, sumOfAmounts } from "@auto-extend/core";
import { announcePause } from "../app/connection.js";
import type { Context } from "../app/context.js";
import { CliError } from "../app/errors.js";
import { isTrouble } from "../app/failure.js";
import { cleanShort } from "../app/format.js";
import { hasBar, type Progress, progressOf } from "../app/progress.js";
import { chunkSizeOf, type Group, longestPauseMs, ordersIn } from "./plan.js";
import type { Prices } from "./types.js";

export interface PriceOptions {
  readonly chunkSize?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly rate?: number | undefined;
  readonly promoCode?: string | undefined;
  readonly force?: boolean | undefined;
}

/**
 * Prices groups in chunks. A chunk that is refused because of an order is halved until the orders without a price are
 * found.
 *
 * @throws AutoExtendError if the server cannot be asked, or if nothing could be priced.
 */
export async function priceGroups(
  context: Context,
  client: Client,
  { groups, options }: { readonly groups: readonly Group[]; readonly options: PriceOptions },
): Promise<Prices> {
  const { chunkSize = 100, promoCode, force = false } = options;
  const { signal } = context.io;
  const orders = ordersIn(groups);
  const warnings = new Map<number, string>();
  let last: PriceExtensionResult | undefined;
  let refusal: ApiError | undefined;
  let chunks = 0;
  const run = new PriceRun(context, { ...options, total: orders, requests: orders / chunkSize });

  async function price(group: Group, orderIds: readonly string[]): Promise<void> {
    const answer = await run.ask(() => requestPrice(client, group, { orderIds, promoCode, signal }));
    if (!isApiError(answer)) {
      group.price = sumOfAmounts([group.price, roundAmount(answer.price)]);
      group.priced += orderIds.length;
      for (const { code, message } of answer.warnings ?? []) warnings.set(code, message);
      last = answer;
      run.count(orderIds);
    } else if (isAboutOrders(answer.code) && orderIds.length > 1) {
      const middle = Math.ceil(orderIds.length / 2);
      await price(group, orderIds.slice(0, middle));
      await price(group, orderIds.slice(middle));
    } else {
      refusal ??= answer;
      run.refuse(answer, orderIds, group.inParts);
    }
  }

  await run.all(chunksOf(groups, chunkSize), async ({ group, orderIds }) => {
    chunks++;
    await price(group, orderIds);
  });
  if (refusal && !force && groups.every(({ priced }) => priced === 0)) throw refusal;
  const { unpriced, currency } = run;
  return {
    orders,
    priced: unpriced.reduce((left, reason) => left - reason.orders, orders),
    ...totals(groups, { last, warnings, currency }),
    unpriced,
    promoCodeStatus: last?.promoCodeStatus ?? null,
    discount: chunks === 1 ? (last?.discount ?? null) : null,
  };
}

function requestPrice(
  client: Client,
  { proxyType, rentPeriodDays, addressesOf }: Group,
  {
    orderIds,
    promoCode,
    signal,
  }: { orderIds: readonly string[]; promoCode: string | undefined; signal: AbortSignal | undefined },
): Promise<PriceExtensionResult> {
  const request = { proxyType, rentPeriodDays, ...(promoCode && { promoCode }) };
  if (addressesOf === null) return client.priceExtension({ ...request, orderIds }, { signal });
  const ipAddressIds = orderIds.flatMap(addressesOf);
  return client.priceExtensionByIpAddress({ ...request, ipAddressIds }, { signal });
}

/** Whether a refusal is about one of several orders, so that halving them finds out which. */
function isAboutOrders(code: number): boolean {
  const { about } = describeErrorCode(code);
  return about === "order" || about === "addresses";
}

function totals(
  groups: readonly Group[],
  {
    last,
    warnings,
    currency,
  }: {
    last: PriceExtensionResult | undefined;
    warnings: Map<number, string>;
    currency: string | null;
  },
) {
  const hasPrice = groups.some(({ priced }) => priced > 0);
  const price = hasPrice ? sumOfAmounts(groups.map((group) => group.price)) : null;
  const balance = last?.balance == null ? null : roundAmount(last.balance);
  const balanceAfter = balance === null || price === null ? null : sumOfAmounts([balance, -price]);
  // Each chunk alone may be covered, and all of them together not.
  if (balanceAfter !== null && balanceAfter < 0 && !warnings.has(insufficientFundsCode)) {
    warnings.set(insufficientFundsCode, "Insufficient funds on balance for all orders together");
  }
  return {
    ...{ price, balance, balanceAfter, currency },
    warnings: [...warnings].map(([code, message]) => ({ code, message })),
  };
}

async function* chunksOf(groups: readonly Group[], chunkSize: number) {
  for (const group of groups) {
    const size = chunkSizeOf(group, chunkSize);
    let chunk: string[] = [];
    for await (const orderIds of group.ids.read()) {
      for (const orderId of orderIds) {
        chunk.push(orderId);
        if (chunk.length < size) continue;
        yield { group, orderIds: chunk };
        chunk = [];
      }
    }
    if (chunk.length > 0) yield { group, orderIds: chunk };
  }
}

interface RunOptions extends Pick<PriceOptions, "concurrency" | "rate"> {
  /** The currency of the balance; empty if it is not known. */
  readonly currency?: string;
  /** Orders or prices. */
  readonly total: number;
  readonly requests: number;
}

/** How often a server may ask to wait before we give up. */
const maxHolds = 1_000;
const maxNamed = 1_000;

/** The price requests of a command: their pace, a bar, and what became of them. */
export class PriceRun {
  readonly #context: Context;
  readonly #concurrency: number;
  readonly #intervalMs: number;
  readonly #progress: Progress | null;
  readonly #standing = { done: 0, failed: 0 };
  readonly #currencies: Set<string>;
  readonly #reasons = new Map<number, Prices["unpriced"][number]>();
  readonly #parts = new Set<string>();
  #next = 0;
  #holds = 0;

  constructor(context: Context, { concurrency = 4, rate, currency = "", total, requests }: RunOptions) {
    this.#context = context;
    this.#concurrency = concurrency;
    this.#intervalMs = rate === undefined ? 0 : 1000 / rate;
    this.#currencies = new Set(currency === "" ? [] : [currency]);
    // Elsewhere than on a terminal, lines about prices would be in the way.
    const isShown = requests > 1 && hasBar(context);
    this.#progress = isShown ? progressOf(context, { label: "Pricing", total, before: 0 }) : null;
  }

  /**
   * Works through items, several at a time.
   *
   * @throws CliError if the amounts are in different currencies: they have no sum, and no balance covers them.
   */
  async all<Item>(
    items: AsyncIterableIterator<Item> | IterableIterator<Item>,
    work: (item: Item) => Promise<void>,
  ): Promise<void> {
    const worker = async () => {
      for await (const item of items) await work(item);
    };
    await Promise.all(Array.from({ length: this.#concurrency }, worker)).finally(() =>
      this.#progress?.clear(),
    );
    this.#checkCurrencies();
  }

  /**
   * Sends a request in its turn. If the server asks for a short pause even after the client's retries, all wait and the
   * request is sent again: the prices so far would be lost otherwise.
   *
   * @returns the answer; or a refusal that says nothing about other orders.
   */
  async ask(request: () => Promise<PriceExtensionResult>): Promise<PriceExtensionResult | ApiError> {
    for (;;) {
      await this.#turn();
      try {
        const answer = await request();
        if (answer.currency) this.#currencies.add(answer.currency);
        return answer;
      } catch (error) {
        const holdMs = holdOf(error);
        if (holdMs === null || this.#holds++ >= maxHolds) return refusalIn(error);
        this.#next = Math.max(this.#next, performance.now() + holdMs);
        announcePause(this.#context, holdMs);
      }
    }
  }

  async #turn(): Promise<void> {
    const { signal } = this.#context.io;
    for (let left = this.#left(); left > 0; left = this.#left()) {
      await sleep(Math.ceil(left), undefined, signal ? { signal } : {});
    }
    this.#next = Math.max(this.#next, performance.now()) + this.#intervalMs;
  }

  #left(): number {
    return this.#next - performance.now();
  }

  count({ length }: readonly string[], failed = 0): void {
    this.#standing.done += length;
    this.#standing.failed += failed;
    this.#progress?.show(this.#standing);
  }

  /** @param inParts orders of which other requests have parts: they count once. */
  refuse(
    { code, providerMessage: message }: ApiError,
    orderIds: readonly string[],
    inParts?: ReadonlyMap<string, unknown>,
  ): void {
    const added = orderIds.filter((orderId) => !this.#parts.has(orderId));
    for (const orderId of orderIds) if (inParts?.has(orderId)) this.#parts.add(orderId);
    const { orders = 0, first = [] } = this.#reasons.get(code) ?? {};
    const named = [...first, ...added.slice(0, maxNamed - first.length)];
    this.#reasons.set(code, { code, message, orders: orders + added.length, first: named });
    this.count(orderIds, orderIds.length);
  }

  get unpriced(): Prices["unpriced"] {
    return [...this.#reasons.values()];
  }

  get currency(): string | null {
    return [...this.#currencies][0] ?? null;
  }

  #checkCurrencies(): void {
    if (this.#currencies.size <= 1) return;
    const names = [...this.#currencies].map((each) => cleanShort(each)).join(", ");
    throw new CliError("AmountError", `The amounts are in different currencies: ${names}.`, {
      whatToDo:
        "They have no sum. auto-extend price shows the price of each order; --no-preview asks for none.",
    });
  }
}

/** How long to wait before the next request; `null` if it is not a rate limit, or too long to wait. */
function holdOf(error: unknown): number | null {
  if (!(isHttpError(error) || isApiError(error)) || error.status !== 429) return null;
  const holdMs = error.retryAfter ?? 1_000;
  return holdMs <= longestPauseMs ? holdMs : null;
}

function refusalIn(error: unknown): ApiError {
  // Under such a status the error code says nothing about the orders.
  if (isApiError(error) && !isTrouble(error) && error.description.about !== "key") return error;
  throw error;
}
