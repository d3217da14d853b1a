/** The renewals and expiries of the days to come. */
import { type ForecastInput, forecastRenewals, type RenewalEvent, sumOfAmounts } from "@auto-extend/core";
import type { ForecastDay } from "./types.js";

export type Tried = Extract<RenewalEvent, { type: "renewed" | "failed" }>;

export type Expired = Extract<RenewalEvent, { type: "expired" }>;

export interface Ahead {
  readonly events: readonly RenewalEvent[];
  /** The IP addresses that expire by then and, because of a failure by then, after it. */
  readonly expiries: readonly Expired[];
  /** Those of them that expire because the balance is not enough. */
  readonly expiring: readonly Expired[];
}

export function isRenewal(event: RenewalEvent): event is Tried {
  return event.type !== "expired";
}

/** Forecasts up to a time, and beyond it only to see the end of what fails by then. */
export function lookAhead(
  input: ForecastInput & { readonly settings: { readonly leadTimeHours: number } },
): Ahead {
  const last = Date.parse(input.until);
  // A renewal that is tried at the last time ends when the lead time is over.
  const end = Math.min(last + Math.ceil(input.settings.leadTimeHours * hour), latest);
  const forecast = forecastRenewals({ ...input, until: new Date(end).toISOString() });
  const count = countUntil(forecast.events, last);
  const failures = new Failures();
  const expiries: Expired[] = [];
  const expiring: Expired[] = [];
  for (const [index, event] of forecast.events.entries()) {
    if (event.type === "renewed") failures.forget(event);
    if (event.type === "failed" && index < count) failures.add(event);
    if (event.type !== "expired") continue;
    const failure = failures.of(event);
    if (index < count || failure !== undefined) expiries.push(event);
    if (failure === "short") expiring.push(event);
  }
  return { events: forecast.events.slice(0, count), expiries, expiring };
}

const hour = 3_600_000;

/** The last time that a date can hold. */
const latest = 8.64e15;

function countUntil(events: readonly RenewalEvent[], last: number): number {
  const after = events.findIndex(({ at }) => Date.parse(at) > last);
  return after < 0 ? events.length : after;
}

/** Why the last renewal of an IP address failed: the balance was not enough, or no price is known. */
class Failures {
  readonly #reasons = new Map<string, "short" | "unpriced">();

  add(event: Extract<RenewalEvent, { type: "failed" }>): void {
    for (const name of namesOf(event)) this.#reasons.set(name, event.price === null ? "unpriced" : "short");
  }

  forget(event: RenewalEvent): void {
    for (const name of namesOf(event)) this.#reasons.delete(name);
  }

  /** The reason, if this end is its result; IP addresses that end together failed together. */
  of(event: Expired): "short" | "unpriced" | undefined {
    const [name] = namesOf(event);
    return event.because === "unpaid" && name !== undefined ? this.#reasons.get(name) : undefined;
  }
}

function namesOf({ group }: RenewalEvent): string[] {
  return group.ipAddressIds.map((id) => JSON.stringify([group.orderId, id]));
}

export interface Demand {
  readonly at: string;
  readonly price: number;
}

/** The renewals with a known price until the end, if the balance were enough for all. */
export function demandOf(input: ForecastInput): Demand[] {
  // If nothing costs anything, nothing fails.
  const ideal = forecastRenewals({
    ...input,
    balance: 0,
    priceOf: (group) => (input.priceOf(group) === null ? null : 0),
  });
  return ideal.events
    .filter(isRenewal)
    .filter(({ price }) => price !== null)
    .map(({ at, group }) => ({ at, price: input.priceOf(group) ?? 0 }));
}

/** The amount to top up at the start: exactly that, since less would not cover the last renewal. */
export function neededFor(demand: readonly Demand[], balance: number): number {
  if (demand.length === 0) return 0;
  return Math.max(0, sumOfAmounts([...demand.map(({ price }) => price), -balance]));
}

interface Span {
  readonly from: string;
  readonly until: string;
  readonly balance: number;
  readonly demand: readonly Demand[];
}

/** The days in UTC from the first to the last, with the events of each. */
export function dayByDay(
  events: readonly RenewalEvent[],
  { from, until, balance: start, demand }: Span,
): ForecastDay[] {
  const first = dayOf(from);
  const eventsOfDays = Array.from({ length: dayOf(until) - first + 1 }, (): RenewalEvent[] => []);
  const pricesOfDays = eventsOfDays.map((): number[] => []);
  for (const event of events) eventsOfDays[dayOf(event.at) - first]?.push(event);
  for (const { at, price } of demand) pricesOfDays[dayOf(at) - first]?.push(price);
  let before = start;
  return eventsOfDays.map((eventsOfDay, index) => {
    const balance = eventsOfDay.at(-1)?.balance ?? before;
    before = balance;
    const wanted = sumOfAmounts(pricesOfDays[index] ?? []);
    return { date: dateOf(first + index), balance, demand: wanted, ...totalsOf(eventsOfDay) };
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

function dayOf(iso: string): number {
  return Math.floor(Date.parse(iso) / millisecondsOfDay);
}

function dateOf(day: number): string {
  return new Date(day * millisecondsOfDay).toISOString().slice(0, 10);
}
