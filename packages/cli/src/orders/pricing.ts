/** Prices one renewal of orders, and spends nothing. */
import { type Client, isApiError, type PriceExtensionResult } from "@auto-extend/client";
import { describeErrorCode, insufficientFundsCode, sumOfAmounts } from "@auto-extend/core";
import type { z } from "zod/v3";
import type { Context } from "../app/context.js";
import { isTrouble } from "../app/failure.js";
import { type Column, counted, moneyText, numberText, table } from "../app/format.js";
import { createPace } from "./pace.js";
import { type Group, ordersIn } from "./plan.js";
import type { unpricedSchema, warningSchema } from "./prices-schema.js";

/** The prices of groups. Those of each group are in the group. */
export interface Prices {
  /** Orders that should be priced, and that `price` covers. */
  readonly orders: number;
  readonly priced: number;
  /** One renewal of all; `null` if nothing could be priced. */
  readonly price: number | null;
  /** `null` if the provider does not say. */
  readonly balance: number | null;
  /** The balance after one renewal of all; negative if it is not enough. */
  readonly balanceAfter: number | null;
  readonly currency: string | null;
  readonly warnings: readonly z.infer<typeof warningSchema>[];
  readonly unpriced: readonly z.infer<typeof unpricedSchema>[];
  /** The state of the promo code; `null` if none was sent. */
  readonly promoCodeStatus: string | null;
  /** The discount, if one request priced all; else `null`. */
  readonly discount: number | null;
}

export interface PriceOptions {
  readonly chunkSize?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly rate?: number | undefined;
  readonly promoCode?: string | undefined;
  /** Do not throw if nothing can be priced. */
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
  const { chunkSize = 100, concurrency = 4, rate, promoCode, force = false } = options;
  const { signal } = context.io;
  const pace = createPace({ perSecond: rate, signal });
  const unpriced = new Map<number, { code: number; message: string; orders: number }>();
  const warnings = new Map<number, string>();
  const answers: PriceExtensionResult[] = [];
  let refusal: unknown;

  async function price(group: Group, orderIds: readonly string[]): Promise<void> {
    const { proxyType, rentPeriodDays } = group;
    await pace.turn();
    try {
      const request = { proxyType, rentPeriodDays, orderIds, ...(promoCode && { promoCode }) };
      const answer = await client.priceExtension(request, { signal });
      group.price = sumOfAmounts([group.price, answer.price]);
      group.priced += orderIds.length;
      for (const { code, message } of answer.warnings ?? []) warnings.set(code, message);
      answers.splice(0, answers.length - 1, answer);
    } catch (error) {
      if (!isApiError(error) || isTrouble(error) || error.description.about === "key") throw error;
      if (isAboutOrders(error.code) && orderIds.length > 1) {
        const middle = Math.ceil(orderIds.length / 2);
        await price(group, orderIds.slice(0, middle));
        await price(group, orderIds.slice(middle));
        return;
      }
      const { code, providerMessage: message } = error;
      const known = unpriced.get(code)?.orders ?? 0;
      unpriced.set(code, { code, message, orders: known + orderIds.length });
      refusal ??= error;
    }
  }

  let chunks = 0;
  const source = chunksOf(groups, chunkSize);
  async function work(): Promise<void> {
    for await (const { group, orderIds } of source) {
      chunks++;
      await price(group, orderIds);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work));
  const priced = groups.reduce((sum, group) => sum + group.priced, 0);
  if (refusal && priced === 0 && !force) throw refusal;
  const last = answers.at(-1);
  return {
    ...totals(groups, { priced, last, warnings }),
    unpriced: [...unpriced.values()],
    promoCodeStatus: last?.promoCodeStatus ?? null,
    discount: chunks === 1 ? (last?.discount ?? null) : null,
  };
}

/** Whether a refusal is about one of several orders, so that halving them finds out which. */
function isAboutOrders(code: number): boolean {
  const { about } = describeErrorCode(code);
  return about === "order" || about === "addresses";
}

interface Answered {
  readonly priced: number;
  readonly last: PriceExtensionResult | undefined;
  readonly warnings: Map<number, string>;
}

