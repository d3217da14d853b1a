/** Requests for prices: their pace, the pauses that the server asks for, and the orders without a price. */
import { setTimeout as sleep } from "node:timers/promises";
import { type ApiError, isApiError, isHttpError } from "@auto-extend/client";
import { announcePause } from "../app/connection.js";
import type { Context } from "../app/context.js";
import { hasBar, progressOf } from "../app/progress.js";
import { longestPauseMs } from "./plan.js";
import type { Prices } from "./types.js";

/** How often a server may ask to wait before we give up. */
const maxHolds = 1_000;

/**
 * Sends requests, evenly spaced if there is a rate. If the server asks for a short pause even after the client's retries,
 * all of them wait and the request is sent again: the prices so far would be lost otherwise.
 */
export function createAsker(context: Context, perSecond: number | undefined) {
  const { signal } = context.io;
  const intervalMs = perSecond === undefined ? 0 : 1000 / perSecond;
  let next = 0;
  let holds = 0;

  async function turn(): Promise<void> {
    for (let left = next - performance.now(); left > 0; left = next - performance.now()) {
      await sleep(Math.ceil(left), undefined, signal ? { signal } : {});
    }
    next = Math.max(next, performance.now()) + intervalMs;
  }

  return async function ask<Answer>(request: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      await turn();
      try {
        return await request();
      } catch (error) {
        const holdMs = holdOf(error);
        if (holdMs === null || holds++ >= maxHolds) throw error;
        next = Math.max(next, performance.now() + holdMs);
        announcePause(context, holdMs);
      }
    }
  };
}

/** How long to wait before the next request; `null` if it is not a rate limit, or too long to wait. */
function holdOf(error: unknown): number | null {
  if (!(isHttpError(error) || isApiError(error)) || error.status !== 429) return null;
  const holdMs = error.retryAfter ?? 1_000;
  return holdMs <= longestPauseMs ? holdMs : null;
}

const maxNamed = 1_000;

/** Orders without a price, by the provider's reason. */
export class Unpriced {
  readonly #reasons = new Map<number, Prices["unpriced"][number]>();
  readonly #parts = new Set<string>();

  get reasons(): Prices["unpriced"] {
    return [...this.#reasons.values()];
  }

  get orders(): number {
    return this.reasons.reduce((sum, { orders }) => sum + orders, 0);
  }

  /** @param inParts orders of which other requests have parts: they count once. */
  add(
    { code, providerMessage: message }: ApiError,
    orderIds: readonly string[],
    inParts?: ReadonlyMap<string, unknown>,
  ): void {
    const added = orderIds.filter((orderId) => !this.#parts.has(orderId));
    for (const orderId of orderIds) if (inParts?.has(orderId)) this.#parts.add(orderId);
    const { orders = 0, first = [] } = this.#reasons.get(code) ?? {};
    const named = [...first, ...added.slice(0, maxNamed - first.length)];
    this.#reasons.set(code, { code, message, orders: orders + added.length, first: named });
  }
}

/** A bar, if it takes several requests and there is a terminal; elsewhere, lines about prices would be in the way. */
export function pricingBar(
  context: Context,
  { total, requests }: { readonly total: number; readonly requests: number },
) {
  const progress =
    requests > 1 && hasBar(context) ? progressOf(context, { label: "Pricing", total, before: 0 }) : null;
  const sum = { done: 0, failed: 0 };
  return {
    count(done: number, { failed }: { readonly failed: number }): void {
      sum.done += done;
      sum.failed += failed;
      progress?.show(sum);
    },
    clear: () => progress?.clear(),
  };
}
