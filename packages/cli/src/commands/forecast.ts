import type { ListedOrder } from "@auto-extend/client";
import type { RenewableOrder } from "@auto-extend/core";
import { nowOf } from "../account/now.js";
import { openClient } from "../account/open-client.js";
import { readPrices } from "../account/prices.js";
import { readOrders } from "../account/read-orders.js";
import { usageError } from "../cli-error.js";
import type { Context } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import { type FileWriter, fileWriter } from "../file-writer.js";
import { fileReasons } from "../files.js";
import { type ForecastReport, forecastReport, mostForecastDays } from "../forecast/report.js";
import { forecastText } from "../forecast/text.js";
import type { Outcome } from "../invocation.js";

/** The options of `forecast`. */
export interface ForecastOptions {
  readonly days: number;
  readonly html?: string;
  readonly now?: string;
  readonly leadHours?: number;
  readonly retryHours?: number;
  readonly rate?: number;
  readonly ascii?: true;
}

/** Tells which renewals lie ahead, and whether the balance lasts. */
export async function forecast(context: Context, options: ForecastOptions): Promise<Outcome> {
  const { days, html, leadHours, retryHours } = options;
  if (days > mostForecastDays) {
    throw usageError(`A forecast looks ${mostForecastDays} days ahead at most.`, "Give fewer --days.");
  }
  if (options.now !== undefined) nowOf({ now: options.now, serverTime: null });
  const write = html === undefined ? undefined : await fileWriter(html, "--html");
  const opened = await openClient(context);
  const { client, connection, serverTime } = opened;
  const { balance, currencyCode } = await client.getBalance({ signal: context.io.signal });
  const { orders: listed } = await readOrders(context, opened);
  const from = nowOf({ now: options.now, serverTime: serverTime() });
  const { orders, skipped } = renewable(listed);
  const priceOf = await readPrices(context, opened, { orders: listed, perSecond: options.rate });
  const report = forecastReport({
    host: connection.host,
    orders,
    skipped,
    balance,
    currency: currencyCode ?? "",
    priceOf,
    from,
    days,
    settings: { leadTimeHours: leadHours, retryHours },
  });
  const isLost = write !== undefined && !(await writePage(context, { file: html as string, write, report }));
  const { stdout } = context.io;
  const width = Math.min(stdout.columns ?? 80, 120);
  return {
    exitCode: isLost ? exitCodes.outputLost : exitCodes.done,
    result: report,
    text: () => forecastText(report, { width, paint: context.paint, ascii: options.ascii === true }),
  };
}

/** Writes the page; what was found out is not lost where that fails. */
async function writePage(
  context: Context,
  { file, write, report }: { file: string; write: FileWriter; report: ForecastReport },
): Promise<boolean> {
  const { forecastPage } = await import("../forecast/page.js");
  try {
    // A server may repeat the API key where an order id belongs.
    await write([context.redact(forecastPage(report))]);
    context.talk(`Wrote the page ${file}.`);
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    context.note(`The page ${file} could not be written: ${fileReasons[code] ?? code}.`);
    return false;
  }
}

/** The orders that can be forecast; one that lacks what a forecast goes by is left out, and said to be. */
function renewable(listed: readonly ListedOrder[]) {
  const orders: RenewableOrder[] = [];
  const skipped: { orderId: string; reason: string }[] = [];
  for (const order of listed) {
    const reason = lackOf(order);
    if (reason !== null) skipped.push({ orderId: order.orderId, reason });
    else orders.push(renewableOrder(order));
  }
  return { orders, skipped };
}

function lackOf({ proxyType, ipAddresses }: ListedOrder): string | null {
  if (proxyType === null) return "the list does not say its proxy type";
  if (ipAddresses.some(({ endsAt }) => endsAt === null)) return "the list does not say when it ends";
  if (ipAddresses.some(({ autoExtend }) => autoExtend === null)) {
    return "the list does not say whether auto-extend is on";
  }
  const isOpen = ipAddresses.some(({ autoExtend, rentPeriodDays }) => autoExtend && rentPeriodDays === null);
  return isOpen ? "the list does not say for how long it is renewed" : null;
}

function renewableOrder({ orderId, proxyType, ipAddresses }: ListedOrder): RenewableOrder {
  return {
    orderId,
    proxyType: proxyType as RenewableOrder["proxyType"],
    ipAddresses: ipAddresses.map(({ ipAddressId, autoExtend, rentPeriodDays, endsAt }) => ({
      ipAddressId,
      autoExtend: autoExtend === true,
      // What is off is not renewed, whatever its period.
      rentPeriodDays: rentPeriodDays ?? 1,
      endsAt: endsAt as string,
    })),
  };
}
