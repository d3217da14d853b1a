import {
  type BrokenServer,
  broken,
  deciding,
  inEach,
  namesOrders,
  onlyFor,
  reading,
  refusal,
  refusing,
  succeeding,
} from "./mutations.js";

/** Servers that refuse, or do only in part, what they should do. */
export const brokenSuccesses: readonly BrokenServer[] = [
  broken(
    "refuses to switch off",
    "setAutoExtend/success/IPv4",
    refusing(35, (body) => namesOrders(body) && body.autoExtend === false),
  ),
  broken(
    "does not know IPv6",
    inEach(["setAutoExtend", "priceExtension"], "success/IPv6"),
    refusing(4, ({ proxyType }) => proxyType === "IPv6"),
  ),
  broken(
    "spells MOBILE as people do",
    inEach(["setAutoExtend", "setAutoExtendByIpAddress", "priceExtension"], "success/MOBILE"),
    succeeding((answer) => (answer.proxyType === "MOBILE" ? { ...answer, proxyType: "Mobile" } : answer)),
  ),
  broken(
    "does not switch ISP on",
    inEach(["setAutoExtend", "setAutoExtendByIpAddress"], "success/ISP"),
    refusing(16, ({ proxyType, autoExtend }) => proxyType === "ISP" && autoExtend === true),
  ),
  broken(
    "has no orders of ISP",
    "priceExtension/orders/ISP",
    refusing(29, ({ proxyType }) => proxyType === "ISP"),
  ),
  broken(
    "does not sell IPv6 for 30 days",
    "priceExtension/orders/IPv6",
    refusing(11, ({ proxyType, rentPeriodDays }) => proxyType === "IPv6" && rentPeriodDays === 30),
  ),
  {
    does: "refuses a request that it has seen",
    caughtBy: ["setAutoExtend/repeat"],
    mutation: refusingRepeats,
  },
  broken(
    "refuses an order that is listed twice",
    "setAutoExtend/duplicates",
    refusing(29, ({ orderIds: ids }) => Array.isArray(ids) && new Set(ids).size < ids.length),
  ),
  broken(
    "counts an order twice that is listed twice",
    "setAutoExtend/duplicates",
    succeeding((answer, { orderIds: ids }) =>
      Array.isArray(ids) && Array.isArray(answer.ipAddressIds) && new Set(ids).size < ids.length
        ? { ...answer, quantity: 2, ipAddressIds: [...answer.ipAddressIds, ...answer.ipAddressIds] }
        : answer,
    ),
  ),
  broken(
    "switches the first of several orders only",
    "setAutoExtend/several-orders",
    reading((body) =>
      namesOrders(body) ? { ...body, orderIds: (body.orderIds as string[]).slice(0, 1) } : body,
    ),
  ),
  broken(
    "counts orders by the call",
    "setAutoExtend/every-order-counts",
    onlyFor(
      ["setAutoExtend"],
      succeeding(({ ipAddressIds, ...answer }) => ({ ...answer, quantity: 1 })),
    ),
  ),
  broken(
    "refuses fields that it does not know",
    "setAutoExtend/unknown-fields",
    refusing(35, (body) => Object.keys(body).length > 4),
  ),
];

function refusingRepeats() {
  const seen = new Set<string>();
  return deciding((body, request) => {
    const text = request.body.toString();
    if (!namesOrders(body) || !seen.has(text)) {
      seen.clear();
      seen.add(text);
      return undefined;
    }
    return refusal(35);
  });
}
