// What is, held to what was told.

/**
 * The orders that are not as they must be.
 *
 * @param {readonly any[]} before the orders before anything was switched
 * @param {readonly any[]} now
 * @param {(orderId: string) => number | undefined} periodOf the rental period of an order that must be on by now, every
 * address of it; all others must be as they were
 * @returns {string[]}
 */
export function ordersAmiss(before, now, periodOf) {
  if (before.length !== now.length) return [`${now.length} orders where there were ${before.length}`];
  return before.flatMap((order, index) => {
    const rentPeriodDays = periodOf(order.orderId);
    const due =
      rentPeriodDays === undefined
        ? order
        : {
            ...order,
            ipAddresses: order.ipAddresses.map((each) => ({ ...each, autoExtend: true, rentPeriodDays })),
          };
    const is = now[index];
    return isSame(due, is) ? [] : [`${order.orderId} must be ${told(due)}, and is ${told(is)}`];
  });
}

function isSame(due, is) {
  return due.orderId === is.orderId && told(due) === told(is);
}

/** All of an order, whatever the order of its fields. */
function told(value) {
  return JSON.stringify(value, (_, each) =>
    each && typeof each === "object" && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
