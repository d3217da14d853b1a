import { gzipSync } from "node:zlib";
import { type ListIpAddressesSuccess, problemMediaType } from "@auto-extend/core";
import type { Mutation } from "./mutating-proxy.js";
import {
  envelopes,
  failing,
  jsonOf,
  onlyFor,
  succeeding,
  switches,
  withBody,
  withHeaders,
  writing,
} from "./mutations.js";

/** Servers that are not like ours, and right all the same, by what they do. */
export const lawfulServers: Readonly<Record<string, Mutation>> = {
  "writes its fields in another order": writing((answer) =>
    Object.fromEntries(Object.entries(answer).reverse()),
  ),
  "has fields that nobody knows": writing((answer) => ({
    warnings: [{ code: 16 }],
    requestId: "1",
    ...answer,
  })),
  "has fields in its error that nobody knows": failing((answer) => ({
    ...answer,
    error: { ...(answer.error as object), details: null },
  })),
  "words its messages in its own way": failing((answer) => ({
    ...answer,
    error: { ...(answer.error as object), message: "Неверный запрос" },
  })),
  "has another balance": writing((answer) => ({ ...answer, balance: answer.balance && 1234.56 })),
  "has a balance below 0": writing((answer) => ({
    ...answer,
    balance: answer.balance && -0.01,
    // It covers no price then.
    ...(answer.success && "price" in answer ? { warnings: [shortBalance] } : {}),
  })),
  "has another currency": writing((answer) => ({ ...answer, currency: answer.currency && "643" })),
  "tells no balance in its failures": failing((answer) => ({ ...answer, balance: null, currency: null })),
  "lists IP addresses in any order": onlyFor(
    switches,
    succeeding((answer) => ({ ...answer, ipAddressIds: (answer.ipAddressIds as string[]).toReversed() })),
  ),
  "groups its list by the names of proxy types": listing((groups) =>
    Object.fromEntries(groups.map(({ proxyType, orders }) => [proxyType.toLowerCase(), orders])),
  ),
  "keys its list by proxy type and order id": listing((groups) => ({
    data: groups.map(({ proxyType, orders }) => ({
      proxyType,
      orders: orders.map(({ orderId, ipAddresses }) => ({ orderId: Number(orderId), list: ipAddresses })),
    })),
  })),
  "has a flat list": listing((groups) => ({
    list: groups.flatMap(({ proxyType, orders }) =>
      orders.flatMap(({ orderId, ipAddresses }) =>
        ipAddresses.map((record) => ({ ...record, orderId, proxyType })),
      ),
    ),
  })),
  "writes its list with dates as numbers, and switches too": listing((groups) => ({
    groups: groups.map(({ orders, ...group }) => ({
      ...group,
      orders: orders.map(({ ipAddresses, ...order }) => ({
        ...order,
        ipAddresses: ipAddresses.map(({ extendInfo: { autoExtend, extendDays }, ...record }) => ({
          ...record,
          dateStart: Date.parse(record.dateStart) / 1000,
          dateEnd: Date.parse(record.dateEnd),
          extendInfo: { autoExtend: Number(autoExtend), extendDays: String(extendDays) },
        })),
      })),
    })),
  })),
  "has nothing but what is read in its list": listing((groups) => ({
    list: groups.flatMap(({ orders }) =>
      orders.map(({ orderId, ipAddresses }) => ({
        orderId,
        ips: ipAddresses.map(({ ipAddressId, extendInfo }) => ({ ipAddressId, extendInfo })),
      })),
    ),
  })),
  "has no list in its failures": onlyFor(
    ["listIpAddresses"],
    failing(({ ipAddresses, ...answer }) => answer),
  ),
  "has an empty list for no warnings": onlyFor(
    ["priceExtension", "priceExtensionByIpAddress"],
    succeeding((answer) => ({ ...answer, warnings: answer.warnings ?? [] })),
  ),
  "shows the balance in a failure to price": onlyFor(
    ["priceExtension", "priceExtensionByIpAddress"],
    failing((answer) =>
      (answer.error as { code: number }).code === 2 ? answer : { ...answer, balance: 5, currency: "USD" },
    ),
  ),
  "gives a discount": onlyFor(
    ["priceExtension", "priceExtensionByIpAddress"],
    succeeding((answer) => ({ ...answer, discount: 0.1 })),
  ),
  "warns of what it likes, too": onlyFor(
    ["priceExtension", "priceExtensionByIpAddress"],
    succeeding((answer) => ({ ...answer, warnings: [{ code: 4711, message: "Brand new", hint: 1 }] })),
  ),
  "sells more rental periods": onlyFor(
    ["getRentPeriods"],
    succeeding((answer) => ({ ...answer, rentPeriodDays: [7, ...(answer.rentPeriodDays as number[])] })),
  ),
  "writes JSON with white space": {
    answer: (answer) => {
      const body = jsonOf(answer.body);
      return body ? { ...answer, body: Buffer.from(`\r\n${JSON.stringify(body, null, 2)}\n`) } : answer;
    },
  },
  "escapes what it need not": envelopes((answer) => ({
    ...answer,
    body: Buffer.from(answer.body.toString().replaceAll("USD", "\\u0055SD")),
  })),
  "names its charset": {
    answer: (answer) =>
      withHeaders(answer, { "content-type": `${answer.headers["content-type"]};Charset="UTF-8"` }),
  },
  "writes media types in capitals": {
    answer: (answer) =>
      withHeaders(answer, { "content-type": String(answer.headers["content-type"]).toUpperCase() }),
  },
  "writes header names in capitals": {
    answer: ({ headers, ...answer }) => ({
      ...answer,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
      ),
    }),
  },
  "answers in chunks": { answer: (answer) => ({ ...answer, chunked: true }) },
  "compresses its answers": {
    answer: (answer) => ({
      ...withHeaders(answer, { "content-encoding": "gzip" }),
      body: gzipSync(answer.body),
    }),
  },
  "says more about its problems": {
    answer: (answer) =>
      answer.headers["content-type"]?.startsWith(problemMediaType)
        ? withBody(answer, {
            ...jsonOf(answer.body),
            title: "No",
            detail: "Not so",
            instance: "/1",
            traceId: "1",
          })
        : answer,
  },
  "takes other methods elsewhere": {
    answer: (answer) =>
      answer.status === 405 ? withHeaders(answer, { allow: `OPTIONS, ${answer.headers.allow}` }) : answer,
  },
};

