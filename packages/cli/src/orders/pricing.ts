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
import { type Column, cleanShort, moneyText, numberText, pluralize, table } from "../app/format.js";
import { hasBar, type Progress, progressOf } from "../app/progress.js";
import {
  chunkSizeOf,
  type Group,
  longestPauseMs,
  noSuchOrder,
  type OrderList,
  ordersIn,
  type Plan,
  type Target,
} from "./plan.js";
import type { Preview, Prices } from "./types.js";

interface PriceOptions {
  readonly chunkSize?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly rate?: number | undefined;
  readonly promoCode?: string | undefined;
  readonly force?: boolean | undefined;
  readonly list?: OrderList | null;
  /** The currency of other amounts that these are added to. */
  readonly currency?: string | undefined;
}

export interface PreviewOptions extends PriceOptions {
  readonly chunkSize: number;
  readonly yes: boolean;
  /** Continue although a period is not sold, or no order can be priced. */
  readonly force: boolean;
  readonly maxPrice: number | undefined;
  /** The orders that are switched already, and count for {@link maxPrice}. */
  readonly done: readonly Group[];
  /** The source of the periods, if the options do not decide. */
  readonly periodsFrom: keyof typeof howToCorrect;
}

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
  if (!options.yes) await askToPrice(context, toPrice, options.chunkSize);
  const prices = await priceGroups(context, client, { groups: onGroups, options });
  for (const line of groupTable(groups, toPrice > 0 ? prices : null, context.width)) context.talk(line);
  if (toPrice > 0) {
    const isPart = prices.priced < prices.orders || onGroups.length < groups.length;
    for (const line of priceLines(prices, { isPart })) context.talk(line);
    const isNew = onGroups.some((group) => group.unlisted > 0 || group.alreadySet < group.addresses);
    if (isNew && (prices.balanceAfter ?? -1) >= 0) context.talk(otherRenewals);
    notePrices(context, prices);
    await checkPrice(context, client, { prices, options });
  }
  const { promoCodeStatus, discount, gone, ...totals } = prices;
  return { ...totals, orders: ordersIn(groups), groups: groups.map(pricedGroup) };
}

async function askToPrice(context: Context, orders: number, chunkSize: number): Promise<void> {
  if (orders <= maxPricedUnasked) return;
  const requests = numberText(Math.ceil(orders / chunkSize));
  await askForMoney(
    context,
    `Price ${numberText(orders)} orders first? It takes about ${requests} requests.`,
  );
}

const otherRenewals = "Renewals of other orders are not counted: see auto-extend forecast --if-on ID...";

const maxUnlisted = 100;

/** @throws CliError, a usage error, if a long list of orders is mostly not that of the account. */
export function checkListed({ groups }: Pick<Plan, "groups">, list: OrderList | null): void {
  const given = ordersIn(groups);
  const unlisted = groups.reduce((sum, group) => sum + group.unlisted, 0);
  if (list === null || list.gap !== null || unlisted <= maxUnlisted || 2 * unlisted <= given) return;
  throw usageError(
    `${numberText(unlisted)} of ${numberText(given)} orders are not in your list (auto-extend orders), so nothing was sent: this may be the wrong file.`,
    "If neither options nor file give a type and days, orders that are not in the list are left out; --no-preview sends them.",
  );
}

/** Notes orders that the list lacks, if there is one, and that are taken all the same. */
export async function noteUnlisted(
  { note }: Context,
  { list, groups }: { readonly list: OrderList | null; readonly groups: readonly Group[] },
): Promise<void> {
  const unlisted = groups.reduce((sum, group) => sum + group.unlisted, 0);
  if (list === null || unlisted === 0) return;
  const first = await firstUnlisted(groups, list);
  const [they, their] = unlisted === 1 ? ["It is", "its"] : [`The first is ${first}. They are`, "their"];
  const which = unlisted === 1 ? `Order ${first} is` : `${numberText(unlisted)} orders are`;
  note(
    `${which} not in your list (auto-extend orders), which does not show expired orders. ${they} not left out, because ${their} type and rental period are given.`,
  );
}

async function firstUnlisted(groups: readonly Group[], { byId }: OrderList): Promise<string> {
  for (const { ids } of groups.filter(({ unlisted }) => unlisted > 0)) {
    for await (const orderIds of ids.read()) {
      const found = orderIds.find((orderId) => !byId.has(orderId));
      if (found !== undefined) return cleanShort(found);
    }
  }
  return "";
}

async function checkPeriods(
  { io }: Context,
  client: Client,
  { groups, options }: { readonly groups: readonly Group[]; readonly options: PreviewOptions },
): Promise<void> {
  for (const { proxyType, rentPeriodDays, ids } of groups) {
    const { rentPeriodDays: sold } = await client.getRentPeriods({ proxyType }, { signal: io.signal });
    if (sold.includes(rentPeriodDays)) continue;
    throw usageError(
      `The provider does not sell ${pluralize(rentPeriodDays, "day", "days")} for ${proxyType}: it sells ${sold.join(", ") || "none"}. That would be the period of ${await namedOrders(ids)}.`,
      `${options.periodsFrom === "options" && sold.length === 1 ? `Use --days ${sold[0]}.` : howToCorrect[options.periodsFrom]} With --force it is sent anyway.`,
    );
  }
}

