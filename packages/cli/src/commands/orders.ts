import type { ListedOrder } from "@auto-extend/client";
import { nowOf } from "../account/now.js";
import { openClient } from "../account/open-client.js";
import { chosenRows, sortedRows, spanOf } from "../account/order-choice.js";
import { type OrderRow, orderRow } from "../account/order-row.js";
import { readOrders } from "../account/read-orders.js";
import { timeLeft } from "../account/time-left.js";
import { usageError } from "../cli-error.js";
import type { Context } from "../context.js";
import { csvLine, harmlessCell } from "../csv.js";
import type { Outcome } from "../invocation.js";
import { proxyTypeOption } from "../proxy-type-option.js";
import { type Column, table } from "../table.js";
import { counted } from "../words.js";

/** The options of `orders`. */
export interface OrdersOptions {
  readonly type?: string;
  readonly endingWithin?: string;
  readonly auto?: string;
  readonly country?: string;
  readonly sort: string;
  readonly csv?: true;
  readonly ids?: true;
  readonly now?: string;
}

/** Lists the account's orders. */
export async function listOrders(context: Context, options: OrdersOptions): Promise<Outcome> {
  const { csv, ids } = options;
  if ([csv, ids, context.options.json].filter(Boolean).length > 1) {
    throw usageError("--json, --csv and --ids are three ways to print the same.", "Give one of them.");
  }
  const type = options.type === undefined ? undefined : proxyTypeOption(options.type);
  const endingWithin = options.endingWithin === undefined ? undefined : spanOption(options.endingWithin);
  const auto = options.auto === undefined ? undefined : switchOption(options.auto);
  // A wrong column, or moment, is told of before anything is sent.
  sortedRows([], options.sort);
  if (options.now !== undefined) nowOf({ now: options.now, serverTime: null });

  const opened = await openClient(context);
  const { orders } = await readOrders(context, opened, { proxyType: type });
  const now = nowOf({ now: options.now, serverTime: opened.serverTime() });
  const choice = { type, endingWithin, auto, country: options.country };
  const rows = sortedRows(chosenRows(orders.map(orderRow), choice, now), options.sort);
  return {
    result: { now, listed: orders.length, orders: rows },
    text() {
      if (csv) return csvOf(rows);
      if (ids) return rows.map(({ orderId }) => `${orderId}\n`).join("");
      return tableOf(rows, { now, all: orders });
    },
  };
}

function tableOf(
  rows: readonly OrderRow[],
  { now, all }: { now: string; all: readonly ListedOrder[] },
): string {
  const listed = all.length;
  if (rows.length === 0) {
    return listed === 0
      ? "There is no order.\n"
      : `None of ${counted(listed, "order", "orders")} is as asked for. Countries in the list: ${countriesOf(all)}.\n`;
  }
  const addresses = rows.reduce((sum, row) => sum + row.addresses, 0);
  const columns: Column<OrderRow>[] = [
    { head: "ORDER", cell: ({ orderId }) => orderId },
    { head: "TYPE", cell: ({ proxyType }) => proxyType ?? "?" },
    { head: "ADDRESSES", cell: ({ addresses: count }) => String(count), right: true },
    { head: "COUNTRY", cell: ({ countries }) => countries.join(" ") || "?" },
    { head: "ENDS IN", cell: ({ endsAt }) => (endsAt === null ? "?" : timeLeft(now, endsAt)), right: true },
    { head: "AUTO-EXTEND", cell: ({ autoExtend }) => autoExtend },
    {
      head: "PERIOD",
      cell: ({ rentPeriodDays }) => (rentPeriodDays.length === 0 ? "?" : `${rentPeriodDays.join("/")} d`),
      right: true,
    },
  ];
  const left = listed > rows.length ? ` of ${listed}` : "";
  return `${table(rows, columns).join("\n")}\n\n${counted(rows.length, "order", "orders")}${left}, ${counted(addresses, "IP address", "IP addresses")}; now is ${now}.\n`;
}

function countriesOf(orders: readonly ListedOrder[]): string {
  const countries = orders.flatMap(({ ipAddresses }) => ipAddresses.flatMap(({ country }) => country ?? []));
  return [...new Set(countries)].sort().join(", ") || "none";
}

/** Ready for `on --file` and `off --file`, which read type, order id and days, and let the rest be. */
function csvOf(rows: readonly OrderRow[]): string {
  const heading = ["type", "orderId", "addresses", "country", "endsAt", "autoExtend", "days"];
  return [heading, ...rows.map(cellsOf)].map((cells) => csvLine(cells.map(harmlessCell))).join("");
}

function cellsOf({ proxyType, orderId, addresses, countries, endsAt, autoExtend, rentPeriodDays }: OrderRow) {
  const [days, ...more] = rentPeriodDays;
  return [
    proxyType ?? "",
    orderId,
    String(addresses),
    countries.join(" "),
    endsAt ?? "",
    autoExtend,
    days === undefined || more.length > 0 ? "" : String(days),
  ];
}

function spanOption(text: string): number {
  const span = spanOf(text);
  if (span !== undefined) return span;
  throw usageError(
    `"${text}" is no span of time.`,
    "Give --ending-within hours, days or weeks, such as 12h, 7d or 2w.",
  );
}

function switchOption(text: string): "on" | "off" {
  const wanted = text.toLowerCase();
  if (wanted === "on" || wanted === "off") return wanted;
  throw usageError(`"${text}" is no state of auto-extend.`, "Give --auto on or off.");
}