/** Those of them whose difference only HTTP can show. */
export const framedByHttp: ReadonlySet<string> = new Set([
  "writes header names in capitals",
  "answers in chunks",
  "compresses its answers",
]);

/** Right servers that name no IP addresses in the answers to a switch. */
export const silentServers: Readonly<Record<string, Mutation>> = {
  "lists order ids, as the newer answer does": onlyFor(
    ["setAutoExtend"],
    writing(({ ipAddressIds, ...answer }, asked) => ({
      ...answer,
      orderIds: answer.success ? [...new Set(asked.orderIds as string[])] : [],
    })),
  ),
  "lists nothing": succeeding(({ ipAddressIds, ...answer }) => answer),
  "has null for its lists": succeeding((answer) => ({ ...answer, ipAddressIds: null, orderIds: null })),
};

const shortBalance = { code: 16, message: "Insufficient funds on balance" };

/** Writes the groups of the list of IP addresses in another shape. */
function listing(shape: (groups: ListIpAddressesSuccess["ipAddresses"]) => object): Mutation {
  return onlyFor(
    ["listIpAddresses"],
    succeeding(({ ipAddresses, ...answer }) => ({
      ...answer,
      ...shape(ipAddresses as ListIpAddressesSuccess["ipAddresses"]),
    })),
  );
}
