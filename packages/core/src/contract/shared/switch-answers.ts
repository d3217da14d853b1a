import { z } from "zod/v3";
import { documented, nullOnly } from "../documented.js";
import { type ErrorCodeInfo, errorCodes } from "../error-codes.js";
import { apiError, currency, ipAddressId, money, proxyType, rentPeriodDays } from "../fields.js";
import { unknownApiKeyCode } from "../reserved-values.js";

/** The success that a server emits. */
export type SetAutoExtendSuccess = z.infer<typeof emittedSuccess>;
/** The failure that a server emits. */
export type SetAutoExtendFailure = z.infer<typeof emittedFailure>;
/** The success that a caller accepts: fields may be missing, newer or more. */
export type AcceptedSetAutoExtendSuccess = z.infer<typeof acceptedSuccess>;
/** The failure that a caller accepts: whatever else is in it, `error` has a code and a message. */
export type AcceptedSetAutoExtendFailure = z.infer<typeof acceptedFailure>;

/** The success as the reference shows it. */
export const documentedSuccess = {
  success: true,
  proxyType: "IPv4",
  rentPeriodDays: 30,
  quantity: 1,
  ipAddressIds: ["1111111111111111111"],
  balance: 5,
  currency: "USD",
  error: null,
} as const;

/** The failure as the reference shows it. */
export const documentedFailure = {
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

/** The answers of the requests that switch auto-extend, which are the same whatever they name. */
export const switchAnswers = {
  emits: { success: emittedSuccess, failure: emittedFailure },
  accepts: { success: acceptedSuccess, failure: acceptedFailure },
} as const;

/** One failure for each error code that concerns these requests. */
export const switchFailures = errorCodes
  .filter(({ concernsAutoExtend }) => concernsAutoExtend)
  .map(failureExample);

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
