import { type RenewalEvent, sumOfAmounts } from "@auto-extend/core";
import { z } from "zod/v3";
import type { Engine } from "../engine/engine.js";
import type { AccountState, RenewalRules } from "../engine/state/world.js";
import { maxHistory, forecastOf as renewalsOf } from "../engine/time/renewals.js";
import { isoDate } from "../lib/dates.js";
import { accountOrNone, count, date, listOf, whole } from "../lib/schemas.js";

/** The upcoming and past renewals of an account, day by day. */
const amount = z.number().describe("In units of the currency.");

const renewalDay = z
  .strictObject({
    day: z.string().describe("The day, in UTC: 2030-01-31."),
    at: date.describe("When the first of its events happens."),
    renewed: count.describe("The number of renewals that are paid."),
    paid: amount.describe("Their cost."),
    unpaid: count.describe(
      "The number of renewals that are unpaid, each on the day of its first attempt: it is retried until it is paid, or the addresses expire.",
    ),
    unpaidCost: amount.describe("Their cost, as far as they have a price."),
    expiredOff: count.describe(
      "The number of IP addresses that expire because auto-extend is off or incomplete.",
    ),
    expiredUnpaid: count.describe("The number of IP addresses that expire because a renewal was unpaid."),
    balance: amount.describe("The balance after them."),
  })
  .describe("The renewals of one day.");

const unpaidRenewal = z
  .strictObject({
    at: date.describe("When it is due."),
    orderId: z.string().describe("The order."),
    addresses: count.describe("The number of its IP addresses that expire unless it is paid before."),
    expireAt: date.nullable().describe("When they expire; null if that is farther ahead than a year."),
    price: amount.nullable().describe("Its cost; null if it has no price."),
    balance: amount.describe("The balance at that time."),
    missing: amount.nullable().describe("How much of the cost is missing; null if it has no price."),
  })
  .describe("A renewal that is due and unpaid.");

const totals = {
  renewed: count.describe("The number of renewals paid until then."),
  paid: amount.describe("Their cost."),
  expired: count.describe("The number of IP addresses that expire until then."),
};

export const forecastAnswer = z
  .strictObject({
    account: accountOrNone,
    now: date.describe("The start, by the mock's clock."),
    until: date.describe("The end."),
    currency: z.string().describe("Such as USD."),
    balance: amount.describe("The balance at the start."),
    renewals: count.describe("The number of renewals if every one of them were paid."),
    cost: amount.describe("The cost of all of them."),
    topUp: amount.describe("How much to top up so that every one of them is paid; 0 if nothing."),
    firstUnpaid: unpaidRenewal.nullable().describe("The first unpaid renewal; null if none is."),
    laterUnpaid: unpaidRenewal
      .nullable()
      .describe(
        "The first one after `until`, if none is unpaid before: null if none is unpaid within a year.",
      ),
    expiredUnpaid: count.describe("The number of IP addresses that expire because a renewal was unpaid."),
    days: listOf(renewalDay).describe("Days with events."),
    balanceIfAllPaid: listOf(
      z.strictObject({ at: date, balance: amount }).describe("The balance after a day of renewals."),
    ).describe("The balance if every renewal were paid: it can be negative."),
    totals: listOf(
      z.strictObject({ days: whole.describe("After this number of days."), ...totals }),
    ).describe("Totals for the next 1, 7 and 30 days, whatever `days` is."),
    nextRenewal: z
      .strictObject({ at: date.describe("When it is due."), ...totals })
      .nullable()
      .describe("Totals until the next renewal, paid or not; null if none is due within a year."),
  })
  .describe("Upcoming renewals of an account.");

export const historyAnswer = z
  .strictObject({
    account: accountOrNone,
    days: listOf(renewalDay).describe("Days with events (only the last 5,000 events are kept)."),
    isComplete: z
      .boolean()
      .describe("Whether nothing happened before these events, since the mock was started."),
    startBalance: z
      .number()
      .nullable()
      .describe("The balance before the first of these events; null without events."),
  })
  .describe("Past renewals of an account.");

export const orderEvent = z
  .strictObject({
    at: date.describe("When."),
    type: z.enum(["renewed", "failed", "expired"]).describe("What happens, or has happened."),
    because: z.enum(["off", "incomplete", "unpaid"]).optional().describe("Why it expires, if it does."),
    orderId: z.string().describe("The order."),
    proxyType: z.string().describe("Its proxy type."),
    rentPeriodDays: z.number().describe("The rental period of these addresses, in days."),
    addresses: count.describe("The number of affected IP addresses."),
    price: z.number().nullable().optional().describe("The cost of the renewal; null if it has no price."),
  })
  .describe("What happens to one order.");

