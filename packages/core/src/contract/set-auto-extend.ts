import { z } from "zod";
import { type ErrorCodeInfo, errorCodes } from "../error-codes.js";
import type { ProxyType } from "../proxy-types.js";
import { checkAutoExtendAnswer } from "./check-auto-extend-answer.js";
import { documented, nullOnly } from "./documented.js";
import {
  apiError,
  apiKeyParameter,
  currency,
  ipAddressId,
  money,
  orderId,
  proxyType,
  rentPeriodDays,
} from "./fields.js";
import type { Operation } from "./operation.js";
import { setAutoExtendRules, setAutoExtendStatements, unknownApiKeyCode } from "./set-auto-extend-rules.js";

/** What is sent to switch auto-extend. */
export type SetAutoExtendRequest = z.infer<typeof request>;
/** The success that a server emits. */
export type SetAutoExtendSuccess = z.infer<typeof emittedSuccess>;
/** The failure that a server emits. */
export type SetAutoExtendFailure = z.infer<typeof emittedFailure>;
/** The success that a caller accepts: fields may be missing, newer or more. */
export type AcceptedSetAutoExtendSuccess = z.infer<typeof acceptedSuccess>;
/** The failure that a caller accepts: whatever else is in it, `error` has a code and a message. */
export type AcceptedSetAutoExtendFailure = z.infer<typeof acceptedFailure>;

const request = documented(
  z.object({
    proxyType,
    orderIds: documented(
      z
        .array(orderId, {
          required_error: "is missing: list at least one order id",
          invalid_type_error: 'must be a list of order ids, such as ["11111"]',
        })
        .min(1, "is empty: list at least one order id"),
      { description: "The orders; every IP address of each of them is switched.", example: ["11111"] },
    ),
    rentPeriodDays,
    autoExtend: documented(
      z.boolean({
        required_error: "is missing: true switches auto-extend on, false off",
        invalid_type_error: "must be true (on) or false (off), not a string or number",
      }),
      {
        description:
          "`true` switches auto-extend on, which costs money at each renewal; `false` switches it off.",
      },
    ),
  }),
  {
    title: "SetAutoExtendRequest",
    description: "Which orders to switch, and which way.",
    example: { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true },
  },
);

const documentedSuccess = {
  success: true,
  proxyType: "IPv4",
  rentPeriodDays: 30,
  quantity: 1,
  ipAddressIds: ["1111111111111111111"],
  balance: 5,
  currency: "USD",
  error: null,
} as const;

const documentedFailure = {
  success: false,
  proxyType: null,
  rentPeriodDays: 0,
  quantity: 0,
  ipAddressIds: [],
  balance: 5,
  currency: "USD",
  error: { code: 4, message: "Incorrect proxy type" },
} as const;

const emittedSuccess = documented(
  z
    .object({
      success: documented(z.literal(true), { description: "The orders are switched." }),
      proxyType,
      rentPeriodDays,
      quantity: documented(z.number().int().min(0), {
        description: "How many IP addresses were switched; it does not count orders.",
      }),
      ipAddressIds: documented(z.array(ipAddressId), { description: "The IP addresses that were switched." }),
      balance: money,
      currency,
      error: nullOnly("There is no error."),
    })
    .strict(),
  {
    title: "SetAutoExtendSuccess",
    description: "Every IP address of the orders is switched.",
    example: documentedSuccess,
  },
);

const emittedFailure = documented(
  z
    .object({
      success: documented(z.literal(false), { description: "Nothing was switched." }),
      proxyType: nullOnly("Nothing was switched."),
      rentPeriodDays: documented(z.literal(0), { description: "Nothing was switched." }),
      quantity: documented(z.literal(0), { description: "Nothing was switched." }),
      ipAddressIds: documented(z.array(ipAddressId).max(0), { description: "Nothing was switched." }),
      balance: documented(money.nullable(), {
        description: "The balance; null where the API key is unknown.",
      }),
      currency: documented(currency.nullable(), {
        description: "The currency; null where the API key is unknown.",
      }),
      error: apiError,
    })
    .strict(),
  {
    title: "SetAutoExtendFailure",
    description: "The provider refused, and nothing was switched.",
    example: documentedFailure,
  },
);

const acceptedSuccess = z
  .object({
    success: z.literal(true),
    proxyType: z.string(),
    rentPeriodDays: z.number(),
    quantity: z.number(),
    ipAddressIds: z.array(z.string()).nullish(),
    /** A newer page shows the order ids asked for in place of the IP address ids (sibling). */
    orderIds: z.array(z.string()).nullish(),
    balance: z.number().nullish(),
    currency: z.string().nullish(),
    error: z.null().optional(),
  })
  .passthrough();

const acceptedFailure = z
  .object({
    success: z.literal(false),
    balance: z.number().nullish(),
    currency: z.string().nullish(),
    error: z.object({ code: z.number(), message: z.string() }).passthrough(),
  })
  .passthrough();

/** Switches auto-extend on or off for every IP address of the given orders. */
export const setAutoExtend = {
  id: "setAutoExtend",
  method: "POST",
  path: "/client/api/v1/{apiKey}/extend/order/auto",
  grade: "reference",
  source: "reference text of the endpoint",
  summary: "Switch auto-extend by order ids",
  description:
    "Switches auto-extend on or off for every IP address of the given orders, all of one proxy type. Success and failure both come with HTTP 200: `success` tells which one it is.",
  pathParameters: z.object({ apiKey: apiKeyParameter }),
  request,
  emits: { success: emittedSuccess, failure: emittedFailure },
  accepts: { success: acceptedSuccess, failure: acceptedFailure },
  check: checkAutoExtendAnswer,
  statements: setAutoExtendStatements,
  rules: setAutoExtendRules,
  examples: {
    byType: {
      IPv4: example("IPv4", "11111", "1111111111111111111"),
      IPv6: example("IPv6", "33333", "22222222222222222"),
      MOBILE: example("MOBILE", "44444", "4444444444444444444"),
      ISP: example("ISP", "55555", "5555555555555555555"),
    },
    failure: documentedFailure,
    failures: errorCodes.filter(({ concernsAutoExtend }) => concernsAutoExtend).map(failureExample),
  },
} as const satisfies Operation;

function example(type: ProxyType, orderId: string, ipAddressId: string) {
  return {
    request: {
      proxyType: type,
      orderIds: [orderId],
      rentPeriodDays: 30,
      autoExtend: true,
    } satisfies SetAutoExtendRequest,
    success: {
      ...documentedSuccess,
      proxyType: type,
      ipAddressIds: [ipAddressId],
    } satisfies SetAutoExtendSuccess,
  };
}

function failureExample({ code, message }: ErrorCodeInfo) {
  // With an API key that no account has, there is no balance to tell of.
  const account = code === unknownApiKeyCode ? { balance: null, currency: null } : {};
  return {
    code,
    failure: {
      ...documentedFailure,
      ipAddressIds: [],
      ...account,
      error: { code, message: message.text },
    } satisfies SetAutoExtendFailure,
  };
}
