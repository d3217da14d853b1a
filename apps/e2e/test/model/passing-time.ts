/** An account, as far as time passes for it. Amounts are whole cents, moments milliseconds since 1970. */
export interface Account {
  readonly id: string;
  cents: number;
  /** The rental periods sold, by proxy type. */
  readonly sold: Readonly<Record<string, readonly number[]>>;
  /** Cents for one address, by proxy type and days. */
  readonly prices: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly orders: Order[];
  /** Everything up to this moment has happened, itself included. */
  seen: number;
}

export interface Order {
  readonly id: string;
  readonly type: string;
  readonly addresses: Address[];
}

export interface Address {
  readonly id: string;
  on: boolean;
  days: number;
  endsAt: number;
  failedAt: number | null;
  over: boolean;
}

export interface Rules {
  readonly leadTimeHours: number;
  readonly retryHours: number | null;
}

export interface Happened {
  readonly account: string;
  readonly type: "renewed" | "failed" | "expired";
  readonly at: number;
  readonly order: string;
  readonly addresses: readonly string[];
  readonly days: number;
  /** The balance after it, in cents. */
  readonly cents: number;
  /** Its price in cents; `null` without a price. */
  readonly price: number | null;
  /** The new end of what was renewed; why the rest ended. */
  readonly outcome: number | string | null;
}

export const hour = 3_600_000;

/** Lets time pass for an account: goes through the moments at which anything can happen, one after the other. */
export function pass(account: Account, until: number, rules: Rules): Happened[] {
  const happened: Happened[] = [];
  for (let time = account.seen + 1; time <= until; time = nextMoment(account, time, rules)) {
    happened.push(...happenAt(account, time, rules));
  }
  account.seen = Math.max(account.seen, until);
  return happened;
}

/** When the next renewal would be tried if nobody did anything; `null` where none would ever be. */
export function nextTry(account: Account, rules: Rules): number | null {
  // `structuredClone` would take most of the time of a whole run.
  const orders = account.orders.map((order) => ({
    ...order,
    addresses: order.addresses.map((each) => ({ ...each })),
  }));
  const copy = { ...account, orders };
  let time = copy.seen + 1;
  while (time < Number.POSITIVE_INFINITY) {
    if (happenAt(copy, time, rules).some(({ type }) => type !== "expired")) return time;
    time = nextMoment(copy, time, rules);
  }
  return null;
}

function nextMoment({ orders }: Account, after: number, rules: Rules): number {
  let next = Number.POSITIVE_INFINITY;
  const consider = (time: number) => {
    if (time > after && time < next) next = time;
  };
  for (const { endsAt, failedAt } of orders.flatMap(living)) {
    consider(endsAt - rules.leadTimeHours * hour);
    consider(endsAt);
    if (failedAt !== null) consider(failedAt + (rules.retryHours ?? 0) * hour);
  }
  return next;
}

function living({ addresses }: Order): Address[] {
  return addresses.filter(({ over }) => !over);
}

const types = ["IPv4", "IPv6", "MOBILE", "ISP"];

/**
 * At one moment what can be renewed is renewed before anything ends, each time the first by type and then in the order of
 * the account.
 */
function happenAt(account: Account, now: number, rules: Rules): Happened[] {
  const happened: Happened[] = [];
  for (;;) {
    const groups = types
      .flatMap((type) =>
        account.orders.filter((order) => order.type === type && mayChange(order, now, rules)),
      )
      .flatMap(groupsOf);
    const due = groups.find((group) => isDue(group, now, rules));
    const over = groups.find(({ endsAt }) => endsAt <= now);
    if (due) happened.push(tried(account, due, now));
    else if (over) happened.push(ended(account, over, now));
    else return happened;
  }
}

/** Whether anything can happen to an order yet: for most orders that saves the work of grouping their addresses. */
function mayChange(order: Order, now: number, { leadTimeHours }: Rules): boolean {
  return living(order).some(
    ({ endsAt, failedAt }) => failedAt !== null || endsAt - leadTimeHours * hour <= now,
  );
}

function isDue({ obstacle, endsAt, failedAt }: Group, now: number, rules: Rules): boolean {
  if (obstacle !== null) return false;
  if (failedAt === null) return endsAt - rules.leadTimeHours * hour <= now;
  if (rules.retryHours === null) return false;
  const again = failedAt + rules.retryHours * hour;
  return again <= now && again < endsAt;
}

function tried(account: Account, group: Group, now: number): Happened {
  const { order, members, days } = group;
  const each = account.prices[order.type]?.[days];
  const price = each === undefined ? null : each * members.length;
  const endsAt = group.endsAt + days * 24 * hour;
  const paid = price !== null && price <= account.cents;
  if (paid) account.cents -= price;
  for (const address of members)
    Object.assign(address, paid ? { endsAt, failedAt: null } : { failedAt: now });
  return reported(account, group, {
    type: paid ? "renewed" : "failed",
    at: now,
    price,
    outcome: paid ? endsAt : null,
  });
}

function ended(account: Account, group: Group, now: number): Happened {
  for (const address of group.members) address.over = true;
  return reported(account, group, {
    type: "expired",
    at: now,
    price: null,
    outcome: group.obstacle ?? "unpaid",
  });
}

function reported(
  { id, cents }: Account,
  { order, members, days }: Group,
  what: Pick<Happened, "type" | "at" | "price" | "outcome">,
): Happened {
  return {
    account: id,
    order: order.id,
    addresses: members.map((member) => member.id),
    days,
    cents,
    ...what,
  };
}

/** Addresses of one order that renew together, or end together. */
interface Group {
  readonly order: Order;
  readonly members: Address[];
  readonly days: number;
  readonly endsAt: number;
  readonly failedAt: number | null;
  /** Why it is not renewed, as things are; `null` where it is to be. */
  readonly obstacle: "off" | "incomplete" | null;
}

function groupsOf(order: Order): Group[] {
  const members = living(order);
  return order.type === "IPv6" ? wholeGroups(order, members) : groups(order, members, nameOf).map(partial);
}

/** Of other types, addresses that are on go by end, period and last failure, those that are off by their end. */
function nameOf({ on, endsAt, days, failedAt }: Address): string {
  return on ? `${endsAt} ${days} ${failedAt}` : `${endsAt}`;
}

function partial(group: Group): Group {
  return { ...group, obstacle: group.members.some(({ on }) => on) ? null : "off" };
}

/** An IPv6 order renews whole: where all that lives of it is on and has one end and one period. */
function wholeGroups(order: Order, all: readonly Address[]): Group[] {
  return groups(order, all, ({ endsAt }) => `${endsAt}`).map((group) => {
    const { members } = group;
    const failures = members.flatMap(({ failedAt }) => failedAt ?? []);
    const whole = members.length === all.length && members.every(({ on, days }) => on && days === group.days);
    const obstacle = members.every(({ on }) => !on) ? "off" : whole ? null : "incomplete";
    return { ...group, failedAt: failures.length > 0 ? Math.max(...failures) : null, obstacle };
  });
}

function groups(order: Order, all: readonly Address[], name: (address: Address) => string): Group[] {
  const byName = new Map<string, Address[]>();
  for (const address of all) byName.set(name(address), [...(byName.get(name(address)) ?? []), address]);
  return [...byName.values()].flatMap((members) => {
    const [first] = members;
    return first
      ? [{ order, members, days: first.days, endsAt: first.endsAt, failedAt: first.failedAt, obstacle: null }]
      : [];
  });
}
