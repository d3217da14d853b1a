import type { ListIpAddressesSuccess, ProxyType } from "@auto-extend/core";
import { hashOf } from "../random.js";
import type { Order } from "../store.js";

/** One IP address as the state has it. */
export type Address = Order["ipAddresses"][number];
/** One IP address as the list has it. */
type Listed = ListIpAddressesSuccess["ipAddresses"][number]["orders"][number]["ipAddresses"][number];

const day = 86_400_000;

/**
 * Makes what writes IP addresses as the list has them. What the state does not know is made up: the rental began one
 * rental period before its end, ports and protocol are always the same, and the credentials open nothing.
 */
export function createRecordWriter(): (address: Address, proxyType: ProxyType) => Listed {
  // Many end at the same moment, and writing one is slow.
  const starts = new Map<string, string>();

  function startOf(endsAt: string, days: number): string {
    const known = `${endsAt} ${days}`;
    const start = starts.get(known) ?? new Date(Date.parse(endsAt) - days * day).toISOString();
    starts.set(known, start);
    return start;
  }

  return ({ ipAddressId, ip, country, autoExtend, rentPeriodDays, endsAt }, proxyType) => {
    const credential = hashOf(ipAddressId).toString(36);
    return {
      ipAddressId,
      ipAddressIp: ip,
      country,
      proxyType,
      dateStart: startOf(endsAt, rentPeriodDays),
      dateEnd: endsAt,
      httpsPort: 8000,
      socks5Port: 8001,
      protocol: "HTTPS/SOCKS5",
      authInfo: { login: `mock-login-${credential}`, password: `mock-password-${credential}` },
      extendInfo: { autoExtend, extendDays: rentPeriodDays },
    };
  };
}
