/** Prices one renewal of orders, and shows it with what a run will do. It spends nothing. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ApiError,
  type Client,
  isApiError,
  isHttpError,
  type PriceExtensionResult,
} from "@auto-extend/client";
import { describeErrorCode, insufficientFundsCode, roundAmount, sumOfAmounts } from "@auto-extend/core";
import { confirm } from "../app/confirm.js";
import { announcePause } from "../app/connection.js";
import type { Context } from "../app/context.js";
import { CliError, usageError } from "../app/errors.js";
import { isTrouble } from "../app/failure.js";
import { type Column, cleanShort, counted, moneyText, numberText, table } from "../app/format.js";
import { hasBar, progressOf } from "../app/progress.js";
import { chunkSizeOf, type Group, longestPauseMs, type OrderList, ordersIn, type Plan } from "./plan.js";
import type { Preview, Prices } from "./types.js";

export interface PriceOptions {
  readonly chunkSize?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly rate?: number | undefined;
  readonly promoCode?: string | undefined;
  readonly force?: boolean | undefined;
}

export interface PreviewOptions extends PriceOptions {
  readonly chunkSize: number;
  readonly yes: boolean;
  /** Continue although a period is not sold, or no order can be priced. */
  readonly force: boolean;
  readonly maxPrice: number | undefined;
  /** Whether the periods come from a ledger, so that no option changes them. */
  readonly arePeriodsFixed: boolean;
}

/** Above it, pricing takes so many requests that it asks first. */
const maxPricedUnasked = 10_000;

/** Checks, prices and shows what a run will switch. Groups that are switched off are shown without a price. */
export async function previewPlan(
  context: Context,
  client: Client,
  { groups: all, options }: { readonly groups: readonly Group[]; readonly options: PreviewOptions },
): Promise<Preview | null> {
  const groups = all.filter(({ ids }) => ids.count > 0);
  if (groups.length === 0) return null;
  const onGroups = groups.filter(({ autoExtend }) => autoExtend);
  if (!options.force) await checkPeriods(context, client, { groups: onGroups, options });
  const toPrice = ordersIn(onGroups);
  if (toPrice > maxPricedUnasked && !options.yes) {
    const requests = numberText(Math.ceil(toPrice / options.chunkSize));
    await askForMoney(
      context,
      `Price ${numberText(toPrice)} orders first? It takes about ${requests} requests.`,
    );
  }
  const prices = toPrice > 0 ? await priceGroups(context, client, { groups: onGroups, options }) : null;
  for (const line of groupTable(groups, prices, context.width)) context.talk(line);
  if (prices) {
    for (const line of priceLines(prices)) context.talk(line);
    const isNew = onGroups.some((group) => group.unlisted > 0 || group.alreadySet < group.addresses);
    if (isNew && prices.balanceAfter !== null && prices.balanceAfter >= 0) context.talk(otherRenewals);
    notePrices(context, prices);
    checkPrice(prices, options);
  }
  return previewOf(groups, prices);
}

const otherRenewals = "Other renewals are not counted: see auto-extend forecast --if-on ID...";

/** More are probably those of another account. */
const maxUnlisted = 100;

/** @throws CliError, a usage error, if a long list of orders is mostly not that of the account. */
export function checkListed({ groups }: Pick<Plan, "groups">, list: OrderList | null): void {
  const given = ordersIn(groups);
  const unlisted = groups.reduce((sum, group) => sum + group.unlisted, 0);
  if (list === null || list.gap !== null || unlisted <= maxUnlisted || 2 * unlisted <= given) return;
  throw usageError(
    `${numberText(unlisted)} of ${numberText(given)} orders are not in your list (auto-extend orders). Finding out which are refused would take many requests.`,
    "Check whether it is the right file. To leave these orders out, give no type and no days; --no-preview sends them.",
  );
}

/** Notes orders that the list lacks, if there is one, and that are taken all the same. */
export function noteUnlisted(
  { note }: Context,
  { list, groups }: { readonly list: OrderList | null; readonly groups: readonly Group[] },
  what: "sent" | "priced",
): void {
  const unlisted = groups.reduce((sum, group) => sum + group.unlisted, 0);
  if (list === null || unlisted === 0) return;
  const [they, their] = unlisted === 1 ? ["It is", "its"] : ["They are", "their"];
  note(
    `${counted(unlisted, "order is", "orders are")} not in your list (auto-extend orders). ${they} ${what} anyway, because ${their} type and rental period are given.`,
  );
}

