/** Reads the account, and forecasts its renewals, with and without switching more orders on. */
import { isApiError, type ListedOrder } from "@auto-extend/client";
import {
  type ProxyType,
  priceOfGroup,
  type RenewableOrder,
  type RenewalGroup,
  roundAmount,
  sumOfAmounts,
} from "@auto-extend/core";
import type { Outcome } from "../app/command.js";
import { type OpenClient, openClient } from "../app/connection.js";
import type { Context } from "../app/context.js";
import { exitCodes, usageError } from "../app/errors.js";
import { checkSeparateFiles, type FileToWrite, fileToWrite } from "../app/files.js";
import { pluralize, widthOf } from "../app/format.js";
import { type Input, readInput } from "../orders/input.js";
import {
  compareState,
  isAsTarget,
  type OrderList,
  planOrders,
  readList,
  type Target,
} from "../orders/plan.js";
import { notePrices, PriceRun } from "../orders/pricing.js";
import { unsentError, unsentText } from "../orders/unsent.js";
import type { ForecastOptions } from "./options.js";
import { forecastReport, type ReportInput } from "./report.js";
import { forecastText } from "./text.js";
import type { ForecastReport } from "./types.js";

export async function forecast(context: Context, options: ForecastOptions): Promise<Outcome<ForecastReport>> {
  const { days, html, leadHours, retryHours } = options;
  await checkSeparateFiles(context.io, {
    read: { "--file": options.file, "--api-key-file": context.options.apiKeyFile },
    written: { "--html": html },
  });
  const page = await fileToWrite(html, {
    ...{ option: "--html", noun: "page of a forecast" },
    beginning: /^<!doctype html>.*<title>Forecast of /is,
  });
  const opened = await openClient(context);
  const input = await ordersToSwitch(context, options);
  const { client, connection, serverTime } = opened;
  const { balance: exactly, currencyCode } = await client.getBalance({ signal: context.io.signal });
  const balance = roundAmount(exactly);
  const currency = currencyCode ?? "";
  const list = await readList(context, opened);
  const { orders: listed, isComplete } = list;
  const from = options.now ?? serverTime() ?? new Date().toISOString();
  const ifOn = input && (await switchedOn(context, input, list).finally(input.close));
  const priceOf = await readPrices(context, opened, {
    orders: ifOn ? [...listed, ...ifOn.all] : listed,
    ...{ rate: options.rate, currency },
  });
  const reportOf = (orders: readonly ListedOrder[]) =>
    forecastReport({
      host: connection.host,
      ...split(orders),
      ...{ balance, currency, priceOf, from, days, isComplete },
      settings: { leadTimeHours: leadHours, retryHours },
    });
  const report = reportOf(listed);
  const result = { ...report, ifOn: ifOn && differenceOf(report, { with: reportOf(ifOn.all), ifOn }) };
  const isLost = page !== null && !(await writePage(context, page, result));
  const sizes = { width: Math.min(widthOf(context.io.stdout), 120), tableWidth: context.dataWidth };
  const isPart = result.ifOn !== null && result.ifOn.leftOut.length + result.ifOn.unpriced > 0;
  return {
    exitCode: isPart ? exitCodes.mixed : isLost ? exitCodes.outputLost : exitCodes.done,
    result,
    text: () => forecastText(result, { ...sizes, paint: context.paint }),
  };
}

/** The orders of `--if-on` and `--file`; `null` if neither is given. */
async function ordersToSwitch(
  context: Context,
  { ifOn, ifOnDays, file }: ForecastOptions,
): Promise<Input | null> {
  if (ifOn !== undefined || file !== undefined) {
    return readInput(context, { orderIds: ifOn ?? [], file, type: undefined, days: ifOnDays });
  }
  if (ifOnDays === undefined) return null;
  throw usageError("--if-on-days needs orders.", "Name them with --if-on or --file, or remove --if-on-days.");
}

