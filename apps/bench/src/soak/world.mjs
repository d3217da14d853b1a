// The world that a soak runs against, and the requests that fit it.
import { fillPath, setAutoExtend } from "@auto-extend/core";
import { requestText } from "../harness/connection.mjs";

/** @typedef {keyof typeof lasting} ProxyType */
/** @typedef {{ proxyType: ProxyType, orderIds: string[], rentPeriodDays: number, autoExtend: boolean }} SwitchRequest */

/** The order of each proxy type that every account has, and that does not end while a soak runs. */
export const lasting = {
  IPv4: { orderId: "lasting-1", ipAddressIds: ["1-1", "1-2"] },
  IPv6: { orderId: "lasting-2", ipAddressIds: ["2-1", "2-2"] },
  MOBILE: { orderId: "lasting-3", ipAddressIds: ["3-1"] },
  ISP: { orderId: "lasting-4", ipAddressIds: ["4-1", "4-2", "4-3"] },
};

export const proxyTypes = /** @type {ProxyType[]} */ (Object.keys(lasting));

/** The API key of the account that one connection has to itself. */
export const ownKey = (/** @type {number} */ number) => `soak-key-${number}`;

export const ownAccount = (/** @type {number} */ number) => `own-${number}`;

/** How many orders of each account renew as the clock moves. */
const renewingOrders = 5;

/**
 * A world with an account for each connection, and the template account for API keys that are new.
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

/** @param {string} id */
function account(id) {
  return {
    id,
    balance: 1_000,
    currency: "USD",
    rentPeriods: { IPv4: [1, 30], IPv6: [30], MOBILE: [30], ISP: [30, 90] },
    prices: { IPv4: { 1: 0.05, 30: 0.8 }, IPv6: { 30: 0.1 }, MOBILE: { 30: 3.5 }, ISP: { 30: 1.6 } },
    orders: [
      ...proxyTypes.map((proxyType) => ({
        orderId: lasting[proxyType].orderId,
        proxyType,
        endsAt: "+99999d",
        ipAddresses: lasting[proxyType].ipAddressIds.map((id) => address(id, proxyType)),
      })),
      ...Array.from({ length: renewingOrders }, (_, number) => ({
        orderId: `renewing-${number}`,
        proxyType: "IPv4",
        endsAt: `+${number * 7 + 1}h`,
        ipAddresses: [{ ...address(`renewing-${number}-1`, "IPv4"), autoExtend: true, rentPeriodDays: 1 }],
      })),
    ],
  };
}

/**
 * @param {string} ipAddressId
 * @param {ProxyType} proxyType
 */
function address(ipAddressId, proxyType) {
  return { ipAddressId, ip: proxyType === "IPv6" ? "2001:db8::1" : "192.0.2.1", country: "DE" };
}

/**
 * Draws a request that switches a lasting order, and the addresses that its success lists.
 *
 * @param {{ random: import("../harness/random.mjs").Random }} worker
 */
export function drawSwitch({ random }) {
  const proxyType = random.of(proxyTypes);
  const { orderId, ipAddressIds } = lasting[proxyType];
  const orderIds = random.chance(0.1) ? [orderId, orderId] : [orderId];
  /** @type {SwitchRequest} */
  const request = { proxyType, orderIds, rentPeriodDays: 30, autoExtend: random.chance(0.5) };
  return { request, ipAddressIds };
}

export const pathOf = (/** @type {string} */ apiKey) => fillPath(setAutoExtend.path, { apiKey });

/**
 * The bytes of a call of the operation.
 *
 * @param {string} apiKey
 * @param {object} request
 * @param {Record<string, string>} [headers]
 */
export function call(apiKey, request, headers) {
  return requestText({ path: pathOf(apiKey), headers: headers ?? {}, body: JSON.stringify(request) });
}

/**
 * The bytes of a request to the control API.
 *
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
export function control(method, path, body) {
  return requestText({
    method,
    path: `/__mock${path}`,
    body: body === undefined ? "" : JSON.stringify(body),
  });
}
