import TinyQueue from "tinyqueue";
import { proxyTypes } from "../contract/proxy-types.js";
import { groupAt, groupsOf, type PlannedGroup, type RenewableOrder } from "./groups.js";
import { nextAttempt, type RenewalTimes } from "./schedule.js";

/** What comes next for a group: a try to renew it, or its end. */
export interface Step {
  /** In milliseconds since 1970. */
  at: number;
  /** Decides between steps that are due at the same time: the smaller one comes first. */
  rank: number;
  kind: "renew" | "expire";
  readonly planned: PlannedGroup;
  readonly place: Place;
  /** Whether the group has become a part of another, so that nothing of this is left to do. */
  merged: boolean;
}

/** What is known of a group's order, which stays the same for all of its groups. */
interface Place {
  /**
   * Decides about the rank of what is due at one moment: by proxy type, as lists of IP addresses have them, and by how
   * many IP addresses the orders before it have.
   */
  readonly before: number;
  /** What comes next for those of its groups that are to be renewed. */
  readonly renewing: Step[];
}

/**
 * What is due for the groups of many orders. They are kept as {@link groupsOf} would find them if it looked anew at any
 * moment: so it makes no difference whether a forecast goes on, or another one starts where it has stopped.
 */
export class RenewalPlan {
  readonly #times: RenewalTimes;
  readonly #queue = new TinyQueue<Step>([], byTime);
  readonly #size: number;

  constructor(orders: readonly RenewableOrder[], from: number, times: RenewalTimes) {
    this.#times = times;
    this.#size = orders.reduce((size, { ipAddresses }) => size + ipAddresses.length, 0);
    let before = 0;
    for (const order of orders) {
      const type = proxyTypes.indexOf(order.proxyType);
      const place: Place = { before: type * this.#size + before, renewing: [] };
      for (const planned of groupsOf(order, from)) this.#add(planned, place, from);
      before += order.ipAddresses.length;
    }
  }

  /** Takes out what is due next; `undefined` where nothing more is until then. */
  take(until: number): Step | undefined {
    for (let step = this.#queue.peek(); step && step.at <= until; step = this.#queue.peek()) {
      this.#queue.pop();
      if (!step.merged) return step;
    }
    return undefined;
  }

  /** Tells that a group was renewed, with its new end, or tried in vain, with the moment of that. */
  reschedule(step: Step, endsAt: number, failedAt: number | null): void {
    const { at, planned, place } = step;
    planned.endsAt = endsAt;
    planned.failedAt = failedAt;
    const { renewing } = place;
    if (renewing.length > 1) {
      const same = renewing.findIndex((other) => other !== step && isSameGroup(other.planned, planned));
      const [other] = same < 0 ? [] : renewing.splice(same, 1);
      if (other) {
        other.merged = true;
        merge(planned, other.planned);
      }
    }
    this.#put(step, at);
  }

  /** Tells that a group has ended. */
  end({ at, planned, place }: Step): void {
    if (planned.next) this.#add(planned.next, place, at);
  }

  #add(planned: PlannedGroup, place: Place, now: number): void {
    const step: Step = { kind: "renew", at: now, rank: 0, planned, place, merged: false };
    if (planned.endsBecause === null) place.renewing.push(step);
    this.#put(step, now);
  }

  /** Puts in what comes next for a group; the same object goes round, for there may be millions of steps. */
  #put(step: Step, now: number): void {
    const { planned, place } = step;
    const attempt = nextAttempt(planned, now, this.#times);
    step.kind = attempt === null ? "expire" : "renew";
    step.at = attempt ?? planned.endsAt;
    // Renewals before expiries at one moment: what can be paid then is paid.
    step.rank =
      place.before + (planned.places[0] as number) + (attempt === null ? proxyTypes.length * this.#size : 0);
    this.#queue.push(step);
  }
}

function byTime(a: Step, b: Step): number {
  return a.at - b.at || a.rank - b.rank;
}

/** Whether groups of an order that renew are one: then {@link groupsOf} would not tell them apart. */
function isSameGroup(a: PlannedGroup, b: PlannedGroup): boolean {
  const samePeriod = a.group.rentPeriodDays === b.group.rentPeriodDays;
  return a.endsAt === b.endsAt && samePeriod && a.failedAt === b.failedAt;
}

function merge(into: PlannedGroup, other: PlannedGroup): void {
  into.places = [...into.places, ...other.places].sort((a, b) => a - b);
  into.group = groupAt(into.order, into.places);
}
