import type { EmittedAnswers } from "@auto-extend/core";
import type { Mutation } from "./mutating-proxy.js";
import {
  type BrokenServer,
  broken,
  failing,
  inEach,
  type Json,
  namesOrders,
  onlyFor,
  reading,
  readingQuery,
  refusing,
  succeeding,
} from "./mutations.js";

type Group = EmittedAnswers<"listIpAddresses">["success"]["ipAddresses"][number];
type Order = Group["orders"][number];
type IpAddressRecord = Order["ipAddresses"][number];

const types = ["IPv4", "IPv6", "MOBILE", "ISP"] as const;
const byType = inEach(["listIpAddresses"], "by-type/IPv4");

const prices = ["priceExtension", "priceExtensionByIpAddress"] as const;

/** Servers with wrong information about an account: its IP addresses, prices, rental periods, balance. */
export const brokenInformation: readonly BrokenServer[] = [
  broken(
    "lists all IP addresses whatever type is asked for",
    [...byType, ...types.slice(1).map((type) => `listIpAddresses/by-type/${type}`)],
    onlyFor(
      ["listIpAddresses"],
      readingQuery((query) => (types.some((type) => type === query.proxyType) ? {} : query)),
    ),
  ),
  broken(
    "lists nothing of the type that is asked for",
    byType,
    listing((groups, { proxyType }) => (proxyType === undefined ? groups : [])),
  ),
  broken(
    "does not know ISP in a query",
    ["listIpAddresses/by-type/ISP", "getRentPeriods/success/ISP"],
    readingQuery((query) => (query.proxyType === "ISP" ? { proxyType: "Isp" } : query)),
  ),
  broken(
    "leaves an order out of its list",
    "listIpAddresses/success",
    withOrders((orders) => orders.filter(({ orderId }) => orderId !== "66666")),
  ),
  broken(
    "leaves an IP address out of its list",
    "setAutoExtend/several-orders",
    withOrders((orders) => orders.map((order) => ({ ...order, ipAddresses: order.ipAddresses.slice(0, 1) }))),
  ),
  broken(
    "lists order numbers",
    "listIpAddresses/success",
    withOrders((orders) => orders.map(({ orderId, ...order }) => ({ ...order, orderNumber: orderId }))),
  ),
  broken(
    "lists IDs as numbers, which lose digits",
    "listIpAddresses/success",
    ofRecords((record) => ({ ...record, ipAddressId: Number(record.ipAddressId) })),
  ),
  broken(
    "lists IP addresses without IDs",
    "listIpAddresses/success",
    ofRecords(({ ipAddressId, ...record }) => record),
  ),
  broken(
    "counts its IP addresses in place of listing them",
    "listIpAddresses/success",
    onlyFor(
      ["listIpAddresses"],
      succeeding(({ ipAddresses, ...answer }) => ({ ...answer, count: 6 })),
    ),
  ),
  broken(
    "lists everything as off",
    "listIpAddresses/extend-info",
    ofRecords((record) => ({ ...record, extendInfo: { ...record.extendInfo, autoExtend: false } })),
  ),
  broken(
    "lists everything as on",
    "listIpAddresses/extend-info",
    ofRecords((record) => ({ ...record, extendInfo: { ...record.extendInfo, autoExtend: true } })),
  ),
  broken(
    "lists another rental period than the one that was switched on",
    "listIpAddresses/extend-info",
    ofRecords((record) => ({ ...record, extendInfo: { ...record.extendInfo, extendDays: 60 } })),
  ),
  broken(
    "does not say in its list whether auto-extend is on",
    "listIpAddresses/extend-info",
    ofRecords(({ extendInfo, ...record }) => record),
  ),
  broken(
    "lists only the first page",
    "listIpAddresses/whole-list",
    onlyFor(
      ["listIpAddresses"],
      succeeding((answer) => ({ ...answer, page: 1, pages: 3 })),
    ),
  ),
  broken(
    "lists IP addresses in a failure",
    "listIpAddresses/rule/api-key/unknown",
    onlyFor(
      ["listIpAddresses"],
      failing((answer) => ({ ...answer, ipAddresses: [{ ipAddressId: "1" }] })),
    ),
  ),
  broken(
    "answers for IPv4 whatever is to be priced",
    inEach(prices, "success/IPv6"),
    pricing((answer) => ({ ...answer, proxyType: "IPv4" })),
  ),
  broken(
    "has no price of ISP",
    inEach(prices, "success/ISP"),
    onlyFor(
      prices,
      refusing(35, ({ proxyType }) => proxyType === "ISP"),
    ),
  ),
  broken(
    "has no price of MOBILE",
    inEach(prices, "success/MOBILE"),
    pricing((answer) => (answer.proxyType === "MOBILE" ? { ...answer, price: null } : answer)),
  ),
  broken(
    "writes a price as a string",
    inEach(prices, "success/IPv4"),
    pricing((answer) => ({ ...answer, price: "0.80" })),
  ),
  broken(
    "pays back",
    inEach(prices, "success/IPv4"),
    pricing((answer) => ({ ...answer, price: -0.8 })),
  ),
  broken(
    "warns without a message",
    inEach(prices, "success/IPv4"),
    pricing((answer) => ({ ...answer, warnings: [16] })),
  ),
  broken(
    "warns of a balance that covers the price",
    inEach(prices, "warnings"),
    pricing((answer) => ({ ...answer, warnings: [{ code: 16, message: "Insufficient funds" }] })),
  ),
  broken(
    "does not warn of a balance that does not cover the price",
    inEach(prices, "warnings"),
    pricing((answer) => ({ ...answer, price: Number(answer.price) + 100 })),
  ),
  {
    does: "takes money for a price",
    caughtBy: inEach(prices, "spends-nothing"),
    mutation: spending,
  },
  broken(
    "prices the first of several orders only",
    "priceExtension/several-orders",
    onlyFor(
      ["priceExtension"],
      reading((body) =>
        namesOrders(body) ? { ...body, orderIds: (body.orderIds as string[]).slice(0, 1) } : body,
      ),
    ),
  ),
  broken(
    "prices the first of several IP addresses only",
    "priceExtensionByIpAddress/several-addresses",
    onlyFor(
      ["priceExtensionByIpAddress"],
      reading((body) =>
        Array.isArray(body.ipAddressIds) ? { ...body, ipAddressIds: body.ipAddressIds.slice(0, 1) } : body,
      ),
    ),
  ),
  broken(
    "refuses a promo code that it does not know",
    inEach(prices, "promo-code"),
    refusing(35, ({ promoCode }) => promoCode !== undefined && promoCode !== null),
  ),
  broken(
    "gives everyone with a promo code a discount",
    inEach(prices, "promo-code"),
    pricing((answer, { promoCode }) => (promoCode ? { ...answer, price: Number(answer.price) / 2 } : answer)),
  ),
  broken(
    "does not say whether a promo code counts",
    inEach(prices, "promo-code"),
    pricing((answer) => ({ ...answer, promoCodeStatus: null })),
  ),
  broken(
    "does not return the rental period that it sells",
    [
      "getRentPeriods/success/IPv4",
      "getRentPeriods/success/IPv6",
      "getRentPeriods/success/MOBILE",
      "getRentPeriods/success/ISP",
    ],
    ofPeriods((days) => days.filter((period) => period !== 30)),
  ),
  broken(
    "returns rental periods as strings",
    "getRentPeriods/success/IPv4",
    ofPeriods((days) => days.map(String)),
  ),
  broken(
    "returns rental periods in a failure",
    "getRentPeriods/rule/proxy-type/unknown",
    onlyFor(
      ["getRentPeriods"],
      failing((answer) => ({ ...answer, rentPeriodDays: [30] })),
    ),
  ),
  broken(
    "calls the currency of a balance as other answers do",
    "getBalance/success",
    ofBalance(({ currencyCode, ...answer }) => ({ ...answer, currency: currencyCode })),
  ),
  broken(
    "returns a balance as a string",
    "getBalance/success",
    ofBalance((answer) => ({ ...answer, balance: String(answer.balance) })),
  ),
  broken(
    "shows the balance of an account that it does not know",
    "getBalance/rule/api-key/unknown",
    onlyFor(
      ["getBalance"],
      failing((answer) => ({ ...answer, balance: 0, currencyCode: "USD" })),
    ),
  ),
];

