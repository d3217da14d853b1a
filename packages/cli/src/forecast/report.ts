/** The report of a forecast. */
import {
  defaultRenewalSettings,
  type ForecastInput,
  type RenewalEvent,
  sumOfAmounts,
} from "@auto-extend/core";
import { type Demand, demandOf, type Expired, isRenewal, lookAhead, type Tried } from "./look-ahead.js";
import type { ForecastDay, ForecastReport } from "./types.js";

/** The input of a report. Times are in ISO 8601, the balance in units of the currency. */
export interface ReportInput
  extends Pick<ForecastInput, "orders" | "balance" | "priceOf" | "from" | "settings">,
    Pick<ForecastReport, "currency" | "days" | "host" | "isComplete" | "skipped"> {}

/** Forecasts the renewals of orders, day by day. It reads no clock and changes nothing. */
export function forecastReport(input: ReportInput): ForecastReport {
  const { host, days, currency, skipped, isComplete } = input;
  const span = spanOf(input);
  const settings = {
    leadTimeHours: input.settings?.leadTimeHours ?? defaultRenewalSettings.leadTimeHours,
    retryHours: input.settings?.retryHours ?? defaultRenewalSettings.retryHours,
  };
  const due = demandOf({ ...input, ...span });
  const demand = sumOfAmounts(due.map(({ price }) => price));
  const start = exact(input.balance);
  const { events, expiries, expiring } = lookAhead({ ...input, ...span, settings });
  const renewals = events.filter(isRenewal).map(renewalOf);
  const paid = renewals.filter(({ outcome }) => outcome === "renewed");
  return {
    ...{ host, ...span, days, currency, settings },
    balance: { start, end: events.at(-1)?.balance ?? start },
    spent: spentFor(paid),
    demand,
    renewalsDue: due.length,
    spentByProxyType: spentByProxyType(paid),
    // Exactly that at the start, since less would not cover the last renewal.
    needed: due.length === 0 ? 0 : Math.max(0, sumOfAmounts([demand, -start])),
    firstShortage: firstShortageOf(renewals),
    expiring: expiring.map(expiryOf),
    renewals,
    expiries: expiries.map(expiryOf),
    byDay: dayByDay(events, { ...span, balance: start, due }),
    unpriced: unpricedOf(renewals),
    isComplete,
    skipped,
    ifOn: null,
  };
}

type Renewal = ForecastReport["renewals"][number];

function spanOf({ from, days }: ReportInput): { from: string; until: string } {
  const until = new Date(from);
  const start = until.toISOString();
  until.setUTCDate(until.getUTCDate() + days);
  return { from: start, until: until.toISOString() };
}

function renewalOf(event: Tried): Renewal {
  const { orderId, proxyType, ipAddressIds, rentPeriodDays } = event.group;
  return {
    ...{ at: event.at, orderId, proxyType, quantity: ipAddressIds.length, rentPeriodDays },
    price: event.price === null ? null : exact(event.price),
    outcome: event.type,
    balance: event.balance,
    endsAt: event.type === "renewed" ? event.endsAt : null,
  };
}

function expiryOf({ at, group, because }: Expired): ForecastReport["expiries"][number] {
  const { orderId, proxyType, ipAddressIds } = group;
  return { at, orderId, proxyType, quantity: ipAddressIds.length, ipAddressIds: [...ipAddressIds], because };
}

function spentByProxyType(paid: readonly Renewal[]): ForecastReport["spentByProxyType"] {
  const types = [...new Set(paid.map(({ proxyType }) => proxyType))];
  return types
    .map((proxyType) => {
      const ofType = paid.filter((renewal) => renewal.proxyType === proxyType);
      return { proxyType, renewed: ofType.length, spent: spentFor(ofType) };
    })
    .sort((a, b) => b.spent - a.spent);
}

function firstShortageOf(renewals: readonly Renewal[]): ForecastReport["firstShortage"] {
  for (const { outcome, price, endsAt, ...due } of renewals) {
    if (outcome === "renewed" || price === null) continue;
    return { ...due, date: due.at.slice(0, 10), price, missing: sumOfAmounts([price, -due.balance]) };
  }
  return null;
}

function unpricedOf(renewals: readonly Renewal[]): ForecastReport["unpriced"] {
  const first = new Map<string, ForecastReport["unpriced"][number]>();
  for (const { price, outcome, balance, endsAt, ...due } of renewals) {
    const name = JSON.stringify([due.orderId, due.rentPeriodDays]);
    if (price === null && !first.has(name)) first.set(name, due);
  }
  return [...first.values()];
}

function spentFor(paid: readonly Renewal[]): number {
  return sumOfAmounts(paid.map(({ price }) => price ?? 0));
}

/** An amount without the noise of a product such as 3 * 0.8. */
function exact(amount: number): number {
  return sumOfAmounts([amount]);
}

interface Span extends Pick<ForecastReport, "from" | "until"> {
  readonly balance: number;
  readonly due: readonly Demand[];
}

function dayByDay(events: readonly RenewalEvent[], { from, until, balance, due }: Span): ForecastDay[] {
  const first = dayOf(from);
  const days = Array.from({ length: dayOf(until) - first + 1 }, (_, index) => ({
    date: new Date((first + index) * millisecondsOfDay).toISOString().slice(0, 10),
    events: [] as RenewalEvent[],
    prices: [] as number[],
  }));
  for (const event of events) days[dayOf(event.at) - first]?.events.push(event);
  for (const { at, price } of due) days[dayOf(at) - first]?.prices.push(price);
  let left = balance;
  return days.map(({ date, events, prices }) => {
    left = events.at(-1)?.balance ?? left;
    return { date, balance: left, demand: sumOfAmounts(prices), ...totalsOf(events) };
  });
}

function totalsOf(events: readonly RenewalEvent[]) {
  const paid: number[] = [];
  let failed = 0;
  let expired = 0;
  for (const event of events) {
    if (event.type === "renewed") paid.push(event.price);
    else if (event.type === "failed") failed += 1;
    else expired += event.group.ipAddressIds.length;
  }
  return { spent: sumOfAmounts(paid), renewed: paid.length, failed, expired };
}

const millisecondsOfDay = 86_400_000;

function dayOf(iso: string): number {
  return Math.floor(Date.parse(iso) / millisecondsOfDay);
}
