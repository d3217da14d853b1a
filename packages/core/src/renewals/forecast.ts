import TinyQueue from "tinyqueue";
import { proxyTypes } from "../contract/proxy-types.js";
import {
  groupAt,
  groupsOf,
  type PlannedGroup,
  type RenewableAddress,
  type RenewableOrder,
  type RenewalGroup,
} from "./groups.js";
import { fromUnits, toUnits } from "./money.js";
import {
  createTimestampFormatter,
  day,
  nextAttempt,
  parseTimestamp,
  type RenewalSettings,
  type RenewalTimes,
  timesOf,
} from "./schedule.js";

/** The input of a forecast. Timestamps are in ISO 8601, amounts in units of the currency. */
export interface ForecastInput {
  readonly orders: readonly RenewableOrder[];
  readonly balance: number;
  /** The price of one renewal of a whole group; `null` if it is unknown, which makes the renewal fail. */
  readonly priceOf: (group: RenewalGroup) => number | null;
  /** The start. IP addresses that ended before it are ignored. */
  readonly from: string;
  /** The end. An event at this time is still part of the forecast. */
  readonly until: string;
  readonly settings?: RenewalSettings | undefined;
}

/** A renewal, a failed renewal or an expiry of a group. */
export type RenewalEvent = {
  /** In ISO 8601. */
  readonly at: string;
  readonly group: RenewalGroup;
  /** The balance after it. */
  readonly balance: number;
} & (
  | {
      readonly type: "renewed";
      readonly price: number;
      /** The new end, in ISO 8601: the old end plus the rental period. */
      readonly endsAt: string;
    }
  | {
      readonly type: "failed";
      /** `null` if it is unknown. */
      readonly price: number | null;
    }
  | {
      readonly type: "expired";
      /**
       * - `off`: auto-extend is off.
       * - `incomplete`: only a part of an IPv6 order could be renewed.
       * - `unpaid`: the balance did not cover the renewal, or its price is unknown.
       */
      readonly because: "off" | "incomplete" | "unpaid";
    }
);

/** The renewals and expiries of a span of time. */
export interface Forecast {
  /**
   * In order of time; at one time renewals before expiries, then by proxy type, then in the order of the input. The rest of an
   * IPv6 order is renewed right after the expiry of the part that kept the whole from being renewed.
   */
  readonly events: readonly RenewalEvent[];
  /** The balance at the end. */
  readonly balance: number;
  /** The cost of all renewals together. */
  readonly spent: number;
  /** The first renewal that the balance does not cover; `null` if it covers all whose price is known. */
  readonly firstShortage: RenewalEvent | null;
}

/**
 * Forecasts renewals: when they are due, what each costs, which fail for lack of money, and what expires. It is pure and exact.
 *
 * A forecast can be split: the second part starts a millisecond after the end of the first, with its balance and with the
 * orders after its events ({@link applyRenewals}). Timestamps beyond the year 9999 do not sort as texts.
 *
 * @throws RangeError if a timestamp is not valid, an end is missing, or (as AmountError) an amount cannot be counted exactly.
 */
export function forecastRenewals(input: ForecastInput): Forecast {
  const until = parseTimestamp(input.until);
  const plan = new RenewalPlan(input.orders, parseTimestamp(input.from), timesOf(input.settings));
  const iso = createTimestampFormatter();
  const events: RenewalEvent[] = [];
  const start = toUnits(input.balance);
  let units = start;
  let balance = fromUnits(start);
  let firstShortage: RenewalEvent | null = null;

  for (let step = plan.take(until); step; step = plan.take(until)) {
    if (step.kind === "renew") renew(step);
    else expire(step);
  }
  return { events, balance, spent: fromUnits(start - units), firstShortage };

  function renew(step: Step): void {
    const { group, endsAt: oldEnd } = step.planned;
    const at = iso(step.at);
    const price = input.priceOf(group);
    if (price !== null && pay(toUnits(price))) {
      const endsAt = oldEnd + Math.round(group.rentPeriodDays * day);
      events.push({ type: "renewed", at, group, balance, price, endsAt: iso(endsAt) });
      plan.reschedule(step, endsAt, null);
    } else {
      const event: RenewalEvent = { type: "failed", at, group, balance, price };
      events.push(event);
      if (price !== null) firstShortage ??= event;
      plan.reschedule(step, oldEnd, step.at);
    }
  }

  function pay(cost: number): boolean {
    if (cost > units) return false;
    units -= cost;
    balance = fromUnits(units);
    return true;
  }

  function expire(step: Step): void {
    const { group, endsBecause } = step.planned;
    events.push({ type: "expired", at: iso(step.at), group, balance, because: endsBecause ?? "unpaid" });
    plan.end(step);
  }
}

interface Step {
  at: number;
  /** Of steps that are due at the same time, the one with the smaller rank comes first. */
  rank: number;
  kind: "renew" | "expire";
  readonly planned: PlannedGroup;
  readonly siblings: Siblings;
  /** Whether the group was merged into another, which has a step of its own. */
  isMerged: boolean;
}