interface SwitchedOn extends Changes, Pick<IfOn, "leftOut"> {
  readonly all: readonly ListedOrder[];
}

type IfOn = NonNullable<ForecastReport["ifOn"]>;

/** Plans like `on`: with the periods given, or else with those that the list has. */
async function switchedOn(context: Context, input: Input, list: OrderList): Promise<SwitchedOn> {
  const plan = await planOrders(input, { autoExtend: true, list, purpose: "forecast" });
  const changed: Changes = { orders: 0, unchanged: 0, addresses: 0, otherPeriods: 0 };
  const on = new Map<string, ListedOrder>();
  for (const { ids, rentPeriodDays } of plan.groups) {
    for await (const some of ids.read()) {
      for (const order of some.flatMap((orderId) => list.byId.get(orderId) ?? [])) {
        const target = { autoExtend: true, rentPeriodDays };
        const switched = {
          ...order,
          ipAddresses: order.ipAddresses.map((each) => ({ ...each, ...target })),
        };
        const found = renewable(switched);
        if (typeof found === "string") plan.unsent.add(order.orderId, found);
        else {
          on.set(order.orderId, switched);
          countChanges(changed, order, target);
        }
      }
    }
  }
  const leftOut: IfOn["leftOut"] = [];
  for await (const orders of plan.unsent.read()) {
    leftOut.push(...orders.map(({ orderId, reason }) => ({ orderId, reason })));
  }
  const { reasons } = plan.unsent;
  await plan.close();
  if (on.size === 0 && reasons.length > 0) throw unsentError(reasons, "added to the forecast");
  for (const each of reasons) context.note(unsentText(each, "added to the forecast"));
  return { ...changed, leftOut, all: list.orders.map((order) => on.get(order.orderId) ?? order) };
}

type Changes = Pick<IfOn, "orders" | "unchanged" | "addresses" | "otherPeriods">;

function countChanges(sum: Changes, { ipAddresses }: ListedOrder, target: Omit<Target, "proxyType">): void {
  const changed = ipAddresses.filter((each) => !isAsTarget(each, target));
  if (changed.length === 0) sum.unchanged++;
  else sum.orders++;
  sum.addresses += changed.length;
  sum.otherPeriods += changed.filter(
    (each) => each.autoExtend && compareState(each, target) === "other",
  ).length;
}

function differenceOf(
  without: ForecastReport,
  { with: on, ifOn: { all, ...changes } }: { readonly with: ForecastReport; readonly ifOn: SwitchedOn },
): IfOn {
  return {
    ...changes,
    addedDemand: sumOfAmounts([on.demand, -without.demand]),
    addedRenewals: on.renewalsDue - without.renewalsDue,
    unpriced: Math.max(0, unpricedIn(on) - unpricedIn(without)),
    ...{ needed: on.needed, firstShortage: on.firstShortage },
  };
}

function unpricedIn({ unpriced }: ForecastReport): number {
  return new Set(unpriced.map(({ orderId }) => orderId)).size;
}

/** @returns whether the page is written. The forecast is not lost if it cannot be. */
async function writePage(context: Context, page: FileToWrite, result: ForecastReport): Promise<boolean> {
  const { forecastPage } = await import("./page.js");
  // A server may repeat the API key in an order ID.
  const isWritten = await page.write(context, [context.redact(forecastPage(result))]);
  if (isWritten) context.talk(`Wrote the page ${page.name}.`);
  return isWritten;
}

function split(listed: readonly ListedOrder[]): Pick<ReportInput, "orders" | "skipped"> {
  const orders: RenewableOrder[] = [];
  const skipped: ReportInput["skipped"] = [];
  for (const order of listed) {
    const found = renewable(order);
    if (typeof found === "string") skipped.push({ orderId: order.orderId, reason: found });
    else orders.push(found);
  }
  return { orders, skipped };
}

