/** Shows what a run will do before it does it: periods are checked, orders priced, one table shown, one question asked. */
import type { Client } from "@auto-extend/client";
import { confirm } from "../app/confirm.js";
import type { Context } from "../app/context.js";
import { CliError, exitCodes, usageError } from "../app/errors.js";
import { counted, moneyText, numberText } from "../app/format.js";
import { type Group, ordersIn, type Plan, unsentText } from "../orders/plan.js";
import { groupTable, notePrices, type Prices, priceGroups, priceLines } from "../orders/pricing.js";
import type { SendOptions } from "./send.js";
import type { Preview } from "./types.js";

export interface PreviewOptions extends SendOptions {
  readonly yes: boolean;
  /** Continue although a period is not sold, or no order can be priced. */
  readonly force: boolean;
  readonly maxPrice: number | undefined;
}

interface Previewed {
  readonly client: Client;
  readonly plan: Plan;
  readonly options: PreviewOptions;
}

/** Above it, pricing takes so many requests that it asks first. */
const maxPricedUnasked = 10_000;

/** Checks, prices and shows a plan. Groups that are switched off are shown without a price. */
export async function previewPlan(
  context: Context,
  { client, plan, options }: Previewed,
): Promise<Preview | null> {
  const groups = plan.groups.filter(({ ids }) => ids.count > 0);
  if (groups.length === 0) return null;
  const onGroups = groups.filter(({ autoExtend }) => autoExtend);
  if (!options.force) await checkPeriods(context, client, onGroups);
  const toPrice = ordersIn(onGroups);
  if (toPrice > maxPricedUnasked && !options.yes) {
    const requests = numberText(Math.ceil(toPrice / options.chunkSize));
    await ask(context, `Price ${numberText(toPrice)} orders first? It takes about ${requests} requests.`);
  }
  const prices = toPrice > 0 ? await priceGroups(context, client, { groups: onGroups, options }) : null;
  context.talk(groupTable(groups, prices, context.width).join("\n"));
  const unlisted = groups.reduce((sum, group) => sum + group.unlisted, 0);
  if (unlisted > 0 && unlisted < ordersIn(groups)) {
    context.talk(`${counted(unlisted, "order is", "orders are")} not in your list of IP addresses.`);
  }
  if (prices) {
    for (const line of priceLines(prices)) context.talk(line);
    notePrices(context, prices);
    checkPrice(prices, options);
  }
  return previewOf(groups, prices);
}

/** Says which orders will not be sent, and why. */
export function noteUnsent(context: Context, { unsent }: Plan): void {
  const { reasons } = unsent;
  for (const each of reasons.slice(0, maxReasonsShown)) {
    context.note(unsentText(each));
  }
  if (reasons.length > maxReasonsShown) context.note("More orders are not sent; the report has the reasons.");
}

const maxReasonsShown = 5;

/** @throws CliError, a usage error, with the periods that are sold. */
async function checkPeriods({ io }: Context, client: Client, groups: readonly Group[]): Promise<void> {
  for (const { proxyType, rentPeriodDays } of groups) {
    const { rentPeriodDays: sold } = await client.getRentPeriods({ proxyType }, { signal: io.signal });
    if (sold.includes(rentPeriodDays)) continue;
    throw usageError(
      `The provider does not sell ${counted(rentPeriodDays, "day", "days")} for ${proxyType}: it sells ${sold.join(", ") || "none"}.`,
      "Use --days with one of these, or --force to send it all the same.",
    );
  }
}

function previewOf(groups: readonly Group[], prices: Prices | null): Preview {
  return {
    groups: groups.map(({ ids, price, ...group }) => ({
      ...{ proxyType: group.proxyType, rentPeriodDays: group.rentPeriodDays, autoExtend: group.autoExtend },
      ...{ orders: ids.count, addresses: group.addresses, alreadySet: group.alreadySet },
      ...{ unlisted: group.unlisted, priced: group.priced, price: group.priced > 0 ? price : null },
    })),
    orders: ordersIn(groups),
    ...{ priced: prices?.priced ?? 0, price: prices?.price ?? null },
    ...{ balance: prices?.balance ?? null, balanceAfter: prices?.balanceAfter ?? null },
    currency: prices?.currency ?? null,
    ...{ warnings: [...(prices?.warnings ?? [])], unpriced: [...(prices?.unpriced ?? [])] },
  };
}

/** @throws CliError if `--max-price` forbids the run. */
function checkPrice(
  { orders, priced, price, currency }: Prices,
  { maxPrice }: Pick<PreviewOptions, "maxPrice">,
): void {
  if (maxPrice === undefined) return;
  const why =
    priced < orders
      ? `${numberText(orders - priced)} of ${counted(orders, "order", "orders")} could not be priced, as --max-price requires`
      : price !== null && price > maxPrice
        ? `One renewal of all costs ${moneyText(price, currency)}, more than --max-price ${moneyText(maxPrice, currency)}`
        : null;
  if (why === null) return;
  throw new CliError("OverMaxPrice", `${why}. Nothing was sent.`, {
    exitCode: exitCodes.overMaxPrice,
    effect: "none",
    whatToDo: "Switch fewer orders, or raise --max-price.",
  });
}

/** Asks before anything is switched on; switching off never asks. */
export async function confirmPlan(
  context: Context,
  { plan, preview, host, yes }: { plan: Plan; preview: Preview | null; host: string; yes: boolean },
): Promise<void> {
  const orders = ordersIn(plan.groups.filter(({ autoExtend }) => autoExtend));
  if (orders === 0 || yes) return;
  const price = preview?.price ?? null;
  const atLeast = preview && preview.priced < orders ? "at least " : "";
  const cost =
    price === null
      ? "Each renewal costs money."
      : `Each renewal: ${atLeast}${moneyText(price, preview?.currency)}.`;
  const what = `Switch auto-extend on for ${counted(orders, "order", "orders")}`;
  const question = `${what} at ${host}? ${cost}`;
  await ask(context, question.length <= 68 ? question : `${what}? ${cost}`);
}

function ask(context: Context, question: string): Promise<void> {
  return confirm(context, { why: "Switching auto-extend on costs money at each renewal", question });
}
