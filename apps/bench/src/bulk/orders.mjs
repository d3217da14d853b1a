// The orders of a bulk run: the world that holds them, the list that the CLI gets, and the state in which it must leave them.
import { generateWorld } from "@auto-extend/mock-server";

export const apiKey = "bulk-proof-key";
export const account = "bulk";

/** The rental periods to ask for; IPv4 has two, so that there are more groups than types. */
const periods = { IPv4: [30, 90], IPv6: [90], MOBILE: [360], ISP: [60] };
const types = /** @type {(keyof typeof periods)[]} */ (Object.keys(periods));

/** @typedef {ReturnType<typeof generateWorld>["accounts"][number]["orders"][number]} Order */

/**
 * @typedef {object} OrderList
 * @property {string} csv
 * @property {number} given how many rows it has
 * @property {ReadonlyMap<string, number>} wanted the rental periods of the good orders, by ID
 * @property {ReadonlySet<string>} bad IDs of no order, or of an order of another type
 * @property {ReadonlySet<string>} mistyped those of them that are of an order of another type
 * @property {readonly number[]} groups how many rows each type and period has
 */

/**
 * A world with orders of every type in one account, which has the API key to itself.
 *
 * @param {{ orders: number, seed: number }} options
 */
export function bulkWorld({ orders, seed }) {
  const world = generateWorld({ orders, addresses: orders * 2, seed });
  return { ...world, accounts: world.accounts.map((each) => ({ ...each, id: account, apiKey })) };
}

/**
 * Lists nearly all orders of a world. Among them, some IDs are of no order, and one in a thousand is of an order of another
 * type. One order in a thousand is listed twice; one in a hundred is not listed, and must stay as it is.
 *
 * @param {{ accounts: readonly { orders: readonly Order[] }[] }} world
 * @param {{ random: import("../harness/random.mjs").Random, badOneIn: number }} options `badOneIn`: one ID in so many is of no order
 * @returns {OrderList}
 */
export function listOrders({ accounts }, { random, badOneIn }) {
  /** @type {{ type: keyof typeof periods, orderId: string, days: number }[]} */
  const rows = [];
  const wanted = new Map();
  const bad = new Set();
  const mistyped = new Set();
  const orders = accounts.flatMap((each) => each.orders);
  for (const [index, { orderId, proxyType }] of orders.entries()) {
    const days = random.of(periods[proxyType]);
    if (index % badOneIn === 50) addBad(random.of(types), `99${String(index).padStart(9, "0")}`);
    if (index % 1_000 === 77) {
      mistyped.add(orderId);
      addBad(random.of(types.filter((type) => type !== proxyType)), orderId);
    }
    if (index % 100 === 77) continue;
    wanted.set(orderId, days);
    rows.push({ type: proxyType, orderId, days });
    if (index % 1_000 === 500) rows.push({ type: proxyType, orderId, days });
  }

  /**
   * @param {keyof typeof periods} type
   * @param {string} orderId
   */
  function addBad(type, orderId) {
    bad.add(orderId);
    rows.push({ type, orderId, days: random.of(periods[type]) });
  }

  /** @type {Map<string, number>} */
  const sizes = new Map();
  for (const { type, days } of rows) sizes.set(`${type} ${days}`, (sizes.get(`${type} ${days}`) ?? 0) + 1);
  const lines = rows.map(({ type, orderId, days }) => `${type},${orderId},${days}\n`);
  return {
    csv: `type,orderId,days\n${lines.join("")}`,
    given: rows.length,
    wanted,
    bad,
    mistyped,
    groups: [...sizes.values()],
  };
}

/**
 * Finds the orders that are not as they must be: those wanted are on with their period, all others as they were.
 *
 * @param {readonly Order[]} before the orders before anything was switched
 * @param {readonly Order[]} now
 * @param {ReadonlyMap<string, number>} wanted
 */
export function ordersAmiss(before, now, wanted) {
  if (before.length !== now.length) return [`${now.length} orders where there were ${before.length}`];
  return before.flatMap((order, index) => {
    const rentPeriodDays = wanted.get(order.orderId);
    const ipAddresses = order.ipAddresses.map((each) => ({ ...each, autoExtend: true, rentPeriodDays }));
    const [due, is] = [rentPeriodDays === undefined ? order : { ...order, ipAddresses }, now[index]];
    return sortedJson(due) === sortedJson(is)
      ? []
      : [`${order.orderId} must be ${sortedJson(due)}, but is ${sortedJson(is)}`];
  });
}

/**
 * JSON that is the same whatever the order of the fields.
 *
 * @param {unknown} value
 */
function sortedJson(value) {
  return JSON.stringify(value, (_, each) =>
    each && typeof each === "object" && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