/** @throws CliError, a usage error, with the periods that are sold. */
async function checkPeriods(
  { io }: Context,
  client: Client,
  { groups, options }: { readonly groups: readonly Group[]; readonly options: PreviewOptions },
): Promise<void> {
  for (const { proxyType, rentPeriodDays, ids, isPeriodInFile } of groups) {
    const { rentPeriodDays: sold } = await client.getRentPeriods({ proxyType }, { signal: io.signal });
    if (sold.includes(rentPeriodDays)) continue;
    const inLedger =
      "The period is that of the ledger. Use --force to send it anyway, or switch these orders in a new run.";
    const inFile = "Correct it in the file, which wins over --days, or use --force to send it anyway.";
    const given = isPeriodInFile ? inFile : `Use --days with one of these, or --force to send it anyway.`;
    throw usageError(
      `The provider does not sell ${counted(rentPeriodDays, "day", "days")} for ${proxyType}: it sells ${sold.join(", ") || "none"}. It is the period of ${await namedOrders(ids)}.`,
      options.arePeriodsFixed ? inLedger : given,
    );
  }
}

async function namedOrders(ids: Group["ids"]): Promise<string> {
  for await (const [first = ""] of ids.read()) {
    if (ids.count === 1) return `order ${cleanShort(first)}`;
    return `${numberText(ids.count)} orders, such as ${cleanShort(first)}`;
  }
  return "no order";
}

function previewOf(groups: readonly Group[], prices: Prices | null): Preview {
  const { promoCodeStatus, discount, ...totals } = prices ?? noPrices;
  return {
    ...totals,
    orders: ordersIn(groups),
    groups: groups.map(({ autoExtend, addresses, alreadySet, unlisted, ...group }) => ({
      ...pricedGroup(group),
      ...{ autoExtend, addresses, alreadySet, unlisted },
    })),
  };
}

const noPrices: Prices = {
  ...{ orders: 0, priced: 0, price: null, balance: null, balanceAfter: null, currency: null },
  ...{ warnings: [], unpriced: [], promoCodeStatus: null, discount: null },
};

export function pricedGroup({
  proxyType,
  rentPeriodDays,
  ids,
  priced,
  price,
  currencies,
}: Pick<Group, "proxyType" | "rentPeriodDays" | "ids" | "priced" | "price" | "currencies">) {
  const hasPrice = priced > 0 && currencies.size <= 1;
  const [currency = null] = hasPrice ? currencies : [];
  return { proxyType, rentPeriodDays, orders: ids.count, priced, price: hasPrice ? price : null, currency };
}

function currenciesOf(groups: readonly Group[]): string[] {
  return [...new Set(groups.flatMap(({ currencies }) => [...currencies]))].sort();
}

function checkPrice(
  { orders, priced, price, currency, unpriced }: Prices,
  { maxPrice }: Pick<PreviewOptions, "maxPrice">,
): void {
  if (maxPrice === undefined) return;
  let why: string;
  if (priced < orders) {
    why = `--max-price needs the price of every order, and ${counted(orders - priced, "order has", "orders have")} none`;
  } else if (price === null) {
    why = "--max-price needs prices in one currency";
  } else if (price > maxPrice) {
    why = `One renewal of all costs ${moneyText(price, currency)}, more than --max-price ${moneyText(maxPrice, currency)}`;
  } else return;
  throw new CliError("OverMaxPrice", `${why}. Nothing was sent.`, {
    issues: unpriced.flatMap(({ code, message, first }) =>
      first.map((orderId) => ({ path: orderId, message: `has no price: error ${code}, "${message}"` })),
    ),
    whatToDo: whatToDoAboutPrice({ orders, priced, price }),
  });
}

function whatToDoAboutPrice({ orders, priced, price }: Pick<Prices, "orders" | "priced" | "price">): string {
  if (priced < orders) {
    return "Remove the orders without a price, which --json lists, or switch them in a run without --max-price.";
  }
  return price === null
    ? "Switch the orders of each currency in a run of their own."
    : "Switch fewer orders, or raise --max-price.";
}

export const whyAsked = "Switching auto-extend on costs money at each renewal";

