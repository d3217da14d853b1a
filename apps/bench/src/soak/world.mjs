/** The proxy types, each with the order of it that every account has, and that does not end while a soak runs. */
export const lasting = {
  IPv4: { orderId: "lasting-1", ipAddressIds: ["1-1", "1-2"] },
  IPv6: { orderId: "lasting-2", ipAddressIds: ["2-1", "2-2"] },
  MOBILE: { orderId: "lasting-3", ipAddressIds: ["3-1"] },
  ISP: { orderId: "lasting-4", ipAddressIds: ["4-1", "4-2", "4-3"] },
};

/** The API key of an account that one connection has to itself. */
export const ownKey = (number) => `soak-key-${number}`;

/** The id of that account. */
export const ownAccount = (number) => `own-${number}`;

/** How many renewals are ahead of an account whenever the clock moves. */
const lively = 5;

/**
 * A world for a soak: an account for each connection, and the pattern for API keys that are new.
 *
 * @param {number} connections
 */
export function soakWorld(connections) {
  const accounts = Array.from({ length: connections }, (_, number) => ({
    ...account(ownAccount(number)),
    apiKey: ownKey(number),
  }));
  return {
    version: 1,
    renewals: { leadTimeHours: 24, retryHours: 12 },
    accounts: [account("default"), ...accounts],
  };
}

function account(id) {
  return {
    id,
    balance: 1_000,
    currency: "USD",
    rentPeriods: { IPv4: [1, 30], IPv6: [30], MOBILE: [30], ISP: [30, 90] },
    prices: { IPv4: { 1: 0.05, 30: 0.8 }, IPv6: { 30: 0.1 }, MOBILE: { 30: 3.5 }, ISP: { 30: 1.6 } },
    orders: [
      ...Object.entries(lasting).map(([proxyType, { orderId, ipAddressIds }]) => ({
        orderId,
        proxyType,
        endsAt: "+99999d",
        ipAddresses: ipAddressIds.map((ipAddressId) => address(ipAddressId, proxyType)),
      })),
      ...Array.from({ length: lively }, (_, number) => ({
        orderId: `lively-${number}`,
        proxyType: "IPv4",
        endsAt: `+${number * 7 + 1}h`,
        ipAddresses: [{ ...address(`lively-${number}-1`, "IPv4"), autoExtend: true, rentPeriodDays: 1 }],
      })),
    ],
  };
}

function address(ipAddressId, proxyType) {
  return { ipAddressId, ip: proxyType === "IPv6" ? "2001:db8::1" : "192.0.2.1", country: "DE" };
}
