import type { ProxyType } from "../contract/proxy-types.js";

/** An order, with what decides when its IP addresses are renewed and when they expire. */
export interface RenewableOrder {
  readonly orderId: string;
  readonly proxyType: ProxyType;
  /** The end of the IP addresses that have none of their own, in ISO 8601. */
  readonly endsAt?: string | undefined;
  readonly ipAddresses: readonly RenewableAddress[];
}

/** An IP address of a {@link RenewableOrder}. */
export interface RenewableAddress {
  readonly ipAddressId: string;
  readonly autoExtend: boolean;
  readonly rentPeriodDays: number;
  /** In ISO 8601 (default: the end of its order). */
  readonly endsAt?: string | undefined;
  /** The time of the last failed renewal since the current rental began, in ISO 8601; `null` or missing if none failed. */
  readonly failedAt?: string | null | undefined;
}

/** IP addresses of one order that are renewed with one payment, or end together. */
export interface RenewalGroup {
  readonly orderId: string;
  readonly proxyType: ProxyType;
  /** In days. If the IP addresses have different ones, it is that of the first. */
  readonly rentPeriodDays: number;
  readonly ipAddressIds: readonly string[];
}

/** A group and its future. Times are in milliseconds since 1970. */
export interface PlannedGroup {
  readonly order: RenewableOrder;
  group: RenewalGroup;
  /** The positions of its IP addresses in the order, ascending. */
  places: readonly number[];
  endsAt: number;
  /** The time of the last failed renewal; `null` if none failed. */
  failedAt: number | null;
  /** Why it is not renewed; `null` if it is. */
  readonly endsBecause: "off" | "incomplete" | null;
  /** The next group of the same IPv6 order. Nothing happens to it before this one has ended. */
  readonly next: PlannedGroup | null;
}

/**
 * Splits the IP addresses of an order into those that are renewed or end together: with the same end and, if on, the same period
 * and failure. Those that ended before `from` are ignored.
 *
 * An IPv6 order is renewed only as a whole (sibling): not if auto-extend is off for some of it, if it has several periods, or
 * while another group of it has not ended (assumed). So its groups end one after the other, and are linked by `next`.
 *
 * @throws RangeError if an IP address has no valid end, or a rental period shorter than a day.
 */
export function groupsOf(order: RenewableOrder, from: number): PlannedGroup[] {
  const whole = order.proxyType === "IPv6";
  const parts = new Map<string, Part>();
  let last: RenewableAddress | undefined;
  let part: Part | undefined;
  for (const [place, address] of order.ipAddresses.entries()) {
    // Most addresses of an order are like the one before, and reading times takes longest.
    if (part && last && isLike(last, address)) {
      part.places.push(place);
      continue;
    }
    const { ipAddressId, autoExtend, rentPeriodDays } = address;
    if (!(rentPeriodDays >= 1)) {
      throw new RangeError(
        `IP address ${ipAddressId} has a rental period shorter than a day: give 1 day or more.`,
      );
    }
    const endsAt = endOf(order, address);
    if (endsAt < from) continue;
    const failedAt = failureOf(address);
    const on = autoExtend ? `${endsAt} ${rentPeriodDays} ${failedAt}` : `${endsAt} off`;
    const key = whole ? `${endsAt}` : on;
    part = parts.get(key) ?? { endsAt, failedAt, places: [] };
    parts.set(key, part);
    part.places.push(place);
    // They differ only in an IPv6 order, whose last attempt is that of any of its IP addresses.
    part.failedAt = later(part.failedAt, failedAt);
    last = address;
  }
  const groups = [...parts.values()].map((part) => planned(order, part));
  return whole ? inTurn(groups) : groups;
}

function isLike(one: RenewableAddress, other: RenewableAddress): boolean {
  return (
    one.endsAt === other.endsAt &&
    one.autoExtend === other.autoExtend &&
    one.rentPeriodDays === other.rentPeriodDays &&
    one.failedAt === other.failedAt
  );
}

export function groupAt(order: RenewableOrder, places: readonly number[]): RenewalGroup {
  const members = membersAt(order, places);
  const { orderId, proxyType } = order;
  const [{ rentPeriodDays }] = members;
  return { orderId, proxyType, rentPeriodDays, ipAddressIds: members.map(({ ipAddressId }) => ipAddressId) };
}

type Members = readonly [RenewableAddress, ...RenewableAddress[]];

function membersAt({ ipAddresses }: RenewableOrder, places: readonly number[]): Members {
  return places.map((place) => ipAddresses[place]) as unknown as Members;
}

interface Part {
  readonly endsAt: number;
  failedAt: number | null;
  readonly places: number[];
}

function planned(order: RenewableOrder, { endsAt, failedAt, places }: Part): PlannedGroup {
  const endsBecause = obstacle(membersAt(order, places));
  return { order, group: groupAt(order, places), places, endsAt, failedAt, endsBecause, next: null };
}

function obstacle(members: Members): PlannedGroup["endsBecause"] {
  if (!members.some(({ autoExtend }) => autoExtend)) return "off";
  const [{ rentPeriodDays }] = members;
  const isWhole = members.every((each) => each.autoExtend && each.rentPeriodDays === rentPeriodDays);
  return isWhole ? null : "incomplete";
}

/** Links the groups of an IPv6 order by their end. All but the last end while others have not ended, so they are incomplete. */
function inTurn(groups: readonly PlannedGroup[]): PlannedGroup[] {
  let next: PlannedGroup | null = null;
  for (const group of [...groups].sort((a, b) => b.endsAt - a.endsAt)) {
    next = { ...group, endsBecause: group.endsBecause ?? (next && "incomplete"), next };
  }
  return next ? [next] : [];
}

function endOf(order: RenewableOrder, { ipAddressId, endsAt = order.endsAt }: RenewableAddress): number {
  const time = timeOf(endsAt ?? "");
  if (!Number.isNaN(time)) return time;
  const subject = `IP address ${ipAddressId} of order ${order.orderId}`;
  throw new RangeError(
    endsAt === undefined
      ? `${subject} has no end: give it, or its order, an endsAt.`
      : `The endsAt of ${subject} is not a timestamp in ISO 8601: ${endsAt}.`,
  );
}

function failureOf({ ipAddressId, failedAt }: RenewableAddress): number | null {
  if (failedAt === null || failedAt === undefined) return null;
  const time = timeOf(failedAt);
  if (!Number.isNaN(time)) return time;
  throw new RangeError(
    `The failedAt of IP address ${ipAddressId} is not a timestamp in ISO 8601: ${failedAt}.`,
  );
}

/** Reads a timestamp in ISO 8601; NaN for every other text. `Date.parse` would take 30 February for 2 March. */
export function timeOf(text: string): number {
  const [, date, day, hour] = /^([\d+-]*-(\d\d))(?:T(\d\d)\S+)?$/.exec(text) ?? [];
  if (!date || hour === "24") return Number.NaN;
  // Every month has the other days.
  if (Number(day) > 28 && new Date(`${date}T00:00:00Z`).getUTCDate() !== Number(day)) return Number.NaN;
  return Date.parse(text);
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
