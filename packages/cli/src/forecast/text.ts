/** A forecast for people at a terminal. */
import type { Paint } from "../app/context.js";
import {
  type Column,
  cleanShort,
  definitions,
  moneyText,
  pluralize,
  table,
  timeText,
  wrap,
} from "../app/format.js";
import { balanceChart, type ChartOptions } from "./chart.js";
import {
  assumptions,
  expiringText,
  expiryColumns,
  figures,
  headedWith,
  incompleteList,
  renewalColumns,
  spentByType,
  topUpText,
  unpricedColumns,
  verdictOf,
} from "./contents.js";
import type { ForecastReport } from "./types.js";

interface TextOptions extends ChartOptions {
  /** The width of the table of renewals, in which a file need not lack columns (default: `width`). */
  readonly tableWidth?: number;
}

/**
 * The sums, when the balance runs out and what expires then, the balance as a chart, and the renewals as a table. Long
 * lists are cut, and say so.
 */
export function forecastText(report: ForecastReport, options: TextOptions): string {
  const parts = [
    summary(report, options),
    report.isComplete ? [] : lines(incompleteList, options, "red"),
    verdict(report, options),
    expiring(report, options),
    endingUnasked(report, options),
    leftOut(report, options),
    ifOn(report, options),
    [
      options.paint("bold", headedWith("Balance, day by day", report.currency)),
      balanceChart(report, options),
    ],
    renewals(report, options),
    lines(assumptions(report), options, "dim"),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

const mostRenewals = 20;

const mostOthers = 10;

function lines(text: string, { paint, width }: ChartOptions, colour?: Parameters<Paint>[0]): string[] {
  return wrap(text, width)
    .split("\n")
    .map((line) => (colour ? paint(colour, line) : line));
}

function summary(report: ForecastReport, options: ChartOptions): string[] {
  const { host, days, from, until } = report;
  const byType = spentByType(report);
  return [
    ...lines(`Forecast of ${cleanShort(host, 100)} for ${pluralize(days, "day", "days")}`, options, "bold"),
    `${timeText(from)} to ${timeText(until)}`,
    "",
    ...table(
      figures(report),
      [
        { head: "", cell: ({ name }) => name },
        { head: "", cell: ({ amount }) => amount, right: true },
        { head: "", cell: ({ note }) => note, dropped: 1 },
      ],
      options.width,
    ),
    ...(byType === null ? [] : lines(byType, options)),
  ];
}

const colours = { good: "green", bad: "red", neutral: undefined } as const;

function verdict(report: ForecastReport, options: ChartOptions): string[] {
  const { mood, headline, details } = verdictOf(report);
  return [
    ...lines(headline, options, colours[mood]),
    ...details.flatMap((sentence) => lines(sentence, options)),
  ];
}

function expiring(report: ForecastReport, options: ChartOptions): string[] {
  const text = expiringText(report);
  if (text === null) return [];
  return [...lines(`${text}:`, options), ...listed(report.expiring, expiryColumns, options)];
}

/** IP addresses that end without a renewal being tried. */
function endingUnasked({ expiries }: ForecastReport, options: ChartOptions): string[] {
  const ending = (because: "off" | "incomplete", how: string) => {
    const found = expiries.filter((each) => each.because === because);
    const quantity = found.reduce((sum, each) => sum + each.quantity, 0);
    return { found, text: `${pluralize(quantity, "IP address ends", "IP addresses end")} ${how}` };
  };
  const off = ending("off", "with auto-extend off");
  // Some of them are on, so somebody expects them to be renewed.
  const incomplete = ending("incomplete", "with IPv6 orders that cannot be renewed as a whole");
  return [
    ...(off.found.length === 0 ? [] : lines(`${off.text}.`, options)),
    ...(incomplete.found.length === 0 ? [] : lines(`${incomplete.text}:`, options)),
    ...listed(incomplete.found, expiryColumns, options),
  ];
}

function leftOut({ unpriced, skipped }: ForecastReport, options: ChartOptions): string[] {
  const unknown = "No price is known for these renewals, so they are assumed to fail:";
  const reasons = skipped
    .slice(0, mostOthers)
    .map(({ orderId, reason }) => [cleanShort(orderId), cleanShort(reason, 200)] as const);
  return [
    ...(unpriced.length === 0 ? [] : lines(unknown, options)),
    ...listed(unpriced, unpricedColumns, options),
    ...(skipped.length === 0 ? [] : ["These orders cannot be forecast:"]),
    ...indented([...definitions(reasons, options.width - 2), ...more(skipped.length - mostOthers)]),
  ];
}

function ifOn({ ifOn, currency, days, until }: ForecastReport, options: ChartOptions): string[] {
  if (ifOn === null) return [];
  const { orders, unchanged, otherPeriods, unpriced, leftOut, needed, firstShortage } = ifOn;
  const sentences = [
    orders === 0 ? "Switching these orders on changes nothing." : differenceText(ifOn, { currency, days }),
    otherPeriods > 0 &&
      `${pluralize(otherPeriods, "of these IP addresses is", "of these IP addresses are")} on already, and would be renewed for another period.`,
    unpriced > 0 &&
      `${pluralize(unpriced, "order has no price", "orders have no prices")} for this period, so the amount is too low.`,
    unchanged > 0 &&
      `${pluralize(unchanged, "order is", "orders are")} on already, with the same rental period.`,
    orders > 0 && firstShortage === null && "The balance would cover them.",
    orders > 0 &&
      firstShortage !== null &&
      `The balance would run out on ${timeText(firstShortage.at)}. ${topUpText(needed, { currency, until })}`,
    leftOut.length > 0 && `${pluralize(leftOut.length, "order is", "orders are")} left out.`,
  ];
  return sentences.flatMap((sentence) => (sentence === false ? [] : lines(sentence, options)));
}

function differenceText(
  { orders, addresses, addedDemand, addedRenewals, unpriced }: NonNullable<ForecastReport["ifOn"]>,
  { currency, days }: Pick<ForecastReport, "currency" | "days">,
): string {
  const what = `${pluralize(orders, "order", "orders")}, ${pluralize(addresses, "IP address", "IP addresses")}`;
  const amount = `${unpriced > 0 ? "at least " : ""}${moneyText(Math.abs(addedDemand), currency)}`;
  const adds = `${addedDemand < 0 ? "saves" : "adds"} ${amount} in ${pluralize(days, "day", "days")}`;
  const renewals = pluralize(Math.abs(addedRenewals), "renewal", "renewals");
  const more =
    addedRenewals === 0 ? "as many renewals" : `${renewals} ${addedRenewals > 0 ? "more" : "fewer"}`;
  return `Switching on ${what}, ${adds}, with ${more}.`;
}

/** Terminals of fewer columns have no room for a time beside an order ID and a price. */
const narrow = 50;

/** A renewal that fails must not look like one that is paid. */
const narrowColumns: typeof renewalColumns = [
  { head: "Date", cell: ({ at }) => timeText(at).slice(0, 10) },
  ...renewalColumns.slice(1).map((column) =>
    column.head === "Price"
      ? {
          ...column,
          cell: (row: ForecastReport["renewals"][number]) =>
            row.outcome === "failed" ? "failed" : column.cell(row),
        }
      : column,
  ),
];

function renewals({ renewals }: ForecastReport, { paint, width, tableWidth = width }: TextOptions): string[] {
  if (renewals.length === 0) return [];
  const shown = renewals.slice(0, mostRenewals);
  const columns = tableWidth < narrow ? narrowColumns : renewalColumns;
  const [head, ...rows] = table(shown, columns, tableWidth);
  return [
    paint("bold", head as string),
    ...rows.map((row, index) => (shown[index]?.outcome === "failed" ? paint("red", row) : row)),
    ...more(renewals.length - shown.length),
  ];
}

function listed<Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
  { width }: ChartOptions,
): string[] {
  if (items.length === 0) return [];
  return indented([
    ...table(items.slice(0, mostOthers), columns, width - 2),
    ...more(items.length - mostOthers),
  ]);
}

function indented(all: readonly string[]): string[] {
  return all.map((line) => `  ${line}`);
}

function more(count: number): string[] {
  return count > 0 ? [`and ${pluralize(count, "more line", "more lines")}; --json has all of them`] : [];
}
