/** The rental periods that are asked for; IPv4 has two, so that there are more groups than types. */
const periods = { IPv4: [30, 90], IPv6: [90], MOBILE: [360], ISP: [60] };

/**
 * What the CLI is given, and what is meant by it.
 *
 * @typedef {object} List
 * @property {string} csv
 * @property {number} given how many rows it has
 * @property {ReadonlyMap<string, number>} wanted the rental periods of the good orders by their ids
 * @property {ReadonlySet<string>} bad the ids that are of no order of theirs, or of one of another type
 * @property {readonly number[]} groups how many rows each type and period has
 */

/**
 * Lists nearly all orders of a world, and among them ids that are bad: one in a hundred is of no order, one in a thousand of
 * an order of another type. One in a thousand is listed twice. One order in a hundred is not listed, and must stay as it is.
 *
 * @param {{ accounts: readonly { orders: readonly { orderId: string, proxyType: string }[] }[] }} world
 * @param {ReturnType<typeof import("../soak/random.mjs").createRandom>} random
 * @returns {List}
 */
export function listOf({ accounts: [{ orders }] }, random) {
  const rows = [];
  const wanted = new Map();
  const bad = new Set();
  const types = Object.keys(periods);
  for (const [index, { orderId, proxyType }] of orders.entries()) {
    const days = random.of(periods[proxyType]);
    if (index % 100 === 50) add({ type: random.of(types), orderId: `99${String(index).padStart(9, "0")}` });
    if (index % 1_000 === 77) add({ type: random.of(types.filter((type) => type !== proxyType)), orderId });
    if (index % 100 === 77) continue;
    wanted.set(orderId, days);
    rows.push({ type: proxyType, orderId, days });
    if (index % 1_000 === 500) rows.push({ type: proxyType, orderId, days });
  }

  function add({ type, orderId }) {
    bad.add(orderId);
    rows.push({ type, orderId, days: random.of(periods[type]) });
  }

  const sizes = new Map();
  for (const { type, days } of rows) sizes.set(`${type} ${days}`, (sizes.get(`${type} ${days}`) ?? 0) + 1);
  return {
    csv: `type,orderId,days\n${rows.map(({ type, orderId, days }) => `${type},${orderId},${days}\n`).join("")}`,
    given: rows.length,
    wanted,
    bad,
    groups: [...sizes.values()],
  };
}
