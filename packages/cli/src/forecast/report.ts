/** The report of a forecast. */
import { defaultRenewalSettings, type ForecastInput, sumOfAmounts } from "@auto-extend/core";
import {
  dayByDay,
  demandOf,
  type Expired,
  isRenewal,
  lookAhead,
  neededFor,
  type Tried,
} from "./look-ahead.js";
import type { ForecastReport } from "./types.js";

/** The input of a report. Times are in ISO 8601, the balance in units of the currency. */
export interface ReportInput
  extends Pick<ForecastInput, "orders" | "balance" | "priceOf" | "from" | "settings"> {
  readonly currency: string;
  readonly days: number;
  readonly host: string;
  /** Whether these are all orders of the account (default: true). */
  readonly isComplete?: boolean | undefined;
  readonly skipped?: readonly { readonly orderId: string; readonly reason: string }[] | undefined;
}

/** Forecasts the renewals of orders, day by day. It reads no clock and changes nothing. */
export function forecastReport(input: ReportInput): ForecastReport {
  const { host, days, currency, skipped = [], isComplete = true } = input;
  const span = spanOf(input);
  const settings = {
    leadTimeHours: input.settings?.leadTimeHours ?? defaultRenewalSettings.leadTimeHours,
    retryHours: input.settings?.retryHours ?? defaultRenewalSettings.retryHours,
  };
  const demand = demandOf({ ...input, ...span });
  const start = exact(input.balance);
  const { events, expiries, expiring } = lookAhead({ ...input, ...span, settings });
  const renewals = events.filter(isRenewal).map(renewalOf);
  const paid = renewals.filter(({ outcome }) => outcome === "renewed");
  return {
    host,
    ...span,
    days,
    currency,
    settings,
    balance: { start, end: events.at(-1)?.balance ?? start },
    spent: spentFor(paid),
    demand: sumOfAmounts(demand.map(({ price }) => price)),
    renewalsDue: demand.length,
    spentByProxyType: spentByProxyType(paid),
    needed: neededFor(demand, input.balance),
    firstShortage: firstShortageOf(renewals),
    expiring: expiring.map(expiryOf),
    renewals,
    expiries: expiries.map(expiryOf),
    byDay: dayByDay(events, { ...span, balance: start, demand }),
    unpriced: unpricedOf(renewals),
    isComplete,
    skipped: skipped.map(({ orderId, reason }) => ({ orderId, reason })),
  };
}

/** A forecast may be read where no note about the list is seen. */
export const incompleteList =
  "The list of IP addresses is incomplete: there may be more renewals, and amounts are at least those shown.";

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
    at: event.at,
    orderId,
    proxyType,
    quantity: ipAddressIds.length,
    rentPeriodDays,
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
  for (const { outcome, price, at, orderId, proxyType, quantity, rentPeriodDays, balance } of renewals) {
    if (outcome === "renewed" || price === null) continue;
    const missing = sumOfAmounts([price, -balance]);
    const date = at.slice(0, 10);
    return { at, date, orderId, proxyType, quantity, rentPeriodDays, price, balance, missing };
  }
  return null;
}

function unpricedOf(renewals: readonly Renewal[]): ForecastReport["unpriced"] {
  const first = new Map<string, ForecastReport["unpriced"][number]>();
  for (const { price, at, orderId, proxyType, quantity, rentPeriodDays } of renewals) {
    const name = JSON.stringify([orderId, rentPeriodDays]);
    if (price !== null || first.has(name)) continue;
    first.set(name, { at, orderId, proxyType, quantity, rentPeriodDays });
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
