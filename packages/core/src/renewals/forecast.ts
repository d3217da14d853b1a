import { fromUnits, toUnits } from "./amount.js";
import { type Due, DueQueue } from "./due-queue.js";
import { groupsOf, type PlannedGroup, type RenewableOrder, type RenewalGroup } from "./groups.js";
import type { RenewalSettings } from "./settings.js";

/** What a forecast starts from. Moments are in ISO 8601, amounts in units of the currency. */
export interface ForecastInput {
  readonly orders: readonly RenewableOrder[];
  readonly balance: number;
  /** The price of one renewal of a whole group; `null` where it is not known, and so can't be renewed. */
  readonly priceOf: (group: RenewalGroup) => number | null;
  /** Nothing before this moment is looked at: an order that ended earlier is left out. */
  readonly from: string;
  /** The last moment that is looked at, itself included. */
  readonly until: string;
  readonly settings?: RenewalSettings;
}

/** What happens to a group at a moment. */
export type RenewalEvent = {
  /** In ISO 8601. */
  readonly at: string;
  readonly group: RenewalGroup;
  /** The balance after it. */
  readonly balance: number;
} & (
  | {
      readonly type: "renewed";
      readonly price: number /** The new end, in ISO 8601. */;
      readonly endsAt: string;
    }
  | { readonly type: "failed" /** `null` where it is not known. */; readonly price: number | null }
  | {
      readonly type: "expired";
      /** Auto-extend is off, or only partly on (IPv6); or a renewal was not paid. */
      readonly because: "off" | "incomplete" | "unpaid";
    }
);

/** What lies ahead. */
export interface Forecast {
  /** In order of time; at one moment renewals come before expiries, and groups in the order of the input. */
  readonly events: readonly RenewalEvent[];
  /** The balance at the end. */
  readonly balance: number;
  /** What the renewals cost together. */
  readonly spent: number;
  /** The first renewal that the balance does not cover; `null` where there is none. */
  readonly firstShortage: RenewalEvent | null;
}

const hour = 3_600_000;
const day = 24 * hour;

/**
 * Tells which renewals lie ahead, what each costs, which fail for lack of money, and what then expires. It changes
 * nothing, asks no clock, and counts amounts exactly.
 *
 * @throws RangeError where a moment is no date, or an amount can't be counted exactly.
 */
export function forecastRenewals(input: ForecastInput): Forecast {
  const { orders, priceOf, settings = {} } = input;
  const [from, until] = [moment(input.from), moment(input.until)];
  const { leadTimeHours = 0, retryHours = Number.POSITIVE_INFINITY } = settings;
  if (!(leadTimeHours >= 0)) throw new RangeError("The lead time must be 0 hours or more.");
  if (!(retryHours > 0))
    throw new RangeError("A renewal must be tried again after more than 0 hours, or never.");
  const [lead, retry] = [leadTimeHours * hour, retryHours * hour];
  const groups = orders.flatMap(groupsOf).filter(({ endsAt }) => endsAt >= from);
  const queue = new DueQueue<Step>();
  const iso = createIso();
  const events: RenewalEvent[] = [];
  const start = toUnits(input.balance);
  let balance = start;
  let firstShortage: RenewalEvent | null = null;

  for (const [index, planned] of groups.entries()) plan({ ...planned, index }, from);
  for (let step = queue.peek(); step && step.at <= until; step = queue.peek()) {
    queue.pop();
    if (step.kind === "renew") renew(step);
    else note(step, { type: "expired", because: step.planned.endsBecause ?? "unpaid" });
  }
  return { events, balance: fromUnits(balance), spent: fromUnits(start - balance), firstShortage };

  /** Puts in what becomes of a group when its order ends; time does not go back, however long the lead time is. */
  function plan(planned: Planned, earliest: number): void {
    if (planned.endsBecause === null) put("renew", Math.max(planned.endsAt - lead, earliest), planned);
    else put("expire", planned.endsAt, planned);
  }

  function put(kind: Step["kind"], at: number, planned: Planned): void {
    // Renewals before expiries at one moment: what can be paid then is paid.
    const rank = planned.index + (kind === "expire" ? groups.length : 0);
    queue.push({ kind, at, rank, planned });
  }

  function renew({ at, planned }: Step): void {
    const { group } = planned;
    const price = priceOf(group);
    const cost = price === null ? Number.POSITIVE_INFINITY : toUnits(price);
    if (price !== null && cost <= balance) {
      balance -= cost;
      const endsAt = planned.endsAt + group.rentPeriodDays * day;
      note({ at, planned }, { type: "renewed", price, endsAt: iso(endsAt) });
      plan({ ...planned, endsAt }, at);
      return;
    }
    const event = note({ at, planned }, { type: "failed", price });
    if (price !== null) firstShortage ??= event;
    if (at + retry < planned.endsAt) put("renew", at + retry, planned);
    else put("expire", planned.endsAt, planned);
  }

  function note({ at, planned }: Pick<Step, "at" | "planned">, what: Happening): RenewalEvent {
    const event = {
      at: iso(at),
      group: planned.group,
      balance: fromUnits(balance),
      ...what,
    };
    events.push(event);
    return event;
  }
}

type Happening = RenewalEvent extends infer Event
  ? Event extends RenewalEvent
    ? Omit<Event, "at" | "group" | "balance">
    : never
  : never;

interface Planned extends PlannedGroup {
  /** The place of the group in the input. */
  readonly index: number;
}

interface Step extends Due {
  readonly kind: "renew" | "expire";
  readonly planned: Planned;
}

/** Writes moments in ISO 8601; many orders end at the same one, and writing it is slow. */
function createIso(): (at: number) => string {
  const written = new Map<number, string>();
  return (at) => {
    const known = written.get(at) ?? new Date(at).toISOString();
    written.set(at, known);
    return known;
  };
}

function moment(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new RangeError(`"${text}" is no date: give one such as 2030-01-31T12:00:00Z.`);
  return at;
}
