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
        {
          orderId: "11111",
          proxyType: "IPv4",
          endsAt: "+30d",
          ipAddresses: [{ ipAddressId: "1111111111111111111", ip: "192.0.2.11", country: "DE" }],
        },
        {
          orderId: "22222",
          proxyType: "IPv4",
          endsAt: "+60d",
          ipAddresses: [
            { ipAddressId: "2222222222222222221", ip: "192.0.2.21", country: "FR" },
            { ipAddressId: "2222222222222222222", ip: "192.0.2.22", country: "FR" },
          ],
        },
        {
          orderId: "33333",
          proxyType: "IPv6",
          endsAt: "+30d",
          ipAddresses: [{ ipAddressId: "22222222222222222", ip: "2001:db8::33", country: "NL" }],
        },
        {
          orderId: "44444",
          proxyType: "MOBILE",
          endsAt: "+30d",
          ipAddresses: [{ ipAddressId: "4444444444444444444", ip: "198.51.100.44", country: "GB" }],
        },
        {
          orderId: "55555",
          proxyType: "ISP",
          endsAt: "+30d",
          ipAddresses: [{ ipAddressId: "5555555555555555555", ip: "203.0.113.55", country: "US" }],
        },
        {
          orderId: "66666",
          proxyType: "IPv6",
          endsAt: "+45d",
          ipAddresses: [
            { ipAddressId: "6666666666666666661", ip: "2001:db8::61", country: "NL" },
            { ipAddressId: "6666666666666666662", ip: "2001:db8::62", country: "NL" },
          ],
        },
      ],
    },
  ],
};
