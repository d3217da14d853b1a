import type { Paint } from "../colour.js";
import { amountText, moneyText } from "../money.js";
import { type Column, table } from "../table.js";
import { visible } from "../visible.js";
import { counted } from "../words.js";
import { balanceChart, type ChartOptions } from "./chart.js";
import type { ForecastReport } from "./report.js";
import { assumptions, headedWith, momentText } from "./wording.js";

/**
 * A forecast for people: what it comes to, when the money is short and what expires then, the balance as a chart, and
 * the renewals as a table. Long lists are cut, and say so.
 */
export function forecastText(report: ForecastReport, options: ChartOptions): string {
  const { paint } = options;
  const parts = [
    summary(report, paint),
    shortage(report, paint),
    expiring(report),
    endingUnasked(report),
    leftOut(report),
    [paint("bold", headedWith("Balance, day by day", report.currency)), balanceChart(report, options)],
    renewals(report, paint),
    [paint("dim", `Times are in UTC. ${assumptions(report)}`)],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** How many renewals are listed for people; `--json` has them all. */
const mostRenewals = 20;

/** How many of anything else are. */
const mostOthers = 10;

function summary(report: ForecastReport, paint: Paint): string[] {
  const { host, days, from, until, balance, spent, spentByProxyType } = report;
  const paid = report.renewals.filter(({ outcome }) => outcome === "renewed").length;
  const byType = spentByProxyType.map((each) => `${each.proxyType} ${amountText(each.spent)}`).join(", ");
  const amounts = [balance.start, spent, balance.end].map(amountText);
  const width = Math.max(...amounts.map((text) => text.length));
  const [start, total, end] = amounts.map((text) =>
    `${text.padStart(width)} ${visible(report.currency)}`.trimEnd(),
  );
  return [
    paint("bold", `Forecast of ${visible(host, 100)} for ${counted(days, "day", "days")}`),
    `${momentText(from)} to ${momentText(until)}`,
    "",
    `Balance now     ${start}`,
    `Spent           ${total} in ${counted(paid, "renewal", "renewals")}${spentByProxyType.length > 1 ? ` (${byType})` : ""}`,
    `Balance at end  ${end}`,
  ];
}

function shortage(report: ForecastReport, paint: Paint): string[] {
  const { firstShortage, needed, until, unpriced } = report;
  const money = (amount: number) => moneyText(amount, report.currency);
  if (firstShortage === null) {
    const all = unpriced.length > 0 ? "every renewal whose price is known" : "every renewal";
    return report.renewals.length === 0
      ? ["No renewal lies ahead."]
      : [paint("green", `The balance covers ${all} until ${momentText(until)}.`)];
  }
  const { at, orderId, price, balance, missing } = firstShortage;
  return [
    paint("red", `Money is short from ${momentText(at)} on.`),
    `Order ${visible(orderId)} costs ${money(price)} then, and ${money(balance)} is left: ${money(missing)} is missing.`,
    `Pay in ${money(needed)} before then, and no renewal with a known price fails until ${momentText(until)}.`,
  ];
}

function expiring(report: ForecastReport): string[] {
  const quantity = report.expiring.reduce((sum, each) => sum + each.quantity, 0);
  if (quantity === 0) return [];
  return [
    `Otherwise ${counted(quantity, "IP address expires", "IP addresses expire")} unpaid:`,
    ...listed(report.expiring, expiryLine),
  ];
}

function expiryLine({ at, orderId, proxyType, quantity }: ForecastReport["expiries"][number]): string {
  return [momentText(at), visible(orderId), proxyType, counted(quantity, "IP address", "IP addresses")].join(
    "  ",
  );
}

/** What ends without a renewal being tried. */
function endingUnasked({ expiries }: ForecastReport): string[] {
  const reasons = { off: "with auto-extend off", incomplete: "with IPv6 orders that can't be renewed whole" };
  return (["off", "incomplete"] as const).flatMap((because) => {
    const quantity = expiries.reduce((sum, each) => sum + (each.because === because ? each.quantity : 0), 0);
    if (quantity === 0) return [];
    const line = `${counted(quantity, "IP address ends", "IP addresses end")} ${reasons[because]}`;
    if (because === "off") return [`${line}.`];
    // Some of them are on, so somebody expects them to be renewed.
    const incomplete = expiries.filter((each) => each.because === because);
    return [`${line}:`, ...listed(incomplete, expiryLine)];
  });
}

function leftOut({ unpriced, skipped }: ForecastReport): string[] {
  return [
    ...(unpriced.length === 0 ? [] : ["No price is known for these, so they are taken to fail:"]),
    ...listed(
      unpriced,
      ({ at, orderId, proxyType, rentPeriodDays }) =>
        `${momentText(at)}  ${visible(orderId)}  ${proxyType}  for ${counted(rentPeriodDays, "day", "days")}`,
    ),
    ...(skipped.length === 0 ? [] : ["These orders can't be forecast, and are left out:"]),
    ...listed(skipped, ({ orderId, reason }) => `${visible(orderId)}: ${visible(reason, 200)}`),
  ];
}

function renewals({ renewals }: ForecastReport, paint: Paint): string[] {
  if (renewals.length === 0) return [];
  const shown = renewals.slice(0, mostRenewals);
  const [head, ...lines] = table(shown, renewalColumns);
  return [
    paint("bold", head as string),
    ...lines.map((line, index) => (shown[index]?.outcome === "failed" ? paint("red", line) : line)),
    ...more(renewals.length - shown.length),
  ];
}

const renewalColumns: readonly Column<ForecastReport["renewals"][number]>[] = [
  { head: "RENEWAL", cell: ({ at }) => momentText(at) },
  { head: "ORDER", cell: ({ orderId }) => visible(orderId) },
  { head: "TYPE", cell: ({ proxyType }) => proxyType },
  { head: "IPS", cell: ({ quantity }) => String(quantity), right: true },
  { head: "DAYS", cell: ({ rentPeriodDays }) => String(rentPeriodDays), right: true },
  { head: "PRICE", cell: ({ price }) => (price === null ? "unknown" : amountText(price)), right: true },
  { head: "BALANCE", cell: ({ balance }) => amountText(balance), right: true },
  { head: "OUTCOME", cell: ({ outcome, endsAt }) => (endsAt ? `until ${momentText(endsAt)}` : outcome) },
];

function listed<Item>(items: readonly Item[], line: (item: Item) => string): string[] {
  return [
    ...items.slice(0, mostOthers).map((item) => `  ${line(item)}`),
    ...more(items.length - mostOthers).map((text) => `  ${text}`),
  ];
}

function more(count: number): string[] {
  return count > 0 ? [`and ${count} more; --json lists them all`] : [];
}