const howToCorrect = {
  ledger: "The period is that of the ledger: switch these orders in a new run.",
  file: "Correct the period in the file, which wins over --days; orders without one in the file get that of --days.",
  options: "Use --days with one of these.",
};

async function namedOrders(ids: Group["ids"]): Promise<string> {
  for await (const [first = ""] of ids.read()) {
    if (ids.count === 1) return `order ${cleanShort(first)}`;
    return `${numberText(ids.count)} orders, such as ${cleanShort(first)}`;
  }
  return "no order";
}

export function pricedGroup(group: Group): Preview["groups"][number] {
  const { proxyType, rentPeriodDays, autoExtend, ids, addresses, alreadySet, unlisted, priced } = group;
  return {
    ...{ proxyType, rentPeriodDays, autoExtend, orders: ids.count, addresses, alreadySet, unlisted, priced },
    price: priced > 0 ? group.price : null,
  };
}

/** @throws CliError if one renewal of all orders costs more, or an order has no price that may have a renewal. */
async function checkPrice(
  context: Context,
  client: Client,
  { prices, options }: { readonly prices: Prices; readonly options: PreviewOptions },
): Promise<void> {
  const { done, maxPrice, periodsFrom } = options;
  if (maxPrice === undefined) return;
  const currency = prices.currency ?? undefined;
  const others = await priceGroups(context, client, {
    groups: done,
    options: { ...options, force: true, currency },
  });
  const unpriced = [...prices.unpriced, ...others.unpriced];
  const price = sumOfAmounts([prices.price ?? 0, others.price ?? 0]);
  const missing = [prices, others].reduce((sum, each) => sum + each.orders - each.priced - each.gone, 0);
  if (missing === 0 && price <= maxPrice) {
    const whole =
      others.orders > 0 ? `With the finished orders: ${moneyText(price, currency)}, within` : "Within";
    return context.talk(`${whole} --max-price ${moneyText(maxPrice, currency)}.`);
  }
  const [why, whatToDo] =
    missing > 0
      ? [
          `--max-price needs the price of every order, and ${pluralize(missing, "order has", "orders have")} none`,
          periodsFrom === "ledger"
            ? "A resume keeps --max-price: switch what is left in a new run."
            : "Remove the orders without a price, which --json lists, or switch them in a run without --max-price.",
        ]
      : [
          `One renewal of all orders costs ${moneyText(price, currency)}, more than --max-price ${moneyText(maxPrice, currency)}`,
          "Switch fewer orders, or raise --max-price.",
        ];
  throw new CliError("OverMaxPrice", `${why}. Nothing was sent.`, {
    issues: unpriced.flatMap(({ code, message, first }) =>
      first.map((orderId) => ({ path: orderId, message: `has no price: error ${code}, "${message}"` })),
    ),
    whatToDo,
  });
}

export const whyAsked = "Switching auto-extend on costs money at each renewal";

/** Asks before something costs money, or takes as long as pricing many orders does. */
export function askForMoney(context: Context, question: string): Promise<void> {
  return confirm(context, { why: whyAsked, question });
}

/** The groups of one target, since an undo switches whole orders and single IP addresses in groups of their own. */
interface Row {
  /** `null`: the total. */
  readonly target: Target | null;
  readonly groups: readonly Group[];
}

/** One line a target, and a total if there are several. Prices that cover a part of the orders begin with `>=`. */
export function groupTable(groups: readonly Group[], prices: Prices | null, width: number): string[] {
  if (groups.length === 0) return [];
  const rows = rowsOf(groups);
  const listed = (of: (group: Group) => number) => (row: Row) =>
    row.groups.every(({ unlisted, ids }) => unlisted === ids.count) ? "?" : numberText(sumIn(row, of));
  const states = new Set(groups.map(({ autoExtend }) => autoExtend));
  const already = states.size > 1 ? "Already" : states.has(true) ? "Already on" : "Already off";
  const columns: (Column<Row> | false)[] = [
    { head: "Type", cell: ({ target }) => target?.proxyType ?? "Total" },
    { head: "Days", cell: ({ target }) => String(target?.rentPeriodDays ?? ""), right: true },
    states.size > 1 && {
      head: "Set",
      cell: ({ target }) => (target === null ? "" : target.autoExtend ? "on" : "off"),
    },
    { head: "Orders", cell: (row) => numberText(ordersIn(row.groups)), right: true },
    { head: "Addresses", cell: listed(({ addresses }) => addresses), right: true, dropped: 2 },
    { head: already, cell: listed(({ alreadySet }) => alreadySet), right: true, dropped: 1 },
    prices !== null && { head: "Each renewal", cell: (row) => priceCell(row, prices), right: true },
  ];
  return table(
    rows.length > 1 ? [...rows, { target: null, groups }] : rows,
    columns.filter((column) => column !== false),
    width,
  );
}

