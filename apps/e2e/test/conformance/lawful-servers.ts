import { gzipSync } from "node:zlib";
import { type EmittedAnswers, problemMediaType } from "@auto-extend/core";
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

const shortBalance = { code: 16, message: "Insufficient funds on balance" };

const differences = {
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
  "shows no balance in its failures": failing((answer) => ({ ...answer, balance: null, currency: null })),
  "lists IP addresses in any order": onlyFor(
    switches,
    succeeding((answer) => ({ ...answer, ipAddressIds: (answer.ipAddressIds as string[]).toReversed() })),
  ),
  "lists order IDs, as the newer answer does": onlyFor(
    ["setAutoExtend"],
    writing(({ ipAddressIds, ...answer }, asked) => ({
      ...answer,
      orderIds: answer.success ? [...new Set(asked.orderIds as string[])] : [],
    })),
  ),
  "lists no IDs": succeeding(({ ipAddressIds, ...answer }) => answer),
  "has null for its lists": succeeding((answer) => ({ ...answer, ipAddressIds: null, orderIds: null })),
  "groups its list by the names of proxy types": listing((groups) =>
    Object.fromEntries(groups.map(({ proxyType, orders }) => [proxyType.toLowerCase(), orders])),
  ),
  "keys its list by proxy type and order ID": listing((groups) => ({
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
  "writes dates and switches in its list as numbers": listing((groups) => ({
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
  "warns of other things as well": onlyFor(
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
  "escapes more than it has to": envelopes((answer) => ({
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
  "leaves out of its problems what it may": {
    answer: (answer) =>
      answer.headers["content-type"]?.startsWith(problemMediaType)
        ? withBody(answer, { title: jsonOf(answer.body)?.title })
        : answer,
  },
  "takes other methods elsewhere": {
    answer: (answer) =>
      answer.status === 405 ? withHeaders(answer, { allow: `OPTIONS, ${answer.headers.allow}` }) : answer,
  },
} satisfies Record<string, Mutation>;

/** A server with several of these differences. */
export interface LawfulServer {
  readonly does: readonly (keyof typeof differences)[];
  readonly mutation: Mutation;
  /** Whether it takes a socket to see them. */
  readonly isOverSocket: boolean;
}

/** All differences, in as few servers as they fit into: most of them do not get in each other's way. */
export const lawfulServers: readonly LawfulServer[] = [
  lawful(
    "has fields that nobody knows",
    "has fields in its error that nobody knows",
    "words its messages in its own way",
    "has another balance",
    "lists IP addresses in any order",
    "groups its list by the names of proxy types",
    "has an empty list for no warnings",
    "gives a discount",
    "writes its fields in another order",
    "writes JSON with white space",
    "names its charset",
  ),
  lawful(
    "has a balance below 0",
    "has another currency",
    "lists order IDs, as the newer answer does",
    "keys its list by proxy type and order ID",
    "sells more rental periods",
    "escapes more than it has to",
    "writes media types in capitals",
    "says more about its problems",
  ),
  lawful(
    "shows no balance in its failures",
    "lists no IDs",
    "has a flat list",
    "has no list in its failures",
    "warns of other things as well",
    "takes other methods elsewhere",
  ),
  lawful(
    "shows the balance in a failure to price",
    "has null for its lists",
    "writes dates and switches in its list as numbers",
    "leaves out of its problems what it may",
  ),
  lawful("has nothing but what is read in its list"),
  {
    ...lawful("answers in chunks", "compresses its answers", "writes header names in capitals"),
    isOverSocket: true,
  },
];

function lawful(...does: readonly (keyof typeof differences)[]): LawfulServer {
  const mutations = does.map((name): Mutation => differences[name]);
  const mutation: Mutation = {
    answer: (answer, request) =>
      mutations.reduce<ReturnType<NonNullable<Mutation["answer"]>>>(
        (changed, each) =>
          typeof changed === "string" ? changed : (each.answer?.(changed, request) ?? changed),
        answer,
      ),
  };
  return { does, mutation, isOverSocket: false };
}

/** Every difference is in one of the servers. */
export const allDifferences = Object.keys(differences);

/** Writes the groups of the list of IP addresses in another shape. */
function listing(
  shape: (groups: EmittedAnswers<"listIpAddresses">["success"]["ipAddresses"]) => object,
): Mutation {
  return onlyFor(
    ["listIpAddresses"],
    succeeding(({ ipAddresses, ...answer }) => ({
      ...answer,
      ...shape(ipAddresses as EmittedAnswers<"listIpAddresses">["success"]["ipAddresses"]),
    })),
  );
}
