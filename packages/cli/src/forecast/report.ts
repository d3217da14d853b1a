import { defaultRenewalSettings, type ForecastInput, sumOfAmounts } from "@auto-extend/core";
import type { z } from "zod/v3";
import type { forecasted } from "../results/forecast.js";
import { dayByDay } from "./day-by-day.js";
import { type Expired, isRenewal, lookAhead, type Tried } from "./look-ahead.js";
import { neededFor } from "./needed.js";

/** What lies ahead, as a plain JSON value: the `result` of `forecast`. Moments are in ISO 8601, amounts exact. */
export type ForecastReport = z.infer<typeof forecasted>;

/** What a report is made of. The moment is in ISO 8601, the balance in units of the currency. */
export interface ReportInput
  extends Pick<ForecastInput, "orders" | "balance" | "priceOf" | "from" | "settings"> {
  readonly currency: string;
  /** How far to look ahead: a whole number from 1 to {@link mostForecastDays}. */
  readonly days: number;
  /** The host that was asked for the orders, with its port where it names one. */
  readonly host: string;
  /** The orders that can't be forecast, and why, for people; none where left out. */
  readonly skipped?: readonly { readonly orderId: string; readonly reason: string }[] | undefined;
}

/** How many days a forecast looks ahead at most. */
export const mostForecastDays = 3_650;

/**
 * Forecasts the renewals of orders, and tells what comes of them day by day. It asks no clock and changes nothing.
 *
 * @throws RangeError where the days are out of bounds, a moment is no date, an IP address has no end, or an amount
 * can't be counted exactly.
 */
export function forecastReport(input: ReportInput): ForecastReport {
  const { host, days, currency, skipped = [] } = input;
  const span = spanOf(input);
  const settings = {
    leadTimeHours: input.settings?.leadTimeHours ?? defaultRenewalSettings.leadTimeHours,
    retryHours: input.settings?.retryHours ?? defaultRenewalSettings.retryHours,
  };
  const needed = neededFor({ ...input, ...span });
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
    spentByProxyType: spentByProxyType(paid),
    needed,
    firstShortage: firstShortageOf(renewals),
    expiring: expiring.map(expiryOf),
    renewals,
    expiries: expiries.map(expiryOf),
    byDay: dayByDay(events, { ...span, balance: start }),
    unpriced: unpricedOf(renewals),
    skipped: skipped.map(({ orderId, reason }) => ({ orderId, reason })),
  };
}

type Renewal = ForecastReport["renewals"][number];

function spanOf({ from, days }: ReportInput): { from: string; until: string } {
  if (!(Number.isInteger(days) && days >= 1 && days <= mostForecastDays)) {
    throw new RangeError(
      `A forecast looks a whole number of days ahead, from 1 to ${mostForecastDays}, not ${days}.`,
    );
  }
  const until = new Date(from);
  if (Number.isNaN(until.getTime())) {
    throw new RangeError(`"${from}" is no date: give one such as 2030-01-31T12:00:00Z.`);
  }
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

/** An amount as it stands in JSON, without the noise of a product such as 3 * 0.8. */
function exact(amount: number): number {
  return sumOfAmounts([amount]);
}
