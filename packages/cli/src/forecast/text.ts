import {
  amountText,
  type Column,
  cleanShort,
  counted,
  definitions,
  moneyText,
  numberText,
  table,
  timeText,
  wrap,
} from "../app/format.js";
import { balanceChart, type ChartOptions } from "./chart.js";
import { incompleteList } from "./report.js";
import type { ForecastReport, ForecastResult } from "./types.js";
import { assumptions, headedWith } from "./wording.js";

interface TextOptions extends ChartOptions {
  /** The width of the table of renewals, in which a file need not lack columns (default: `width`). */
  readonly tableWidth?: number;
}

type Shown = ForecastReport & Partial<Pick<ForecastResult, "ifOn">>;

/**
 * A forecast for people: the sums, when the balance runs out and what expires then, the balance as a chart, and the
 * renewals as a table. Long lists are cut, and say so.
 */
export function forecastText(report: Shown, options: TextOptions): string {
  const { paint, width } = options;
  const parts = [
    summary(report, options),
    report.isComplete ? [] : lines(incompleteList, width).map((line) => paint("red", line)),
    shortage(report, options),
    expiring(report, width),
    endingUnasked(report, width),
    leftOut(report, width),
    ifOn(report, width),
    [paint("bold", headedWith("Balance, day by day", report.currency)), balanceChart(report, options)],
    renewals(report, options),
    lines(`Times are in UTC. ${assumptions(report)}`, width).map((line) => paint("dim", line)),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

const mostRenewals = 20;

const mostOthers = 10;

function summary(report: ForecastReport, { paint, width }: ChartOptions): string[] {
  const { host, days, from, until, balance, spent, spentByProxyType } = report;
  const paid = report.renewals.filter(({ outcome }) => outcome === "renewed").length;
  const byType = spentByProxyType.map((each) => `${each.proxyType} ${amountText(each.spent)}`).join(", ");
  const money = (amount: number) => `${amountText(amount)} ${cleanShort(report.currency)}`.trimEnd();
  const renewed = `in ${counted(paid, "renewal", "renewals")}`;
  const rows = [
    ["Balance now", money(balance.start), ""],
    ["To be spent", money(spent), renewed],
    ...(report.demand > spent ? [["Due in all", money(report.demand), "if the balance were enough"]] : []),
    ["Balance at end", money(balance.end), ""],
  ];
  return [
    ...lines(`Forecast of ${cleanShort(host, 100)} for ${counted(days, "day", "days")}`, width).map((line) =>
      paint("bold", line),
    ),
    `${timeText(from)} to ${timeText(until)}`,
    "",
    ...table(
      rows,
      [
        { head: "", cell: ([name = ""]) => name },
        { head: "", cell: ([, amount = ""]) => amount, right: true },
        { head: "", cell: ([, , note = ""]) => note, dropped: 1 },
      ],
      width,
    ),
    ...(spentByProxyType.length > 1 ? lines(`To be spent by type: ${byType}`, width) : []),
  ];
}

function shortage(report: ForecastReport, { paint, width }: ChartOptions): string[] {
  const { firstShortage, needed, until, unpriced } = report;
  const money = (amount: number) => moneyText(amount, report.currency);
  if (firstShortage === null) {
    const all = unpriced.length > 0 ? "every renewal whose price is known" : "every renewal";
    return report.renewals.length === 0
      ? ["There are no renewals in this time."]
      : lines(`The balance covers ${all} until ${timeText(until)}.`, width).map((line) =>
          paint("green", line),
        );
  }
  const { at, orderId, price, balance, missing } = firstShortage;
  return [
    ...lines(`The balance runs out on ${timeText(at)}.`, width).map((line) => paint("red", line)),
    ...[
      `Order ${cleanShort(orderId)} costs ${money(price)} then, and ${money(balance)} is left: ${money(missing)} is missing.`,
      topUpText(needed, report),
    ].flatMap((line) => lines(line, width)),
  ];
}

function topUpText(needed: number, { currency, until }: Pick<ForecastReport, "currency" | "until">): string {
  return `Top up ${moneyText(needed, currency)} in all, and no renewal with a known price fails until ${timeText(until)}.`;
}

function expiring({ expiring }: ForecastReport, width: number): string[] {
  const quantity = expiring.reduce((sum, each) => sum + each.quantity, 0);
  if (quantity === 0) return [];
  const orders = counted(new Set(expiring.map(({ orderId }) => orderId)).size, "order", "orders");
  const expire = quantity === 1 ? "expires" : "expire";
  return [
    ...lines(
      `Without a top-up, ${counted(quantity, "IP address", "IP addresses")} of ${orders} ${expire}:`,
      width,
    ),
    ...listed(expiring, expiryColumns, width),
  ];
}

const expiryColumns: readonly Column<ForecastReport["expiries"][number]>[] = [
  { head: "", cell: ({ at }) => timeText(at) },
  { head: "", cell: ({ orderId }) => cleanShort(orderId) },
  { head: "", cell: ({ proxyType }) => proxyType, dropped: 2 },
  {
    head: "",
    cell: ({ quantity }) => counted(quantity, "IP address", "IP addresses"),
    right: true,
    dropped: 1,
  },
];

/** IP addresses that end without a renewal being tried. */
function endingUnasked({ expiries }: ForecastReport, width: number): string[] {
  const reasons = {
    off: "with auto-extend off",
    incomplete: "with IPv6 orders that cannot be renewed as a whole",
  };
  return (["off", "incomplete"] as const).flatMap((because) => {
    const quantity = expiries.reduce((sum, each) => sum + (each.because === because ? each.quantity : 0), 0);
    if (quantity === 0) return [];
    const line = `${counted(quantity, "IP address ends", "IP addresses end")} ${reasons[because]}`;
    if (because === "off") return lines(`${line}.`, width);
    // Some of them are on, so somebody expects them to be renewed.
    const incomplete = expiries.filter((each) => each.because === because);
    return [...lines(`${line}:`, width), ...listed(incomplete, expiryColumns, width)];
  });
}

function leftOut({ unpriced, skipped }: ForecastReport, width: number): string[] {
  return [
    ...(unpriced.length === 0
      ? []
      : lines("No price is known for these renewals, so they are assumed to fail:", width)),
    ...listed(
      unpriced,
      [
        { head: "", cell: ({ at }) => timeText(at) },
        { head: "", cell: ({ orderId }) => cleanShort(orderId) },
        { head: "", cell: ({ proxyType }) => proxyType, dropped: 2 },
        {
          head: "",
          cell: ({ rentPeriodDays }) => `for ${counted(rentPeriodDays, "day", "days")}`,
          dropped: 1,
        },
      ],
      width,
    ),
    ...(skipped.length === 0 ? [] : ["These orders cannot be forecast:"]),
    ...reasons(skipped, width),
  ];
}

function ifOn({ ifOn = null, currency, days, until }: Shown, width: number): string[] {
  if (ifOn === null) return [];
  const { orders, unchanged, otherPeriods, unpriced, leftOut, needed, firstShortage } = ifOn;
  const sentences = [
    orders === 0 ? "Switching these orders on changes nothing." : differenceText(ifOn, { currency, days }),
    otherPeriods > 0 &&
      `${counted(otherPeriods, "of these IP addresses is", "of these IP addresses are")} on already, and would be renewed for another period.`,
    unpriced > 0 &&
      `${counted(unpriced, "order has no price", "orders have no prices")} for this period, so the amount is too low.`,
    unchanged > 0 &&
      `${counted(unchanged, "order is", "orders are")} on already, with the same rental period.`,
    orders > 0 && firstShortage === null && "The balance would cover them.",
    orders > 0 &&
      firstShortage !== null &&
      `The balance would run out on ${timeText(firstShortage.at)}. ${topUpText(needed, { currency, until })}`,
    leftOut.length > 0 && `${counted(leftOut.length, "order is", "orders are")} left out.`,
  ];
  return sentences.flatMap((sentence) => (sentence === false ? [] : lines(sentence, width)));
}

function differenceText(
  { orders, addresses, addedDemand, addedRenewals, unpriced }: NonNullable<ForecastResult["ifOn"]>,
  { currency, days }: Pick<ForecastReport, "currency" | "days">,
): string {
  const what = `${counted(orders, "order", "orders")}, ${counted(addresses, "IP address", "IP addresses")}`;
  const amount = `${unpriced > 0 ? "at least " : ""}${moneyText(Math.abs(addedDemand), currency)}`;
  const adds = `${addedDemand < 0 ? "saves" : "adds"} ${amount} in ${counted(days, "day", "days")}`;
  const renewals = counted(Math.abs(addedRenewals), "renewal", "renewals");
  const more =
    addedRenewals === 0 ? "as many renewals" : `${renewals} ${addedRenewals > 0 ? "more" : "fewer"}`;
  return `Switching on ${what}, ${adds}, with ${more}.`;
}

function renewals({ renewals }: ForecastReport, { paint, width, tableWidth = width }: TextOptions): string[] {
  if (renewals.length === 0) return [];
  const shown = renewals.slice(0, mostRenewals);
  const [head, ...lines] = table(shown, renewalColumns(tableWidth), tableWidth);
  return [
    paint("bold", head as string),
    ...lines.map((line, index) => (shown[index]?.outcome === "failed" ? paint("red", line) : line)),
    ...more(renewals.length - shown.length),
  ];
}

/** Terminals of fewer columns have no room for a time beside a date. */
const narrow = 50;

/** Named and ordered like those of the table of `price` and `on`. */
const renewalColumns = (width: number): readonly Column<ForecastReport["renewals"][number]>[] => [
  { head: "Renewal", cell: ({ at }) => timeText(at).slice(0, width < narrow ? 10 : undefined) },
  { head: "Order", cell: ({ orderId }) => cleanShort(orderId) },
  { head: "Type", cell: ({ proxyType }) => proxyType, dropped: 4 },
  { head: "Days", cell: ({ rentPeriodDays }) => String(rentPeriodDays), right: true, dropped: 5 },
  { head: "Addresses", cell: ({ quantity }) => numberText(quantity), right: true, dropped: 3 },
  { head: "Price", cell: ({ price }) => (price === null ? "?" : amountText(price)), right: true },
  { head: "Balance", cell: ({ balance }) => amountText(balance), right: true, dropped: 2 },
  { head: "Outcome", cell: ({ outcome }) => outcome, dropped: 1 },
  { head: "Until", cell: ({ endsAt }) => (endsAt === null ? "" : timeText(endsAt)), dropped: 6 },
];

function listed<Item>(items: readonly Item[], columns: readonly Column<Item>[], width: number): string[] {
  return indented([
    ...table(items.slice(0, mostOthers), columns, width - 2),
    ...more(items.length - mostOthers),
  ]);
}

/** Orders with a reason each, which is wrapped beside them. */
function reasons(items: readonly { readonly orderId: string; readonly reason: string }[], width: number) {
  const rows = items
    .slice(0, mostOthers)
    .map(({ orderId, reason }) => [cleanShort(orderId), cleanShort(reason, 200)] as const);
  return indented([...definitions(rows, width - 2), ...more(items.length - mostOthers)]);
}

function indented(all: readonly string[]): string[] {
  return all.map((line) => `  ${line}`);
}

function more(count: number): string[] {
  return count > 0 ? [`and ${counted(count, "more line", "more lines")}; --json has all of them`] : [];
}

function lines(text: string, width: number): string[] {
  return wrap(text, width).split("\n");
}