/** Asks before something costs money, or takes as long as pricing many orders does. */
export function askForMoney(context: Context, question: string): Promise<void> {
  return confirm(context, { why: whyAsked, question });
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
  const ask = createAsker(context, rate);
  const unpriced = new Unpriced();
  const warnings = new Map<number, string>();
  let last: PriceExtensionResult | undefined;
  const bar = pricingBar(context, { total: ordersIn(groups), requests: ordersIn(groups) / chunkSize });
  let refusal: unknown;

  async function price(group: Group, orderIds: readonly string[]): Promise<void> {
    try {
      const answer = await ask(() => requestPrice(client, group, { orderIds, promoCode, signal }));
      addPrice(group, answer, orderIds.length);
      bar.count(orderIds.length, { failed: 0 });
      for (const { code, message } of answer.warnings ?? []) warnings.set(code, message);
      last = answer;
    } catch (error) {
      if (!isApiError(error) || isTrouble(error) || error.description.about === "key") throw error;
      if (isAboutOrders(error.code) && orderIds.length > 1) {
        const middle = Math.ceil(orderIds.length / 2);
        await price(group, orderIds.slice(0, middle));
        await price(group, orderIds.slice(middle));
        return;
      }
      unpriced.add(error, orderIds, group.inParts);
      bar.count(orderIds.length, { failed: orderIds.length });
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
  await Promise.all(Array.from({ length: concurrency }, work)).finally(bar.clear);
  if (refusal && !force && groups.every(({ priced }) => priced === 0)) throw refusal;
  noteCurrencies(context, groups);
  return {
    ...totals(groups, { priced: ordersIn(groups) - unpriced.orders, last, warnings }),
    unpriced: unpriced.reasons,
    promoCodeStatus: last?.promoCodeStatus ?? null,
    discount: chunks === 1 ? (last?.discount ?? null) : null,
  };
}

function noteCurrencies({ note }: Context, groups: readonly Group[]): void {
  const currencies = currenciesOf(groups);
  if (currencies.length <= 1) return;
  const names = currencies.map((each) => cleanShort(each)).join(", ");
  note(`The prices are in different currencies (${names}), so there is no total.`);
}

function addPrice(group: Group, { price, currency }: PriceExtensionResult, orders: number): void {
  group.price = sumOfAmounts([group.price, roundAmount(price)]);
  group.priced += orders;
  if (currency) group.currencies.add(currency);
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
    priced,
    last,
    warnings,
  }: { priced: number; last?: PriceExtensionResult | undefined; warnings: Map<number, string> },
) {
  const currencies = currenciesOf(groups);
  const isOneCurrency = currencies.length <= 1;
  const hasPrice = isOneCurrency && groups.some((group) => group.priced > 0);
  const price = hasPrice ? sumOfAmounts(groups.map((group) => group.price)) : null;
  const balance = last?.balance == null || !isOneCurrency ? null : roundAmount(last.balance);
  const balanceAfter = balance === null || price === null ? null : sumOfAmounts([balance, -price]);
  // Each chunk alone may be covered, and all of them together not.
  if (balanceAfter !== null && balanceAfter < 0 && !warnings.has(insufficientFundsCode)) {
    warnings.set(insufficientFundsCode, "Insufficient funds on balance for all orders together");
  }
  return {
    ...{ orders: ordersIn(groups), priced, price, balance, balanceAfter },
    currency: (isOneCurrency && currencies[0]) || null,
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

/** The groups of one target, since an undo switches whole orders and single IP addresses in groups of their own; or all. */
interface Row {
  readonly groups: readonly Group[];
  readonly isTotal: boolean;
}

/** One line a target, and a total if there are several. Prices that cover a part of the orders begin with `>=`. */
export function groupTable(groups: readonly Group[], prices: Prices | null, width: number): string[] {
  if (groups.length === 0) return [];
  const rows = rowsOf(groups);
  const listed = (of: (group: Group) => number) => (row: Row) =>
    row.groups.every(({ unlisted, ids }) => unlisted === ids.count) ? "?" : numberText(sumIn(row, of));
  const ofTarget =
    (of: (group: Group) => string, ofTotal = "") =>
    ({ groups: [first], isTotal }: Row) =>
      isTotal || !first ? ofTotal : of(first);
  const states = new Set(groups.map(({ autoExtend }) => autoExtend));
  const already = states.size > 1 ? "Already so" : states.has(true) ? "Already on" : "Already off";
  const columns: Column<Row>[] = [
    { head: "Type", cell: ofTarget(({ proxyType }) => proxyType, "Total") },
    { head: "Days", cell: ofTarget(({ rentPeriodDays }) => String(rentPeriodDays)), right: true },
    ...(states.size > 1
      ? [{ head: "Switch", cell: ofTarget(({ autoExtend }) => (autoExtend ? "on" : "off")) }]
      : []),
    { head: "Orders", cell: (row) => numberText(ordersIn(row.groups)), right: true },
    { head: "Addresses", cell: listed(({ addresses }) => addresses), right: true, dropped: 2 },
    { head: already, cell: listed(({ alreadySet }) => alreadySet), right: true, dropped: 1 },
    ...(prices
      ? [{ head: "Each renewal", cell: (row: Row) => priceCell(row, prices), right: true as const }]
      : []),
  ];
  return table(rows.length > 1 ? [...rows, { groups, isTotal: true }] : rows, columns, width);
}

function rowsOf(groups: readonly Group[]): Row[] {
  const sorted = groups.toSorted(
    (a, b) =>
      a.proxyType.localeCompare(b.proxyType) ||
      a.rentPeriodDays - b.rentPeriodDays ||
      Number(b.autoExtend) - Number(a.autoExtend),
  );
  const targets = new Map<string, Group[]>();
  for (const group of sorted) {
    const key = `${group.proxyType} ${group.rentPeriodDays} ${group.autoExtend}`;
    targets.set(key, [...(targets.get(key) ?? []), group]);
  }
  return [...targets.values()].map((ofTarget) => ({ groups: ofTarget, isTotal: false }));
}

function sumIn({ groups }: Row, of: (group: Group) => number): number {
  return groups.reduce((sum, group) => sum + of(group), 0);
}

function priceCell(row: Row, { priced, orders }: Prices): string {
  const on = row.groups.filter(({ autoExtend }) => autoExtend);
  if (on.length === 0) return "";
  const pricedHere = sumIn(row, (group) => group.priced);
  if (pricedHere === 0) return "?";
  const [currency = null, ...others] = currenciesOf(on);
  if (others.length > 0) return "?";
  const isPart = row.isTotal ? priced < orders : pricedHere < ordersIn(on);
  return `${isPart ? ">= " : ""}${moneyText(sumOfAmounts(on.map(({ price }) => price)), currency)}`;
}

/** The lines below the table: how many orders are priced, and what is left of the balance. */
export function priceLines(
  { orders, priced, price, balance, balanceAfter, currency }: Prices,
  { isPart = priced < orders } = {},
): string[] {
  const lines =
    priced < orders ? [`${numberText(priced)} of ${counted(orders, "order is", "orders are")} priced.`] : [];
  if (price === null) return lines;
  if (balance === null || balanceAfter === null) return [...lines, "The provider did not send the balance."];
  const number = numberText(priced);
  const [one, several] = isPart
    ? ["the priced order", `the ${number} priced orders`]
    : ["this order", `these ${number} orders`];
  const which = priced === 1 ? one : several;
  const after =
    balanceAfter < 0
      ? `${moneyText(-balanceAfter, currency)} short of one renewal of ${which}: it would fail (warning ${insufficientFundsCode})`
      : `${moneyText(balanceAfter, currency)} after one renewal of ${which}`;
  return [...lines, `Balance: ${moneyText(balance, currency)}, ${after}.`];
}

const maxNoted = 10;

/** Notes why orders have no price, and why a renewal would fail now, unless the line of the balance says so. */
export function notePrices(
  context: Context,
  { unpriced, warnings, balanceAfter }: Pick<Prices, "unpriced" | "warnings" | "balanceAfter">,
): void {
  for (const { code, message, orders, first } of unpriced) {
    const noted = first.slice(0, maxNoted);
    const rest = orders > noted.length ? ` and ${numberText(orders - noted.length)} more` : "";
    context.note(
      `${counted(orders, "order has", "orders have")} no price: error ${code}, "${message}": ${noted.map((id) => cleanShort(id, 60)).join(", ")}${rest}.`,
    );
  }
  for (const { code, message } of warnings) {
    if (code === insufficientFundsCode && Number(balanceAfter) < 0) continue;
    context.note(`A renewal would fail now: ${message} (${code}). Auto-extend can be switched on anyway.`);
  }
}

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
