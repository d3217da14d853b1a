import { proxyTypes, reservedOrderId, unknownApiKey } from "@auto-extend/core";
import {
  type BrokenServer,
  broken,
  deciding,
  everyOperation,
  inEach,
  type Json,
  jsonAnswer,
  namesOrders,
  namesType,
  onlyFor,
  page,
  posts,
  queries,
  reading,
  readingQuery,
  refusing,
  succeeding,
  switches,
} from "./mutations.js";

const withOrders = ["setAutoExtend", "priceExtension"] as const;

/** Servers with other rules: they accept what they should refuse, or refuse it in another way. */
export const brokenRules: readonly BrokenServer[] = [
  broken(
    "takes any API key",
    [...inEach(everyOperation, "rule/api-key/unknown"), ...inEach(posts, "rule/api-key/good-orders")],
    { request: (request) => ({ ...request, path: request.path.replace(unknownApiKey, "any-key") }) },
  ),
  broken(
    "takes IPv4 for granted",
    [
      ...inEach(posts, "rule/proxy-type/missing"),
      ...inEach(posts, "rule/proxy-type/good-orders-without-type"),
    ],
    reading((body) => ({ proxyType: "IPv4", ...body })),
  ),
  broken(
    "takes IPv4 in place of a type that it does not know",
    inEach(posts, "rule/proxy-type/unknown"),
    reading((body) =>
      typeof body.proxyType === "string" && !namesType(body) ? { ...body, proxyType: "IPv4" } : body,
    ),
  ),
  broken(
    "does not mind the case of a proxy type",
    [...inEach(posts, "rule/proxy-type/case"), ...inEach(posts, "rule/proxy-type/good-orders-in-lower-case")],
    reading((body) => ({
      ...body,
      proxyType: proxyTypes.find((type) => type.toLowerCase() === body.proxyType) ?? body.proxyType,
    })),
  ),
  broken(
    "takes null for IPv4",
    inEach(posts, "rule/proxy-type/null"),
    reading((body) => (body.proxyType === null ? { ...body, proxyType: "IPv4" } : body)),
  ),
  broken(
    "takes a number for the place of a type in a list",
    inEach(posts, "rule/proxy-type/number"),
    reading((body) => (typeof body.proxyType === "number" ? { ...body, proxyType: "ISP" } : body)),
  ),
  broken(
    "takes the first of several proxy types",
    inEach(posts, "rule/proxy-type/list"),
    reading((body) => (Array.isArray(body.proxyType) ? { ...body, proxyType: body.proxyType[0] } : body)),
  ),
  broken(
    "takes an empty object for no body",
    inEach(posts, "rule/proxy-type/empty-object"),
    deciding((body) => (Object.keys(body).length === 0 ? page(400) : undefined)),
  ),
  broken("breaks down over a list", inEach(posts, "rule/proxy-type/not-an-object"), {
    request: (request) => (request.body.toString() === "[]" ? page(500) : request),
  }),
  broken("breaks down over null", inEach(posts, "rule/proxy-type/null-body"), {
    request: (request) => (request.body.toString() === "null" ? page(500) : request),
  }),
  broken(
    "takes another type in a query for all of them",
    "listIpAddresses/rule/proxy-type/unknown",
    readingQuery(({ proxyType, ...query }) => (namesType({ proxyType }) ? { ...query, proxyType } : query)),
  ),
  broken(
    "takes IPv4 in place of a type in a query that it does not know",
    inEach(queries, "rule/proxy-type/unknown"),
    readingQuery((query) => ("proxyType" in query && !namesType(query) ? { proxyType: "IPv4" } : query)),
  ),
  broken(
    "does not mind the case of a proxy type in a query",
    inEach(queries, "rule/proxy-type/case"),
    readingQuery((query) => (query.proxyType === "ipv4" ? { proxyType: "IPv4" } : query)),
  ),
  broken(
    "takes an empty proxy type in a query for none",
    "listIpAddresses/rule/proxy-type/empty",
    readingQuery((query) => (query.proxyType === "" ? {} : query)),
  ),
  broken(
    "takes IPv4 for granted in a query",
    ["getRentPeriods/rule/proxy-type/missing", "getRentPeriods/rule/proxy-type/empty"],
    onlyFor(
      ["getRentPeriods"],
      readingQuery(({ proxyType }) => ({ proxyType: proxyType || "IPv4" })),
    ),
  ),
  broken(
    "does nothing for an order that does not exist, and calls it a success",
    "setAutoExtend/rule/order-ids/unknown",
    onlyFor(
      ["setAutoExtend"],
      deciding((body) =>
        namesType(body) && String(body.orderIds) === reservedOrderId && Array.isArray(body.orderIds)
          ? jsonAnswer({
              success: true,
              proxyType: body.proxyType,
              rentPeriodDays: body.rentPeriodDays,
              quantity: 0,
              ipAddressIds: [],
              balance: 5,
              currency: "USD",
              error: null,
            })
          : undefined,
      ),
    ),
  ),
  broken(
    "leaves out the orders that it does not know",
    inEach(withOrders, "rule/order-ids/one-bad"),
    orderIds((ids) => (Array.isArray(ids) ? ids.filter((id) => id !== reservedOrderId) : ids)),
  ),
  broken(
    "takes no order IDs for all orders",
    inEach(withOrders, "rule/order-ids/missing"),
    orderIds((ids) => ids ?? ["11111"]),
  ),
  broken(
    "takes an empty list for all orders",
    inEach(withOrders, "rule/order-ids/empty"),
    orderIds((ids) => (Array.isArray(ids) && ids.length === 0 ? ["11111"] : ids)),
  ),
  broken(
    "splits a string into a list",
    inEach(withOrders, "rule/order-ids/good-string"),
    orderIds((ids) => (typeof ids === "string" ? ids.split(",") : ids)),
  ),
  broken(
    "takes numbers for strings",
    inEach(withOrders, "rule/order-ids/good-number"),
    orderIds((ids) => (Array.isArray(ids) ? ids.map(String) : ids)),
  ),
  broken(
    "breaks down over a string in place of a list",
    inEach(withOrders, "rule/order-ids/string"),
    deciding(({ orderIds: ids }) => (typeof ids === "string" ? page(500) : undefined)),
  ),
  broken(
    "breaks down over a number for an order ID",
    inEach(withOrders, "rule/order-ids/number"),
    deciding(({ orderIds: ids }) => (Array.isArray(ids) && ids.includes(0) ? page(500) : undefined)),
  ),
  broken(
    "has another code for an empty order ID",
    inEach(withOrders, "rule/order-ids/empty-id"),
    refusing(35, ({ orderIds: ids }) => Array.isArray(ids) && ids.includes("")),
  ),
  broken(
    "takes order numbers for order IDs",
    inEach(withOrders, "rule/order-ids/order-number"),
    orderIds((ids) => (String(ids).startsWith("NUMBER-") ? ["11111"] : ids)),
  ),
  broken(
    "does not look at the type of an order",
    inEach(withOrders, "rule/order-ids/other-type"),
    reading((body) =>
      body.proxyType === "IPv4" && String(body.orderIds) === "33333"
        ? { ...body, orderIds: ["11111"] }
        : body,
    ),
  ),
  broken("sells any period", inEach(posts, "rule/rental-period/not-sold"), {
    ...onlyFor(
      switches,
      succeeding((answer, asked) => ({ ...answer, rentPeriodDays: asked.rentPeriodDays })),
    ),
    ...days((given) => (typeof given === "number" && given > 360 ? 30 : given)),
  }),
  broken(
    "takes 30 days for granted",
    inEach(posts, "rule/rental-period/missing"),
    days((given) => given ?? 30),
  ),
  broken(
    "takes 0 days for 30",
    inEach(posts, "rule/rental-period/zero"),
    days((given) => (given === 0 ? 30 : given)),
  ),
  broken(
    "does not mind a sign",
    inEach(posts, "rule/rental-period/negative"),
    days((given) => (typeof given === "number" ? Math.abs(given) : given)),
  ),
  broken(
    "cuts off a fraction",
    inEach(posts, "rule/rental-period/fraction"),
    days((given) => (typeof given === "number" ? Math.floor(given) : given)),
  ),
  broken(
    "takes a string for a number",
    inEach(posts, "rule/rental-period/string"),
    days((given) => (typeof given === "string" ? Number(given) : given)),
  ),
  broken(
    "takes on for granted",
    inEach(switches, "rule/auto-extend/missing"),
    autoExtend((given) => given ?? true),
  ),
  broken(
    "takes any string for on",
    inEach(switches, "rule/auto-extend/string"),
    autoExtend((given) => given === "false" || given),
  ),
  broken(
    "takes a number for a boolean",
    inEach(switches, "rule/auto-extend/number"),
    autoExtend((given) => (typeof given === "number" ? given !== 0 : given)),
  ),
  broken(
    "takes null for off",
    inEach(switches, "rule/auto-extend/null"),
    autoExtend((given) => (given === null ? false : given)),
  ),
  broken(
    "looks at the rental period before the orders",
    "setAutoExtend/rule-order/order-ids",
    refusing(11, (body) => namesType(body) && body.rentPeriodDays !== 30),
  ),
  broken(
    "looks at autoExtend before the rental period",
    "setAutoExtend/rule-order/rental-period",
    onlyFor(
      ["setAutoExtend"],
      refusing(35, (body) => namesOrders(body) && typeof body.autoExtend !== "boolean"),
    ),
  ),
];

function orderIds(change: (ids: unknown) => unknown) {
  return field("orderIds", change);
}

function days(change: (given: unknown) => unknown) {
  return field("rentPeriodDays", change);
}

function autoExtend(change: (given: unknown) => unknown) {
  return field("autoExtend", change);
}

/** Changes one field of the requests that get as far as their order IDs. */
function field(name: string, change: (given: unknown) => unknown) {
  return reading((body: Json) => (namesType(body) ? { ...body, [name]: change(body[name]) } : body));
}
