/** Prices one renewal of orders, and shows it with what a run will do. It spends nothing. */
import type { Client } from "@auto-extend/client";
import { insufficientFundsCode, sumOfAmounts } from "@auto-extend/core";
import { confirm } from "../app/confirm.js";
import type { Context } from "../app/context.js";
import { CliError, usageError } from "../app/errors.js";
import { type Column, cleanShort, counted, moneyText, numberText, table } from "../app/format.js";
import { type Group, type OrderList, ordersIn, type Plan, type Target } from "./plan.js";
import { type PriceOptions, priceGroups } from "./price-run.js";
import type { Preview, Prices } from "./types.js";

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
  for (const { proxyType, rentPeriodDays, ids } of groups) {
    const { rentPeriodDays: sold } = await client.getRentPeriods({ proxyType }, { signal: io.signal });
    if (sold.includes(rentPeriodDays)) continue;
    throw usageError(
      `The provider does not sell ${counted(rentPeriodDays, "day", "days")} for ${proxyType}: it sells ${sold.join(", ") || "none"}. It is the period of ${await namedOrders(ids)}.`,
      options.arePeriodsFixed
        ? "The period is that of the ledger. Use --force to send it anyway, or switch these orders in a new run."
        : "Use --days with one of these, or correct the file if it names the period, as it wins over --days. With --force it is sent anyway.",
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
  return { ...totals, orders: ordersIn(groups), groups: groups.map(pricedGroup) };
}

const noPrices: Prices = {
  ...{ orders: 0, priced: 0, price: null, balance: null, balanceAfter: null, currency: null },
  ...{ warnings: [], unpriced: [], promoCodeStatus: null, discount: null },
};

export function pricedGroup(group: Group): Preview["groups"][number] {
  const { proxyType, rentPeriodDays, autoExtend, ids, addresses, alreadySet, unlisted, priced } = group;
  return {
    ...{ proxyType, rentPeriodDays, autoExtend, orders: ids.count, addresses, alreadySet, unlisted, priced },
    price: priced > 0 ? group.price : null,
  };
}

/** @throws CliError if one renewal of all costs more, or an order has no price. */
function checkPrice(
  { orders, priced, price, currency, unpriced }: Prices,
  { maxPrice }: Pick<PreviewOptions, "maxPrice">,
): void {
  if (maxPrice === undefined) return;
  const missing = orders - priced;
  if (missing === 0 && price !== null && price <= maxPrice) return;
  const [why, whatToDo] =
    missing > 0 || price === null
      ? [
          `--max-price needs the price of every order, and ${counted(missing, "order has", "orders have")} none`,
          "Remove the orders without a price, which --json lists, or switch them in a run without --max-price.",
        ]
      : [
          `One renewal of all costs ${moneyText(price, currency)}, more than --max-price ${moneyText(maxPrice, currency)}`,
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
  const already = states.size > 1 ? "Already so" : states.has(true) ? "Already on" : "Already off";
  const columns: (Column<Row> | false)[] = [
    { head: "Type", cell: ({ target }) => target?.proxyType ?? "Total" },
    { head: "Days", cell: ({ target }) => String(target?.rentPeriodDays ?? ""), right: true },
    states.size > 1 && {
      head: "Switch",
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