/** An order with all that a forecast needs; or what the list lacks, as a sentence. */
function renewable({ orderId, proxyType, ipAddresses }: ListedOrder): RenewableOrder | string {
  if (proxyType === null) return "The list does not say its proxy type.";
  const renewed: RenewableOrder["ipAddresses"][number][] = [];
  for (const { ipAddressId, autoExtend, rentPeriodDays, endsAt } of ipAddresses) {
    if (endsAt === null) return "The list does not say when it ends.";
    if (autoExtend === null) return "The list does not say whether auto-extend is on.";
    if (autoExtend && rentPeriodDays === null) return "The list does not say for how long it is renewed.";
    // An IP address that is off is not renewed, whatever its period.
    renewed.push({ ipAddressId, autoExtend, rentPeriodDays: rentPeriodDays ?? 1, endsAt });
  }
  return { orderId, proxyType, ipAddresses: renewed };
}

interface OrderPrice {
  readonly price: number;
  readonly addresses: number;
}

interface Wanted {
  readonly orderId: string;
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
  readonly addresses: number;
}

/**
 * Reads the price of each order that will renew, in each of its rental periods: one request each, since prices may differ
 * from order to order. A price that is refused is not known; the renewal then fails in a forecast.
 *
 * @param currency that of the balance; empty if the server does not say.
 * @throws AutoExtendError if the server cannot be asked.
 */
async function readPrices(
  context: Context,
  { client }: Pick<OpenClient, "client">,
  {
    orders,
    rate,
    currency,
  }: Pick<ForecastOptions, "rate"> & { orders: readonly ListedOrder[]; currency: string },
): Promise<(group: RenewalGroup) => number | null> {
  const { signal } = context.io;
  const wanted = new Map(orders.flatMap(wantedOf).map((each) => [keyOf(each), each]));
  const total = wanted.size;
  if (total > 100) context.talk(`Reading ${pluralize(total, "price", "prices")}, one request each.`);
  const run = new PriceRun(context, { rate, currency, total, requests: total / 100 });
  const prices = new Map<string, OrderPrice>();
  await run.all(wanted.entries(), async ([key, { orderId, proxyType, rentPeriodDays, addresses }]) => {
    const orderIds = [orderId];
    const answer = await run.ask(() =>
      client.priceExtension({ proxyType, orderIds, rentPeriodDays }, { signal }),
    );
    if (isApiError(answer)) return run.refuse(answer, orderIds);
    prices.set(key, { price: roundAmount(answer.price), addresses });
    run.count(orderIds);
  });
  notePrices(context, { unpriced: run.unpriced, warnings: [], balanceAfter: null });
  return (group) => {
    const known = prices.get(keyOf(group));
    return known ? shareOf(known, group.ipAddressIds.length) : null;
  };
}

function wantedOf({ orderId, proxyType, ipAddresses }: ListedOrder): Wanted[] {
  if (proxyType === null) return [];
  const days = new Set(
    ipAddresses.flatMap(({ autoExtend, rentPeriodDays }) =>
      autoExtend && rentPeriodDays ? [rentPeriodDays] : [],
    ),
  );
  return [...days].map((rentPeriodDays) => ({
    ...{ orderId, proxyType, rentPeriodDays },
    addresses: ipAddresses.length,
  }));
}

function keyOf({ orderId, rentPeriodDays }: Pick<RenewalGroup, "orderId" | "rentPeriodDays">): string {
  return `${rentPeriodDays} ${orderId}`;
}

/** A part of an order is assumed to cost its share, rounded to the cent if it does not come out even. */
function shareOf({ price, addresses }: OrderPrice, count: number): number {
  if (count === addresses) return price;
  const unit = sumOfAmounts([Math.round((price / addresses) * 1e6) / 1e6]);
  const isEven = priceOfGroup(unit, addresses) === price;
  return isEven
    ? priceOfGroup(unit, count)
    : sumOfAmounts([Math.round((price * count * 100) / addresses) / 100]);
}