type Forecast = z.output<typeof forecastAnswer>;
type RenewalDay = z.output<typeof renewalDay>;
type OrderEvent = z.output<typeof orderEvent>;

interface Span {
  /** In milliseconds since 1970. */
  readonly now: number;
  readonly days: number;
  readonly rules: RenewalRules;
}

const dayMs = 86_400_000;
const stepDays = [1, 7, 30];
/** How far a forecast looks ahead, in days. */
export const maxForecastDays = 366;
/** Enough for every renewal of the largest world, and still counted exactly. */
const plentyOfMoney = 900_000_000;

export function forecastOf(account: AccountState, span: Span): Forecast {
  const until = isoDate(span.now + span.days * dayMs);
  const ahead = eventsAhead(account, { ...span, days: maxForecastDays });
  const events = ahead.filter(({ at }) => at <= until);
  const unlimited = ofType(eventsAhead({ ...account, balance: plentyOfMoney }, span), "renewed");
  const cost = sumOfAmounts(unlimited.map(({ price }) => price));
  // Its addresses may expire later than that.
  const unpaid = firstUnpaidIn(ahead);
  const firstUnpaid = unpaid && unpaid.at <= until ? unpaid : null;
  const next = ahead.find(({ type }) => type !== "expired");
  return {
    account: account.id,
    now: isoDate(span.now),
    until,
    currency: account.currency,
    balance: account.balance,
    renewals: unlimited.length,
    cost,
    topUp: Math.max(0, sumOfAmounts([cost, -account.balance])),
    firstUnpaid,
    laterUnpaid: firstUnpaid ? null : unpaid,
    expiredUnpaid: expiredIn(events, ["unpaid"]),
    days: daysOf(events),
    balanceIfAllPaid: neededBalances(unlimited, account.balance),
    totals: stepDays.map((step) => ({
      days: step,
      ...totalsUntil(isoDate(span.now + step * dayMs), ahead),
    })),
    nextRenewal: next ? { at: next.at, ...totalsUntil(next.at, ahead) } : null,
  };
}

function firstUnpaidIn(events: readonly RenewalEvent[]): Forecast["firstUnpaid"] {
  const [first] = ofType(events, "failed");
  if (!first) return null;
  const { at, group, price, balance } = first;
  const missing = price === null ? null : sumOfAmounts([price, -balance]);
  const end = ofType(events, "expired").find((event) => event.at >= at && keyOf(event) === keyOf(first));
  return {
    at,
    orderId: group.orderId,
    addresses: group.ipAddressIds.length,
    expireAt: end?.at ?? null,
    price,
    balance,
    missing,
  };
}

/** Identifies the addresses that are renewed together. */
function keyOf({ group: { orderId, ipAddressIds } }: RenewalEvent): string {
  return `${orderId} ${ipAddressIds[0]}`;
}

/** The unpaid renewals without the attempts that repeat them. */
function firstAttemptsIn(events: readonly RenewalEvent[]): ReadonlySet<RenewalEvent> {
  const pending = new Set<string>();
  const found = new Set<RenewalEvent>();
  for (const event of events) {
    const key = keyOf(event);
    if (event.type !== "failed") pending.delete(key);
    else if (!pending.has(key)) {
      pending.add(key);
      found.add(event);
    }
  }
  return found;
}

export function historyOf(account: string, events: readonly RenewalEvent[]): z.output<typeof historyAnswer> {
  const [first] = events;
  const spent = first?.type === "renewed" ? first.price : 0;
  const startBalance = first ? sumOfAmounts([first.balance, spent]) : null;
  return { account, days: daysOf(events), isComplete: events.length < maxHistory, startBalance };
}

/** When each order, and each IP address, first has an unpaid renewal within a year, by ID. */
export type FirstUnpaid = Readonly<Record<"orders" | "addresses", ReadonlyMap<string, string>>>;

/** A look ahead, which holds until the account changes, or something should have happened to it, or for a day. */
interface LookAhead extends FirstUnpaid {
  readonly account: AccountState;
  readonly rules: RenewalRules;
  readonly from: number;
  readonly until: number;
}

const lookAheads = new WeakMap<Engine, Map<string, LookAhead>>();

/** The accounts of a page or two. Without a limit, look-aheads of removed accounts would fill the memory. */
const maxLookAheads = 100;

