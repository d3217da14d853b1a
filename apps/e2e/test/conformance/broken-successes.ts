import {
  type BrokenServer,
  broken,
  deciding,
  namesOrders,
  reading,
  refusal,
  succeeding,
} from "./mutations.js";

/** Servers that refuse, or do only in part, what they should do. */
export const brokenSuccesses: readonly BrokenServer[] = [
  broken(
    "refuses to switch off",
    "setAutoExtend/success/IPv4",
    deciding((body) => (namesOrders(body) && body.autoExtend === false ? refusal(35) : undefined)),
  ),
  broken(
    "does not know IPv6",
    "setAutoExtend/success/IPv6",
    deciding(({ proxyType }) => (proxyType === "IPv6" ? refusal(4) : undefined)),
  ),
  broken(
    "spells MOBILE as people do",
    "setAutoExtend/success/MOBILE",
    succeeding((answer) => (answer.proxyType === "MOBILE" ? { ...answer, proxyType: "Mobile" } : answer)),
  ),
  broken(
    "does not switch ISP on",
    "setAutoExtend/success/ISP",
    deciding(({ proxyType, autoExtend }) =>
      proxyType === "ISP" && autoExtend === true ? refusal(16) : undefined,
    ),
  ),
  broken(
    "has no orders of ISP",
    "setAutoExtend/orders/ISP",
    deciding(({ proxyType }) => (proxyType === "ISP" ? refusal(29) : undefined)),
  ),
  broken(
    "does not sell IPv6 for 30 days",
    "setAutoExtend/orders/IPv6",
    deciding(({ proxyType, rentPeriodDays }) =>
      proxyType === "IPv6" && rentPeriodDays === 30 ? refusal(11) : undefined,
    ),
  ),
  { does: "refuses a request that it has seen", caughtBy: "setAutoExtend/repeat", mutation: refusingRepeats },
  broken(
    "refuses an order that is listed twice",
    "setAutoExtend/duplicates",
    deciding(({ orderIds: ids }) =>
      Array.isArray(ids) && new Set(ids).size < ids.length ? refusal(29) : undefined,
    ),
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
    "refuses fields that it does not know",
    "setAutoExtend/unknown-fields",
    deciding((body) => (Object.keys(body).length > 4 ? refusal(35) : undefined)),
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
