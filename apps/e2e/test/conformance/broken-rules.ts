import { impossibleOrderId, proxyTypes, unknownApiKey } from "@auto-extend/core";
import {
  type BrokenServer,
  broken,
  deciding,
  type Json,
  jsonAnswer,
  namesOrders,
  namesType,
  page,
  reading,
  refusal,
  succeeding,
} from "./mutations.js";

const rule = "setAutoExtend/rule";

/** Servers with rules of their own: they take what they should refuse, or refuse it in another way. */
export const brokenRules: readonly BrokenServer[] = [
  broken("takes any API key", `${rule}/api-key/unknown`, {
    request: (request) => ({ ...request, path: request.path.replace(unknownApiKey, "any-key") }),
  }),
  broken(
    "takes IPv4 for granted",
    `${rule}/proxy-type/missing`,
    reading((body) => ({ proxyType: "IPv4", ...body })),
  ),
  broken(
    "takes IPv4 in place of a type that it does not know",
    `${rule}/proxy-type/unknown`,
    reading((body) =>
      typeof body.proxyType === "string" && !namesType(body) ? { ...body, proxyType: "IPv4" } : body,
    ),
  ),
  broken(
    "does not mind the case of a proxy type",
    `${rule}/proxy-type/case`,
    reading((body) => ({
      ...body,
      proxyType: proxyTypes.find((type) => type.toLowerCase() === body.proxyType) ?? body.proxyType,
    })),
  ),
  broken(
    "takes null for IPv4",
    `${rule}/proxy-type/null`,
    reading((body) => (body.proxyType === null ? { ...body, proxyType: "IPv4" } : body)),
  ),
  broken(
    "takes a number for the place of a type in a list",
    `${rule}/proxy-type/number`,
    reading((body) => (typeof body.proxyType === "number" ? { ...body, proxyType: "ISP" } : body)),
  ),
  broken(
    "takes the first of several proxy types",
    `${rule}/proxy-type/list`,
    reading((body) => (Array.isArray(body.proxyType) ? { ...body, proxyType: body.proxyType[0] } : body)),
  ),
  broken(
    "takes an empty object for no body",
    `${rule}/proxy-type/empty-object`,
    deciding((body) => (Object.keys(body).length === 0 ? page(400) : undefined)),
  ),
  broken("breaks down over a list", `${rule}/proxy-type/not-an-object`, {
    request: (request) => (request.body.toString() === "[]" ? page(500) : request),
  }),
  broken("breaks down over null", `${rule}/proxy-type/null-body`, {
    request: (request) => (request.body.toString() === "null" ? page(500) : request),
  }),
  broken(
    "does nothing for an order that does not exist, and calls it a success",
    `${rule}/order-ids/unknown`,
    deciding((body) =>
      namesType(body) && String(body.orderIds) === impossibleOrderId && Array.isArray(body.orderIds)
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
  broken(
    "leaves out the orders that it does not know",
    `${rule}/order-ids/one-bad`,
    orderIds((ids) => (Array.isArray(ids) ? ids.filter((id) => id !== impossibleOrderId) : ids)),
  ),
  broken(
    "takes no order ids for all orders",
    `${rule}/order-ids/missing`,
    orderIds((ids) => ids ?? ["11111"]),
  ),
  broken(
    "takes an empty list for all orders",
    `${rule}/order-ids/empty`,
    orderIds((ids) => (Array.isArray(ids) && ids.length === 0 ? ["11111"] : ids)),
  ),
  broken(
    "splits a string into a list",
    `${rule}/order-ids/good-string`,
    orderIds((ids) => (typeof ids === "string" ? ids.split(",") : ids)),
  ),
  broken(
    "takes numbers for strings",
    `${rule}/order-ids/good-number`,
    orderIds((ids) => (Array.isArray(ids) ? ids.map(String) : ids)),
  ),
  broken(
    "breaks down over a string in place of a list",
    `${rule}/order-ids/string`,
    deciding(({ orderIds: ids }) => (typeof ids === "string" ? page(500) : undefined)),
  ),
  broken(
    "breaks down over a number for an order id",
    `${rule}/order-ids/number`,
    deciding(({ orderIds: ids }) => (Array.isArray(ids) && ids.includes(0) ? page(500) : undefined)),
  ),
  broken(
    "has another code for an empty order id",
    `${rule}/order-ids/empty-id`,
    deciding(({ orderIds: ids }) => (Array.isArray(ids) && ids.includes("") ? refusal(35) : undefined)),
  ),
  broken(
    "takes order numbers for order ids",
    `${rule}/order-ids/order-number`,
    orderIds((ids) => (String(ids).startsWith("NUMBER-") ? ["11111"] : ids)),
  ),
  broken(
    "does not look at the type of an order",
    `${rule}/order-ids/other-type`,
    reading((body) =>
      body.proxyType === "IPv4" && String(body.orderIds) === "33333"
        ? { ...body, orderIds: ["11111"] }
        : body,
    ),
  ),
  broken("sells any period", `${rule}/rental-period/not-sold`, {
    ...days((given) => (typeof given === "number" && given > 360 ? 30 : given)),
    ...succeeding((answer, asked) => ({ ...answer, rentPeriodDays: asked.rentPeriodDays })),
  }),
  broken(
    "takes 30 days for granted",
    `${rule}/rental-period/missing`,
    days((given) => given ?? 30),
  ),
  broken(
    "takes 0 days for 30",
    `${rule}/rental-period/zero`,
    days((given) => (given === 0 ? 30 : given)),
  ),
  broken(
    "does not mind a sign",
    `${rule}/rental-period/negative`,
    days((given) => (typeof given === "number" ? Math.abs(given) : given)),
  ),
  broken(
    "cuts off a fraction",
    `${rule}/rental-period/fraction`,
    days((given) => (typeof given === "number" ? Math.floor(given) : given)),
  ),
  broken(
    "takes a string for a number",
    `${rule}/rental-period/string`,
    days((given) => (typeof given === "string" ? Number(given) : given)),
  ),
  broken(
    "takes on for granted",
    `${rule}/auto-extend/missing`,
    autoExtend((given) => given ?? true),
  ),
  broken(
    "takes any string for on",
    `${rule}/auto-extend/string`,
    autoExtend((given) => given === "false" || given),
  ),
  broken(
    "takes a number for a boolean",
    `${rule}/auto-extend/number`,
    autoExtend((given) => (typeof given === "number" ? given !== 0 : given)),
  ),
  broken(
    "takes null for off",
    `${rule}/auto-extend/null`,
    autoExtend((given) => (given === null ? false : given)),
  ),
  broken(
    "looks at the rental period before the orders",
    "setAutoExtend/rule-order/order-ids",
    deciding((body) => (namesType(body) && body.rentPeriodDays !== 30 ? refusal(11) : undefined)),
  ),
  broken(
    "looks at autoExtend before the rental period",
    "setAutoExtend/rule-order/rental-period",
    deciding((body) => (namesOrders(body) && typeof body.autoExtend !== "boolean" ? refusal(35) : undefined)),
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

/** Changes one field of the requests that get as far as their order ids. */
function field(name: string, change: (given: unknown) => unknown) {
  return reading((body: Json) => (namesType(body) ? { ...body, [name]: change(body[name]) } : body));
}