/** For a large account this takes long, and a list is read page by page. */
export function firstUnpaidOf(engine: Engine, account: AccountState): FirstUnpaid {
  const known = lookAheads.get(engine) ?? new Map<string, LookAhead>();
  lookAheads.set(engine, known);
  const { now, rules } = spanOf(engine, maxForecastDays);
  const last = known.get(account.id);
  if (last && last.from <= now && now < last.until && isSame(last, account, rules)) return last;
  const events = eventsAhead(account, { now, days: maxForecastDays, rules });
  const until = Math.min(now + dayMs, ...events.slice(0, 1).map(({ at }) => Date.parse(at)));
  const orders = new Map<string, string>();
  const addresses = new Map<string, string>();
  for (const { at, group } of ofType(events, "failed")) {
    if (!orders.has(group.orderId)) orders.set(group.orderId, at);
    for (const id of group.ipAddressIds) if (!addresses.has(id)) addresses.set(id, at);
  }
  const ahead = { account, rules, from: now, until, orders, addresses };
  if (known.size >= maxLookAheads) known.clear();
  known.set(account.id, ahead);
  return ahead;
}

/** An order is a value: one that has changed is another one. */
function isSame({ account, rules }: LookAhead, other: AccountState, otherRules: RenewalRules): boolean {
  return (
    rules === otherRules &&
    account.balance === other.balance &&
    account.prices === other.prices &&
    account.orders.length === other.orders.length &&
    account.orders.every((order, index) => order === other.orders[index])
  );
}

export function orderEventsOf(
  events: readonly RenewalEvent[],
  { day = "", limit }: { readonly day?: string | undefined; readonly limit: number },
): { total: number; events: OrderEvent[] } {
  const ofDay = events.filter(({ at }) => at.startsWith(day));
  return { total: ofDay.length, events: ofDay.slice(0, limit).map(orderEventOf) };
}

function orderEventOf(event: RenewalEvent): OrderEvent {
  const { at, type, group } = event;
  const { orderId, proxyType, rentPeriodDays, ipAddressIds } = group;
  return {
    at,
    type,
    ...(type === "expired" ? { because: event.because } : { price: event.price }),
    orderId,
    proxyType,
    rentPeriodDays,
    addresses: ipAddressIds.length,
  };
}

function daysOf(events: readonly RenewalEvent[]): RenewalDay[] {
  const byDay = new Map<string, RenewalEvent[]>();
  for (const event of events) {
    const day = dayOf(event.at);
    const known = byDay.get(day);
    if (known) known.push(event);
    else byDay.set(day, [event]);
  }
  const firstAttempts = firstAttemptsIn(events);
  return [...byDay].map(([day, ofDay]) => {
    const failed = ofType(ofDay, "failed").filter((event) => firstAttempts.has(event));
    const { renewed, paid } = totalsOf(ofDay);
    return {
      day,
      at: ofDay[0]?.at ?? "",
      renewed,
      paid,
      unpaid: failed.length,
      unpaidCost: sumOfAmounts(failed.map(({ price }) => price ?? 0)),
      expiredOff: expiredIn(ofDay, ["off", "incomplete"]),
      expiredUnpaid: expiredIn(ofDay, ["unpaid"]),
      balance: ofDay.at(-1)?.balance ?? 0,
    };
  });
}

function dayOf(at: string): string {
  return at.slice(0, at.indexOf("T"));
}

function totalsUntil(until: string, events: readonly RenewalEvent[]) {
  const before = events.filter(({ at }) => at <= until);
  return { ...totalsOf(before), expired: expiredIn(before, ["off", "incomplete", "unpaid"]) };
}

function totalsOf(events: readonly RenewalEvent[]) {
  const renewals = ofType(events, "renewed");
  return { renewed: renewals.length, paid: sumOfAmounts(renewals.map(({ price }) => price)) };
}

function expiredIn(
  events: readonly RenewalEvent[],
  reasons: readonly EventOf<"expired">["because"][],
): number {
  return ofType(events, "expired").reduce(
    (total, { because, group }) => total + (reasons.includes(because) ? group.ipAddressIds.length : 0),
    0,
  );
}

type EventOf<Type extends RenewalEvent["type"]> = Extract<RenewalEvent, { type: Type }>;

function ofType<Type extends RenewalEvent["type"]>(events: readonly RenewalEvent[], type: Type) {
  return events.filter((event): event is EventOf<Type> => event.type === type);
}

function neededBalances(
  renewals: readonly EventOf<"renewed">[],
  balance: number,
): Forecast["balanceIfAllPaid"] {
  const points = new Map<string, { at: string; balance: number }>();
  let left = balance;
  for (const { at, price } of renewals) {
    left = sumOfAmounts([left, -price]);
    const day = dayOf(at);
    points.set(day, { at: points.get(day)?.at ?? at, balance: left });
  }
  return [...points.values()];
}

export function spanOf(engine: Engine, days: number): Span {
  return { now: engine.now(), days, rules: engine.renewalRules() };
}

export function eventsAhead(account: AccountState, { now, days, rules }: Span): readonly RenewalEvent[] {
  return renewalsOf(account, { from: now + 1, until: now + days * dayMs }, rules).events;
}