function listing(change: (groups: readonly Group[], asked: Json) => readonly unknown[]): Mutation {
  return onlyFor(
    ["listIpAddresses"],
    succeeding((answer, asked) => ({
      ...answer,
      ipAddresses: change(answer.ipAddresses as Group[], asked),
    })),
  );
}

function withOrders(change: (orders: readonly Order[]) => readonly unknown[]): Mutation {
  return listing((groups) => groups.map((group) => ({ ...group, orders: change(group.orders) })));
}

function ofRecords(change: (record: IpAddressRecord) => unknown): Mutation {
  return withOrders((orders) =>
    orders.map((order) => ({ ...order, ipAddresses: order.ipAddresses.map(change) })),
  );
}

function pricing(change: (answer: Json, asked: Json) => unknown): Mutation {
  return onlyFor(prices, succeeding(change));
}

function ofPeriods(change: (days: readonly number[]) => readonly unknown[]): Mutation {
  return onlyFor(
    ["getRentPeriods"],
    succeeding((answer) => ({ ...answer, rentPeriodDays: change(answer.rentPeriodDays as number[]) })),
  );
}

function ofBalance(change: (answer: Json) => unknown): Mutation {
  return onlyFor(["getBalance"], succeeding(change));
}

/** Takes a cent for each price. */
function spending(): Mutation {
  let count = 0;
  return onlyFor(
    [...prices, "getBalance"],
    succeeding((answer) => {
      if ("price" in answer) count++;
      return { ...answer, balance: Number(answer.balance) - count / 100 };
    }),
  );
}