function totals(groups: readonly Group[], { priced, last, warnings }: Answered) {
  const price = priced > 0 ? sumOfAmounts(groups.map((group) => group.price)) : null;
  const balance = last?.balance ?? null;
  const balanceAfter = balance === null || price === null ? null : sumOfAmounts([balance, -price]);
  // Each chunk alone may be covered, and all of them together not.
  if (balanceAfter !== null && balanceAfter < 0 && !warnings.has(insufficientFundsCode)) {
    warnings.set(insufficientFundsCode, "Insufficient funds on balance for all orders together");
  }
  return {
    ...{ orders: ordersIn(groups), priced, price, balance, balanceAfter },
    currency: last?.currency ?? null,
    warnings: [...warnings].map(([code, message]) => ({ code, message })),
  };
}

/** Chunks of all groups in turn. Several workers take from it. */
async function* chunksOf(groups: readonly Group[], size: number) {
  for (const group of groups) {
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

type Row = Group | "total";

/** One line a group, and a total if there are several. Prices that cover a part of the orders begin with `>=`. */
export function groupTable(groups: readonly Group[], prices: Prices | null, width: number): string[] {
  const sorted = groups.toSorted(
    (a, b) => a.proxyType.localeCompare(b.proxyType) || a.rentPeriodDays - b.rentPeriodDays,
  );
  const rows: Row[] = groups.length > 1 ? [...sorted, "total"] : sorted;
  const number = (of: (group: Group) => number) => (row: Row) =>
    numberText(row === "total" ? groups.reduce((sum, group) => sum + of(group), 0) : of(row));
  const states = new Set(groups.map(({ autoExtend }) => autoExtend));
  const already = states.size > 1 ? "Already so" : states.has(true) ? "Already on" : "Already off";
  const isLookedUp = groups.some((group) => group.unlisted < group.ids.count);
  const columns: Column<Row>[] = [
    { head: "Type", cell: (row) => (row === "total" ? "Total" : row.proxyType) },
    { head: "Days", cell: (row) => (row === "total" ? "" : String(row.rentPeriodDays)), right: true },
    ...(states.size > 1
      ? [{ head: "Switch", cell: (row: Row) => (row === "total" ? "" : row.autoExtend ? "on" : "off") }]
      : []),
    { head: "Orders", cell: number(({ ids }) => ids.count), right: true },
    ...(isLookedUp
      ? [
          { head: "Addresses", cell: number(({ addresses }) => addresses), right: true as const, dropped: 2 },
          { head: already, cell: number(({ alreadySet }) => alreadySet), right: true as const, dropped: 1 },
        ]
      : []),
    ...(prices
      ? [{ head: "Each renewal", cell: (row: Row) => priceCell(row, prices), right: true as const }]
      : []),
  ];
  return table(rows, columns, width);
}

function priceCell(row: Row, { price, currency, priced, orders }: Prices): string {
  if (row !== "total" && !row.autoExtend) return "";
  const [sum, isPart] =
    row === "total"
      ? [price, priced < orders]
      : [row.priced > 0 ? row.price : null, row.priced < row.ids.count];
  return sum === null ? "?" : `${isPart ? ">= " : ""}${moneyText(sum, currency)}`;
}

/** The lines below the table: how many orders are priced, and what is left of the balance. */
export function priceLines({ orders, priced, price, balance, balanceAfter, currency }: Prices): string[] {
  const lines =
    priced < orders ? [`${numberText(priced)} of ${counted(orders, "order is", "orders are")} priced.`] : [];
  if (price === null) return lines;
  if (balance === null || balanceAfter === null) return [...lines, "The provider did not send the balance."];
  const after =
    balanceAfter < 0
      ? `${moneyText(-balanceAfter, currency)} short of one renewal of all`
      : `${moneyText(balanceAfter, currency)} after one renewal of all`;
  return [...lines, `Balance: ${moneyText(balance, currency)}, ${after}.`];
}

/** Notes why orders have no price, and why a renewal would fail now. */
export function notePrices(context: Context, { unpriced, warnings }: Prices): void {
  for (const { code, message, orders } of unpriced) {
    context.note(`${counted(orders, "order has", "orders have")} no price: error ${code}, "${message}".`);
  }
  for (const { code, message } of warnings) {
    context.note(
      `A renewal would fail now: ${message} (${code}). Auto-extend can be switched on all the same.`,
    );
  }
}
