import type { ProxyType } from "@auto-extend/core";
import type { World } from "./world.js";

/** The default world: at least one order of each proxy type, 30 days sold for each, 5 USD. Its prices are made up. */
export const defaultWorld: World = {
  version: 1,
  accounts: [
    {
      id: "default",
      balance: 5,
      currency: "USD",
      rentPeriods: { IPv4: [30], IPv6: [30], MOBILE: [30], ISP: [30] },
      prices: { IPv4: { 30: 0.8 }, IPv6: { 30: 0.1 }, MOBILE: { 30: 3.5 }, ISP: { 30: 1.6 } },
      orders: [
        order("11111", "IPv4", "+30d", [["1111111111111111111", "192.0.2.11", "DE"]]),
        order("22222", "IPv4", "+60d", [
          ["2222222222222222221", "192.0.2.21", "FR"],
          ["2222222222222222222", "192.0.2.22", "FR"],
        ]),
        order("33333", "IPv6", "+30d", [["22222222222222222", "2001:db8::33", "NL"]]),
        order("44444", "MOBILE", "+30d", [["4444444444444444444", "198.51.100.44", "GB"]]),
        order("55555", "ISP", "+30d", [["5555555555555555555", "203.0.113.55", "US"]]),
        order("66666", "IPv6", "+45d", [
          ["6666666666666666661", "2001:db8::61", "NL"],
          ["6666666666666666662", "2001:db8::62", "NL"],
        ]),
      ],
    },
  ],
};

type Addresses = readonly (readonly [ipAddressId: string, ip: string, country: string])[];

function order(orderId: string, proxyType: ProxyType, endsAt: string, addresses: Addresses) {
  const ipAddresses = addresses.map(([ipAddressId, ip, country]) => ({ ipAddressId, ip, country }));
  return { orderId, proxyType, endsAt, ipAddresses };
}