interface Siblings {
  /** The rank of the order's first IP address: by proxy type, then by how many IP addresses come before it. */
  readonly rank: number;
  readonly renewing: Step[];
}

/** The steps of all groups, which at any time are those that {@link groupsOf} would find then. */
class RenewalPlan {
  readonly #times: RenewalTimes;
  readonly #queue = new TinyQueue<Step>([], (a, b) => a.at - b.at || a.rank - b.rank);
  readonly #size: number;

  constructor(orders: readonly RenewableOrder[], from: number, times: RenewalTimes) {
    this.#times = times;
    this.#size = orders.reduce((size, { ipAddresses }) => size + ipAddresses.length, 0);
    let before = 0;
    for (const order of orders) {
      const type = proxyTypes.indexOf(order.proxyType);
      const siblings: Siblings = { rank: type * this.#size + before, renewing: [] };
      for (const planned of groupsOf(order, from)) this.#add(planned, siblings, from);
      before += order.ipAddresses.length;
    }
  }

  take(until: number): Step | undefined {
    for (let step = this.#queue.peek(); step && step.at <= until; step = this.#queue.peek()) {
      this.#queue.pop();
      if (!step.isMerged) return step;
    }
    return undefined;
  }

  /** Continues after a renewal, with the new end, or after a failed one, with its time. */
  reschedule(step: Step, endsAt: number, failedAt: number | null): void {
    const { at, planned, siblings } = step;
    planned.endsAt = endsAt;
    planned.failedAt = failedAt;
    const same = siblings.renewing.findIndex(
      (other) => other !== step && isSameGroup(other.planned, planned),
    );
    const [other] = same < 0 ? [] : siblings.renewing.splice(same, 1);
    if (other) {
      other.isMerged = true;
      planned.places = [...planned.places, ...other.planned.places].sort((a, b) => a - b);
      planned.group = groupAt(planned.order, planned.places);
    }
    this.#put(step, at);
  }

  end({ at, planned, siblings }: Step): void {
    if (planned.next) this.#add(planned.next, siblings, at);
  }

  #add(planned: PlannedGroup, siblings: Siblings, now: number): void {
    const step: Step = { kind: "renew", at: now, rank: 0, planned, siblings, isMerged: false };
    if (planned.endsBecause === null) siblings.renewing.push(step);
    this.#put(step, now);
  }

  /** Queues the next step of a group. The object is used again, since there may be millions of steps. */
  #put(step: Step, now: number): void {
    const { planned, siblings } = step;
    const attempt = nextAttempt(planned, now, this.#times);
    step.kind = attempt === null ? "expire" : "renew";
    step.at = attempt ?? planned.endsAt;
    // Renewals come before expiries at the same time: what can be paid then is paid.
    const expiries = attempt === null ? proxyTypes.length * this.#size : 0;
    step.rank = siblings.rank + (planned.places[0] as number) + expiries;
    this.#queue.push(step);
  }
}

/** Whether two groups of an order that renew have become one, as {@link groupsOf} would see it. */
function isSameGroup(a: PlannedGroup, b: PlannedGroup): boolean {
  const samePeriod = a.group.rentPeriodDays === b.group.rentPeriodDays;
  return a.endsAt === b.endsAt && samePeriod && a.failedAt === b.failedAt;
}

/**
 * The orders after these events, which are in order of time. Renewed IP addresses get their new end, and those whose renewal
 * failed its time as `failedAt`. Nothing is changed in place, and what no event is about stays the same object.
 */
export function applyRenewals<O extends RenewableOrder>(
  orders: readonly O[],
  events: readonly RenewalEvent[],
): O[] {
  const changes = changesOf(events);
  return orders.map((order) => {
    const changesOfOrder = changes.get(order.orderId);
    if (changesOfOrder === undefined) return order;
    const ipAddresses = order.ipAddresses.map((address) => {
      const change = changesOfOrder.get(address.ipAddressId);
      return change ? changed(address, change) : address;
    });
    return { ...order, ipAddresses };
  });
}

type Change = Pick<RenewableAddress, "endsAt" | "failedAt">;

function changesOf(events: readonly RenewalEvent[]): Map<string, Map<string, Change>> {
  const changes = new Map<string, Map<string, Change>>();
  for (const event of events) {
    if (event.type === "expired") continue;
    const { orderId, ipAddressIds } = event.group;
    const ofOrder = changes.get(orderId) ?? new Map<string, Change>();
    changes.set(orderId, ofOrder);
    const change =
      event.type === "renewed" ? { endsAt: event.endsAt, failedAt: null } : { failedAt: event.at };
    for (const id of ipAddressIds) ofOrder.set(id, { ...ofOrder.get(id), ...change });
  }
  return changes;
}

function changed(address: RenewableAddress, { failedAt, ...moved }: Change): RenewableAddress {
  // An IP address that never failed does not get a field for it.
  const hasFailed = (failedAt ?? address.failedAt ?? null) !== null;
  return { ...address, ...moved, ...(hasFailed && { failedAt }) };
}
