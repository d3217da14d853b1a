import { type RenewalEvent, sumOfAmounts } from "@auto-extend/core";
import type { ForecastReport } from "./report.js";

/** One day of a report. */
export type ForecastDay = ForecastReport["byDay"][number];

interface Span {
  readonly from: string;
  readonly until: string;
  /** At the start. */
  readonly balance: number;
}

/** The days in UTC from the first to the last, with what happens on each of them. */
export function dayByDay(
  events: readonly RenewalEvent[],
  { from, until, balance: start }: Span,
): ForecastDay[] {
  const first = dayOf(from);
  const eventsOfDays = Array.from({ length: dayOf(until) - first + 1 }, (): RenewalEvent[] => []);
  for (const event of events) eventsOfDays[dayOf(event.at) - first]?.push(event);
  let before = start;
  return eventsOfDays.map((eventsOfDay, index) => {
    const balance = eventsOfDay.at(-1)?.balance ?? before;
    const lowest = eventsOfDay.reduce((least, event) => Math.min(least, event.balance), before);
    before = balance;
    return { date: dateOf(first + index), balance, lowest, ...totalsOf(eventsOfDay) };
  });
}

function totalsOf(events: readonly RenewalEvent[]) {
  const prices: number[] = [];
  let failed = 0;
  let expired = 0;
  for (const event of events) {
    if (event.type === "renewed") prices.push(event.price);
    else if (event.type === "failed") failed += 1;
    else expired += event.group.ipAddressIds.length;
  }
  return { spent: sumOfAmounts(prices), renewed: prices.length, failed, expired };
}

const millisecondsOfDay = 86_400_000;

/** How many days after the first of 1970. */
function dayOf(moment: string): number {
  return Math.floor(Date.parse(moment) / millisecondsOfDay);
}

function dateOf(day: number): string {
  return new Date(day * millisecondsOfDay).toISOString().slice(0, 10);
}
