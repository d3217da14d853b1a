import type { ProxyType } from "../proxy-types.js";

/** An order, as far as renewals go by it. */
export interface RenewableOrder {
  readonly orderId: string;
  readonly proxyType: ProxyType;
  /** When it ends, in ISO 8601. */
  readonly endsAt: string;
  readonly ipAddresses: readonly RenewableAddress[];
}

/** An IP address, as far as renewals go by it. */
export interface RenewableAddress {
  readonly ipAddressId: string;
  readonly autoExtend: boolean;
  /** In days. */
  readonly rentPeriodDays: number;
}

/** IP addresses of one order that are renewed together, and paid with one amount, or end together. */
export interface RenewalGroup {
  readonly orderId: string;
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
  readonly ipAddressIds: readonly string[];
}

/** A group, and what becomes of it when its order ends. */
export interface PlannedGroup {
  readonly group: RenewalGroup;
  readonly endsAt: number;
  /** Why it is not renewed; `null` where it is to be. */
  readonly endsBecause: "off" | "incomplete" | null;
}

/**
 * Splits an order into what renews together: the IP addresses with auto-extend on, by rental period, and those with it
 * off. An IPv6 order renews whole (sibling), so one that is only partly on, or has several periods, does not renew
 * (assumed).
 *
 * @throws RangeError where the order's end is no date, or a rental period is shorter than a day.
 */
export function groupsOf(order: RenewableOrder): PlannedGroup[] {
  const endsAt = Date.parse(order.endsAt);
  if (Number.isNaN(endsAt)) throw new RangeError(`Order ${order.orderId} ends at no date: ${order.endsAt}`);
  const parts = new Map<string, RenewableAddress[]>();
  for (const address of order.ipAddresses) {
    if (!(address.rentPeriodDays >= 1)) {
      throw new RangeError(`IP address ${address.ipAddressId} has no rental period of a day or more.`);
    }
    const name = address.autoExtend ? `on ${address.rentPeriodDays}` : "off";
    const part = parts.get(name);
    if (part) part.push(address);
    else parts.set(name, [address]);
  }
  if (order.proxyType === "IPv6" && parts.size > 1) {
    return [planned(order, order.ipAddresses, endsAt, "incomplete")];
  }
  return [...parts].map(([name, part]) => planned(order, part, endsAt, name === "off" ? "off" : null));
}

function planned(
  { orderId, proxyType }: RenewableOrder,
  addresses: readonly RenewableAddress[],
  endsAt: number,
  endsBecause: PlannedGroup["endsBecause"],
): PlannedGroup {
  const ipAddressIds = addresses.map(({ ipAddressId }) => ipAddressId);
  const rentPeriodDays = addresses[0]?.rentPeriodDays ?? 0;
  return { group: { orderId, proxyType, rentPeriodDays, ipAddressIds }, endsAt, endsBecause };
}
