import { gzipSync } from "node:zlib";
import { problemMediaType } from "@auto-extend/core";
import type { Mutation } from "./mutating-proxy.js";
import { envelopes, failing, jsonOf, succeeding, withBody, withHeaders, writing } from "./mutations.js";

/** Servers that are not like ours, and right all the same, by what they do. */
export const lawfulServers: Readonly<Record<string, Mutation>> = {
  "writes its fields in another order": writing((answer) =>
    Object.fromEntries(Object.entries(answer).reverse()),
  ),
  "has fields that nobody knows": writing((answer) => ({
    ...answer,
    requestId: "1",
    warnings: [{ code: 16 }],
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
  "has a balance below 0": writing((answer) => ({ ...answer, balance: answer.balance && -0.01 })),
  "has another currency": writing((answer) => ({ ...answer, currency: answer.currency && "643" })),
  "tells no balance in its failures": failing((answer) => ({ ...answer, balance: null, currency: null })),
  "lists order ids, as the newer answer does": writing(({ ipAddressIds, ...answer }, asked) => ({
    ...answer,
    orderIds: answer.success ? [...new Set(asked.orderIds as string[])] : [],
  })),
  "lists nothing": succeeding(({ ipAddressIds, ...answer }) => answer),
  "has null for its lists": succeeding((answer) => ({ ...answer, ipAddressIds: null, orderIds: null })),
  "lists IP addresses in any order": succeeding((answer) => ({
    ...answer,
    ipAddressIds: (answer.ipAddressIds as string[]).toReversed(),
  })),
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
    answer: (answer) => (answer.status === 405 ? withHeaders(answer, { allow: "OPTIONS, POST" }) : answer),
  },
};