function rowsOf(groups: readonly Group[]): Row[] {
  const sorted = groups.toSorted(
    (a, b) =>
      a.proxyType.localeCompare(b.proxyType) ||
      a.rentPeriodDays - b.rentPeriodDays ||
      Number(b.autoExtend) - Number(a.autoExtend),
  );
  const rows = new Map<string, { target: Target; groups: Group[] }>();
  for (const group of sorted) {
    const key = `${group.proxyType} ${group.rentPeriodDays} ${group.autoExtend}`;
    rows.set(key, { target: group, groups: [...(rows.get(key)?.groups ?? []), group] });
  }
  return [...rows.values()];
}

function sumIn({ groups }: Row, of: (group: Group) => number): number {
  return groups.reduce((sum, group) => sum + of(group), 0);
}

function priceCell({ target, groups }: Row, { priced, orders, currency }: Prices): string {
  const on = { target, groups: groups.filter(({ autoExtend }) => autoExtend) };
  if (on.groups.length === 0) return "";
  const pricedHere = sumIn(on, (group) => group.priced);
  if (pricedHere === 0) return "?";
  const isPart = target === null ? priced < orders : pricedHere < ordersIn(on.groups);
  return `${isPart ? ">= " : ""}${moneyText(sumOfAmounts(on.groups.map(({ price }) => price)), currency)}`;
}

/** The lines below the table: how many orders are priced, and what is left of the balance. */
export function priceLines(
  { orders, priced, price, balance, balanceAfter, currency }: Prices,
  { isPart = priced < orders } = {},
): string[] {
  const lines =
    priced < orders
      ? [`${numberText(priced)} of ${pluralize(orders, "order is", "orders are")} priced.`]
      : [];
  if (price === null) return lines;
  if (balance === null || balanceAfter === null) return [...lines, "The provider did not send the balance."];
  const number = numberText(priced);
  const [one, several] = isPart
    ? ["the priced order", `the ${number} priced orders`]
    : ["this order", `these ${number} orders`];
  const which = priced === 1 ? one : several;
  const after =
    balanceAfter < 0
      ? `${moneyText(-balanceAfter, currency)} short of one renewal of ${which}`
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
    const names = noted.map((id) => cleanShort(id, 60)).join(", ") + rest;
    const error = `error ${code}, "${message}"`;
    context.note(
      orders === 1
        ? `Order ${names} has no price: ${error}.`
        : `${numberText(orders)} orders have no price: ${error}: ${names}.`,
    );
  }
  for (const { code, message } of warnings) {
    if (code === insufficientFundsCode && Number(balanceAfter) < 0) continue;
    context.note(`A renewal would fail now: ${message} (${code}). Auto-extend can be switched on anyway.`);
  }
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
  const { chunkSize = 100, promoCode, force = false, list = null } = options;
  const { signal } = context.io;
  const orders = ordersIn(groups);
  const warnings = new Map<number, string>();
  let last: PriceExtensionResult | undefined;
  let refusal: ApiError | undefined;
  let chunks = 0;
  let gone = 0;
  const run = new PriceRun(context, { ...options, total: orders, requests: orders / chunkSize });

  function request({ proxyType, rentPeriodDays, addressesOf }: Group, orderIds: readonly string[]) {
    const common = { proxyType, rentPeriodDays, ...(promoCode && { promoCode }) };
    if (addressesOf === null) return client.priceExtension({ ...common, orderIds }, { signal });
    const ipAddressIds = orderIds.flatMap(addressesOf);
    return client.priceExtensionByIpAddress({ ...common, ipAddressIds }, { signal });
  }

  async function price(group: Group, orderIds: readonly string[]): Promise<void> {
    const answer = await run.ask(() => request(group, orderIds));
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
      if (answer.code === noSuchOrder && list?.gap === null && !orderIds.some((id) => list.byId.has(id)))
        gone++;
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
    ...totals(groups, last, warnings),
    ...{ currency, unpriced, gone },
    promoCodeStatus: last?.promoCodeStatus ?? null,
    discount: chunks === 1 ? (last?.discount ?? null) : null,
  };
}

/** Whether a refusal is about one of several orders, so that halving them finds out which. */
function isAboutOrders(code: number): boolean {
  const { about } = describeErrorCode(code);
  return about === "order" || about === "addresses";
}

function totals(
  groups: readonly Group[],
  last: PriceExtensionResult | undefined,
  warnings: Map<number, string>,
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
    ...{ price, balance, balanceAfter },
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

interface RunOptions extends Pick<PriceOptions, "concurrency" | "rate" | "currency"> {
  readonly total: number;
  readonly requests: number;
}

const maxHolds = 1_000;
const maxNamed = 1_000;

/** The price requests of a command: their pace, a bar, and their outcomes. */
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
    throw new CliError(
      "AmountError",
      `The amounts are in different currencies: ${names}. Nothing was changed.`,
      {
        whatToDo:
          "They cannot be added. auto-extend price with a single order ID shows its currency; on and undo need no prices with --no-preview.",
      },
    );
  }
}

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
