import type { Mutation } from "./mutating-proxy.js";
import {
  type BrokenServer,
  broken,
  envelopes,
  everyOperation,
  failing,
  inEach,
  type Json,
  onlyFor,
  page,
  succeeding,
  switches,
  withBody,
  withHeaders,
  writing,
} from "./mutations.js";

/** The successes of all operations but one: IP addresses are not switched where a server can't say which there are. */
const anyOtherSuccess = [
  "setAutoExtend/success/IPv4",
  "listIpAddresses/success",
  "priceExtension/success/IPv4",
  "getRentPeriods/success/IPv4",
  "getBalance/success",
] as const;
const anySuccess = [...anyOtherSuccess, "setAutoExtendByIpAddress/success/IPv4"] as const;
const anyFailure = inEach(everyOperation, "rule/api-key/unknown");
const anySwitch = inEach(switches, "success/IPv4");
const anyRefusedSwitch = inEach(switches, "rule/proxy-type/unknown");

/** Servers that decide correctly and answer in another form. */
export const brokenAnswers: readonly BrokenServer[] = [
  broken(
    "answers a success with 201",
    anySuccess,
    envelopes((answer, body) => (body.success ? { ...answer, status: 201 } : answer)),
  ),
  broken(
    "answers a failure with 400",
    anyFailure,
    envelopes((answer, body) => (body.success ? answer : { ...answer, status: 400 })),
  ),
  broken(
    "calls JSON a page",
    anySuccess,
    envelopes((answer) => withHeaders(answer, { "content-type": "text/html" })),
  ),
  broken(
    "has a page for its failures",
    anyFailure,
    envelopes((answer, body) => (body.success ? answer : page(200))),
  ),
  broken(
    "breaks off its JSON",
    anyOtherSuccess,
    envelopes((answer) => ({ ...answer, body: answer.body.subarray(0, -3) })),
  ),
  broken(
    "wraps its answers",
    anyOtherSuccess,
    writing((answer) => ({ data: answer })),
  ),
  broken(
    "lists its answers",
    anyOtherSuccess,
    writing((answer) => [answer]),
  ),
  broken(
    "writes true as a string",
    anyOtherSuccess,
    succeeding((answer) => ({ ...answer, success: "true" })),
  ),
  broken(
    "calls every answer a success",
    anyFailure,
    writing((answer) => ({ ...answer, success: true })),
  ),
  broken(
    "leaves out the quantity",
    anySwitch,
    switched(({ quantity, ...rest }) => rest),
  ),
  broken(
    "writes the quantity as a string",
    anySwitch,
    switched((answer) => ({ ...answer, quantity: String(answer.quantity) })),
  ),
  broken(
    "counts orders in place of IP addresses",
    "setAutoExtend/several-orders",
    switched((answer, asked) => ({ ...answer, quantity: new Set(asked.orderIds as string[]).size })),
  ),
  broken(
    "counts one IP address too many",
    anySwitch,
    switched((answer) => ({ ...answer, quantity: Number(answer.quantity) + 1 })),
  ),
  broken(
    "switches nothing and says so, as a success",
    "setAutoExtend/success/IPv4",
    switched((answer) => ({ ...answer, quantity: 0, ipAddressIds: [] })),
  ),
  {
    does: "has new IDs each time",
    caughtBy: ["setAutoExtend/repeat"],
    mutation() {
      let count = 0;
      return switched((answer) => ({
        ...answer,
        ipAddressIds: (answer.ipAddressIds as string[]).map(() => `new-${count++}`),
      }));
    },
  },
  broken(
    "writes IDs as numbers",
    "setAutoExtend/success/IPv4",
    switched((answer) => ({ ...answer, ipAddressIds: (answer.ipAddressIds as string[]).map(Number) })),
  ),
  broken(
    "writes IDs as one string",
    "setAutoExtend/success/IPv4",
    switched((answer) => ({ ...answer, ipAddressIds: String(answer.ipAddressIds) })),
  ),
  broken(
    "answers for another rental period",
    anySwitch,
    switched((answer) => ({ ...answer, rentPeriodDays: 60 })),
  ),
  broken(
    "writes the rental period as a string",
    anySwitch,
    switched((answer) => ({ ...answer, rentPeriodDays: "30" })),
  ),
  broken(
    "answers for IPv4 whatever was asked for",
    inEach([...switches, "priceExtension"], "success/IPv6"),
    onlyFor(
      [...switches, "priceExtension"],
      succeeding((answer) => ({ ...answer, proxyType: "IPv4" })),
    ),
  ),
  broken(
    "lists other orders than those asked for",
    "setAutoExtend/success/IPv4",
    switched(({ ipAddressIds, ...answer }) => ({ ...answer, orderIds: ["99999"] })),
  ),
  broken(
    "writes the balance as a string",
    anySwitch,
    switched((answer) => ({ ...answer, balance: "5.00" })),
  ),
  broken(
    "does not know the balance",
    anySwitch,
    switched((answer) => ({ ...answer, balance: null })),
  ),
  broken(
    "leaves out the currency",
    anySwitch,
    switched(({ currency, ...answer }) => answer),
  ),
  broken(
    "has an error in its successes",
    [
      "setAutoExtend/success/IPv4",
      "priceExtension/success/IPv4",
      "getRentPeriods/success/IPv4",
      "getBalance/success",
    ],
    succeeding((answer) => ({ ...answer, error: { code: 0, message: "OK" } })),
  ),
  broken(
    "echoes the proxy type in a failure",
    anyRefusedSwitch,
    refused((answer, asked) => ({ ...answer, proxyType: asked.proxyType })),
  ),
  broken(
    "counts IP addresses in a failure",
    anyRefusedSwitch,
    refused((answer) => ({ ...answer, quantity: 1 })),
  ),
  broken(
    "lists IP addresses in a failure",
    anyRefusedSwitch,
    refused((answer) => ({ ...answer, ipAddressIds: ["1"] })),
  ),
  broken(
    "has no list in a failure",
    anyRefusedSwitch,
    refused(({ ipAddressIds, ...answer }) => answer),
  ),
  broken(
    "keeps silent about the error",
    anyFailure,
    failing((answer) => ({ ...answer, error: null })),
  ),
  broken(
    "has a string for its error",
    anyFailure,
    failing((answer) => ({ ...answer, error: "Incorrect proxy type" })),
  ),
  broken(
    "writes the code as a string",
    anyFailure,
    failing((answer) => ({ ...answer, error: { ...(answer.error as object), code: "4" } })),
  ),
  broken(
    "has an empty message",
    anyFailure,
    failing((answer) => ({ ...answer, error: { ...(answer.error as object), message: "" } })),
  ),
  broken(
    "has one code for everything",
    inEach(["setAutoExtend", "priceExtension"], "rule/order-ids/unknown"),
    failing((answer) => ({ ...answer, error: { code: 35, message: "Unknown error" } })),
  ),
  broken(
    "shows the balance of an unknown account",
    inEach(switches, "rule/api-key/unknown"),
    failing((answer) => ({ ...answer, balance: 5, currency: "USD" })),
  ),
  broken("answers to a charset as to plain text", "setAutoExtend/charset", {
    request: (request) => (request.headers["content-type"]?.includes("charset") ? page(415) : request),
  }),
  broken(
    "loses the answer to a success",
    anyOtherSuccess,
    envelopes((answer, body) => (body.success ? "reset" : answer)),
  ),
  broken(
    "never answers for ISP",
    "setAutoExtend/success/ISP",
    onlyFor(
      ["setAutoExtend"],
      envelopes((answer, body) => (body.proxyType === "ISP" ? "hang" : answer)),
    ),
  ),
  broken(
    "sends its callers elsewhere",
    anyOtherSuccess,
    envelopes((answer) => ({
      ...withHeaders(answer, { location: "/elsewhere" }),
      status: 307,
    })),
  ),
  broken(
    "answers without end",
    "setAutoExtend/success/MOBILE",
    onlyFor(
      ["setAutoExtend"],
      envelopes((answer, body) =>
        body.proxyType === "MOBILE"
          ? withBody(answer, { ...body, note: "x".repeat(17 * 1024 * 1024) })
          : answer,
      ),
    ),
  ),
];

function switched(change: (answer: Json, asked: Json) => unknown): Mutation {
  return onlyFor(switches, succeeding(change));
}

function refused(change: (answer: Json, asked: Json) => unknown): Mutation {
  return onlyFor(switches, failing(change));
}
