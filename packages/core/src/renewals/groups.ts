import type { ProxyType } from "../contract/proxy-types.js";

/** An order, as far as renewals go by it. */
export interface RenewableOrder {
  readonly orderId: string;
  readonly proxyType: ProxyType;
  /** When those of its IP addresses end that have no end of their own, in ISO 8601. */
  readonly endsAt?: string | undefined;
  readonly ipAddresses: readonly RenewableAddress[];
}

/** An IP address, as far as renewals go by it. */
export interface RenewableAddress {
  readonly ipAddressId: string;
  readonly autoExtend: boolean;
  /** In days. */
  readonly rentPeriodDays: number;
  /** When it ends, in ISO 8601; the end of its order where left out. */
  readonly endsAt?: string | undefined;
  /** When a renewal at its present end was last tried and failed, in ISO 8601; `null` or left out where none was. */
  readonly failedAt?: string | null | undefined;
}

/** IP addresses of one order that are renewed together, and paid with one amount, or end together. */
export interface RenewalGroup {
  readonly orderId: string;
  readonly proxyType: ProxyType;
  /** In days; the first one's, where they end together with several. */
  readonly rentPeriodDays: number;
  /** In the order that they have in their order. */
  readonly ipAddressIds: readonly string[];
}

/** A group, and what becomes of it when it ends. Moments are in milliseconds since 1970. */
export interface PlannedGroup {
  readonly order: RenewableOrder;
  group: RenewalGroup;
  /** The places of its IP addresses in the order, from the first to the last. */
  places: readonly number[];
  endsAt: number;
  /** When its renewal was last tried in vain; `null` where it was not. */
  failedAt: number | null;
  /** Why it is not renewed; `null` where it is to be. */
  readonly endsBecause: "off" | "incomplete" | null;
  /** The group of the same IPv6 order for which nothing happens before this one has ended. */
  readonly next: PlannedGroup | null;
}

/**
 * Splits what lives of an order into what renews or ends together. IP addresses with auto-extend on go by their end,
 * rental period and last failed renewal; those with it off by their end.
 *
 * An IPv6 order renews whole (sibling), so its IP addresses go by their end alone, and a group that is only partly on,
 * or has several periods, does not renew; nor does one while others of the order live (assumed). So of several groups
 * all but the last end, one after the other: the first one is given back, and leads to the `next`.
 *
 * @param from What ended before it, in milliseconds since 1970, is left out.
 * @throws RangeError where an IP address has no end, or one that is no date, or a rental period shorter than a day.
 */
export function groupsOf(order: RenewableOrder, from: number): PlannedGroup[] {
  const whole = order.proxyType === "IPv6";
  const parts = new Map<string, Part>();
  for (const [place, address] of order.ipAddresses.entries()) {
    const { ipAddressId, autoExtend, rentPeriodDays } = address;
    if (!(rentPeriodDays >= 1)) {
      throw new RangeError(`IP address ${ipAddressId} has no rental period of a day or more.`);
    }
    const endsAt = endOf(order, address);
    if (endsAt < from) continue;
    const failedAt = failureOf(address);
    const name = whole
      ? `${endsAt}`
      : autoExtend
        ? `${endsAt} ${rentPeriodDays} ${failedAt}`
        : `${endsAt} off`;
    const part = parts.get(name);
    if (part === undefined) parts.set(name, { endsAt, failedAt, places: [place] });
    else {
      part.places.push(place);
      // Only in an IPv6 order do they differ: it was last tried when any of it was.
      part.failedAt = later(part.failedAt, failedAt);
    }
  }
  const groups = [...parts.values()].map((part) => planned(order, part));
  return whole && groups.length > 1 ? inTurn(groups) : groups;
}

/** The group of the IP addresses at these places of an order. */
export function groupAt(order: RenewableOrder, places: readonly number[]): RenewalGroup {
  const { orderId, proxyType, ipAddresses } = order;
  const members = places.map((place) => ipAddresses[place] as RenewableAddress);
  const rentPeriodDays = members[0]?.rentPeriodDays as number;
  return { orderId, proxyType, rentPeriodDays, ipAddressIds: members.map(({ ipAddressId }) => ipAddressId) };
}

interface Part {
  readonly endsAt: number;
  failedAt: number | null;
  readonly places: number[];
}

function planned(order: RenewableOrder, { endsAt, failedAt, places }: Part): PlannedGroup {
  const group = groupAt(order, places);
  return { order, group, places, endsAt, failedAt, endsBecause: obstacle(order, places), next: null };
}

/** Why IP addresses that end together are not renewed together. */
function obstacle({ ipAddresses }: RenewableOrder, places: readonly number[]): PlannedGroup["endsBecause"] {
  const first = ipAddresses[places[0] as number];
  let on = 0;
  let samePeriod = true;
  for (const place of places) {
    const address = ipAddresses[place];
    if (address?.autoExtend) on += 1;
    if (address?.rentPeriodDays !== first?.rentPeriodDays) samePeriod = false;
  }
  if (on === 0) return "off";
  return on === places.length && samePeriod ? null : "incomplete";
}

/** Puts the groups of an IPv6 order in a row, by their end: none but the last is ever all that lives of it. */
function inTurn(groups: readonly PlannedGroup[]): PlannedGroup[] {
  let next: PlannedGroup | null = null;
  for (const group of [...groups].sort((a, b) => b.endsAt - a.endsAt)) {
    next = { ...group, endsBecause: group.endsBecause ?? (next && "incomplete"), next };
  }
  return next ? [next] : [];
}

function endOf(order: RenewableOrder, { ipAddressId, endsAt = order.endsAt }: RenewableAddress): number {
  const at = endsAt === undefined ? Number.NaN : Date.parse(endsAt);
  if (!Number.isNaN(at)) return at;
  const of = `IP address ${ipAddressId} of order ${order.orderId}`;
  throw new RangeError(
    endsAt === undefined
      ? `${of} has no end: give it, or its order, an endsAt.`
      : `${of} ends at no date: ${endsAt}`,
  );
}

function failureOf({ ipAddressId, failedAt }: RenewableAddress): number | null {
  if (failedAt === null || failedAt === undefined) return null;
  const at = Date.parse(failedAt);
  if (Number.isNaN(at)) throw new RangeError(`IP address ${ipAddressId} failed at no date: ${failedAt}`);
  return at;
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
