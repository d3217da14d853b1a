/** The sentences and columns that the text and the page of a forecast have in common. */
import {
  amountText,
  type Column,
  cleanShort,
  moneyText,
  numberText,
  pluralize,
  timeText,
} from "../app/format.js";
import type { ForecastReport } from "./types.js";

export function headedWith(name: string, currency: string): string {
  return currency === "" ? name : `${name} (${cleanShort(currency)})`;
}

export function figures({ balance, spent, demand, currency, renewals }: ForecastReport) {
  const figure = (name: string, amount: number, note = "") => ({
    ...{ name, amount: moneyText(amount, currency), note },
  });
  const paid = renewals.filter(({ outcome }) => outcome === "renewed").length;
  return [
    figure("Balance now", balance.start),
    figure("To be spent", spent, `in ${pluralize(paid, "renewal", "renewals")}`),
    ...(demand > spent ? [figure("Due in all", demand, "if the balance were enough")] : []),
    figure("Balance at end", balance.end),
  ];
}

/** `null` if there is only one type. */
export function spentByType({ spentByProxyType }: ForecastReport): string | null {
  if (spentByProxyType.length <= 1) return null;
  const types = spentByProxyType.map(({ proxyType, spent }) => `${proxyType} ${amountText(spent)}`);
  return `To be spent by type: ${types.join(", ")}`;
}

/** A forecast may be read where no note about the list is seen. */
export const incompleteList =
  "The list of IP addresses is incomplete: there may be more renewals, and amounts are at least those shown.";

interface Verdict {
  readonly mood: "good" | "bad" | "neutral";
  readonly headline: string;
  readonly details: readonly string[];
}

export function verdictOf(report: ForecastReport): Verdict {
  const { firstShortage, needed, renewals, unpriced, until, currency } = report;
  if (firstShortage === null) {
    if (renewals.length === 0) {
      return { mood: "neutral", headline: "There are no renewals in this time.", details: [] };
    }
    const all = unpriced.length > 0 ? "every renewal whose price is known" : "every renewal";
    return { mood: "good", headline: `The balance covers ${all} until ${timeText(until)}.`, details: [] };
  }
  const { at, orderId, price, balance, missing } = firstShortage;
  const money = (amount: number) => moneyText(amount, currency);
  return {
    mood: "bad",
    headline: `The balance runs out on ${timeText(at)}.`,
    details: [
      `Order ${cleanShort(orderId)} costs ${money(price)} then, and ${money(balance)} is left: ${money(missing)} is missing.`,
      topUpText(needed, report),
    ],
  };
}

export function topUpText(
  needed: number,
  { currency, until }: Pick<ForecastReport, "currency" | "until">,
): string {
  return `Top up ${moneyText(needed, currency)} in all: then every renewal with a known price is covered until ${timeText(until)}.`;
}

/** A sentence without its end; `null` if nothing expires because the balance is not enough. */
export function expiringText({ expiring }: ForecastReport): string | null {
  if (expiring.length === 0) return null;
  const quantity = expiring.reduce((sum, each) => sum + each.quantity, 0);
  const orders = pluralize(new Set(expiring.map(({ orderId }) => orderId)).size, "order", "orders");
  const expire = quantity === 1 ? "expires" : "expire";
  return `Without a top-up, ${pluralize(quantity, "IP address", "IP addresses")} of ${orders} ${expire}`;
}

export function assumptions({ settings: { leadTimeHours, retryHours } }: ForecastReport): string {
  const hours = (count: number) => pluralize(count, "hour", "hours");
  const paid =
    leadTimeHours === 0 ? "when the IP addresses end" : `${hours(leadTimeHours)} before the IP addresses end`;
  const failed = retryHours === null ? "not tried again" : `tried again after ${hours(retryHours)}`;
  return `Times are in UTC. Assumed: a renewal is paid ${paid}; a renewal that fails is ${failed}.`;
}

const time: Column<{ at: string }> = { head: "Time", cell: ({ at }) => timeText(at) };
export const orderColumn: Column<{ orderId: string }> = {
  head: "Order",
  cell: ({ orderId }) => orderId,
};
const type: Column<{ proxyType: string }> = {
  head: "Type",
  cell: ({ proxyType }) => proxyType,
  dropped: 5,
};
const days: Column<{ rentPeriodDays: number }> = {
  head: "Days",
  cell: ({ rentPeriodDays }) => String(rentPeriodDays),
  right: true,
  dropped: 6,
};
const addresses: Column<{ quantity: number }> = {
  head: "Addresses",
  cell: ({ quantity }) => numberText(quantity),
  right: true,
  dropped: 4,
};

/** Named and ordered like those of the table of `price` and `on`. */
export const renewalColumns: readonly Column<ForecastReport["renewals"][number]>[] = [
  ...[time, orderColumn, type, days, addresses],
  {
    head: "Price",
    cell: ({ price }) => (price === null ? "?" : amountText(price)),
    right: true,
    dropped: 1,
  },
  { head: "Balance", cell: ({ balance }) => amountText(balance), right: true, dropped: 3 },
  { head: "Outcome", cell: ({ outcome }) => outcome, dropped: 2 },
  { head: "Until", cell: ({ endsAt }) => (endsAt === null ? "" : timeText(endsAt)), dropped: 7 },
];

export const expiryColumns: readonly Column<ForecastReport["expiries"][number]>[] = [
  ...[time, orderColumn, type, addresses],
];

export const unpricedColumns: readonly Column<ForecastReport["unpriced"][number]>[] = [
  ...[time, orderColumn, type, days],
];
