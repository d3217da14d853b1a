import { z } from "zod/v3";
import { documented, nullOnly } from "../documented.js";
import type { Statement } from "../evidence.js";
import {
  acceptedFailure,
  apiError,
  apiKeyParameter,
  currency,
  money,
  orderIds,
  proxyType,
  rentPeriodDays,
} from "../fields.js";
import type { Issue } from "../issue.js";
import { failuresOf, type Operation, type Rule } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import { impossibleOrderId, impossibleProxyType } from "../reserved-values.js";
import { apiKeyRule, notPublic, orderIdsRule, proxyTypeRule, rentalPeriodRule } from "../shared/rules.js";

/** What is sent to learn a price. */
export type PriceExtensionRequest = z.infer<typeof request>;
/** The success that a server emits. */
export type PriceExtensionSuccess = z.infer<typeof success>;
/** The failure that a server emits. */
export type PriceExtensionFailure = z.infer<typeof failure>;
/** The success that a caller accepts. */
export type AcceptedPriceExtension = z.infer<typeof acceptedSuccess>;

/** The error code of the warning that the balance does not cover the price (sibling). */
export const insufficientFundsCode = 16;

const source = "reference page of the request that prices an extension";

const request = documented(
  z.object({
    proxyType,
    orderIds,
    rentPeriodDays,
    promoCode: documented(
      z.string({ invalid_type_error: "must be a text: a promo code, or leave it out" }).optional(),
      { description: "A promo code; it may be left out." },
    ),
  }),
  {
    title: "PriceExtensionRequest",
    description: "What one extension of which orders is to be priced.",
    example: { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30 },
  },
);

const documentedSuccess = {
  success: true,
  proxyType: "IPv4",
  balance: 5,
  price: 0.8,
  currency: "USD",
  discount: 0,
  promoCodeStatus: null,
  error: null,
  warnings: null,
} as const;

const documentedFailure = {
  success: false,
  proxyType: null,
  balance: null,
  price: null,
  currency: null,
  discount: null,
  promoCodeStatus: null,
  error: { code: 29, message: "Incorrect orderIds" },
  warnings: null,
} as const;

const success = documented(
  z
    .object({
      success: documented(z.literal(true), { description: "The extension has a price." }),
      proxyType,
      balance: money,
      price: documented(z.number().min(0).finite(), {
        description: "What one extension of all the orders costs. Nothing is spent.",
      }),
      currency,
      discount: documented(z.number().finite(), {
        description: "The discount. Nothing public says in which unit.",
      }),
      promoCodeStatus: documented(z.string().nullable(), {
        description: "What became of the promo code; null where none was sent.",
      }),
      error: nullOnly("There is no error."),
      warnings: documented(z.array(apiError).nullable(), {
        description:
          "Why the extension itself would fail, such as error 16 for a short balance; null where it would not.",
      }),
    })
    .strict(),
  {
    title: "PriceExtensionSuccess",
    description: "What one extension of the orders costs.",
    example: documentedSuccess,
  },
);

const failure = documented(
  z
    .object({
      success: documented(z.literal(false), { description: "There is no price." }),
      proxyType: nullOnly("There is no price."),
      balance: nullOnly("There is no price."),
      price: nullOnly("There is no price."),
      currency: nullOnly("There is no price."),
      discount: nullOnly("There is no price."),
      promoCodeStatus: nullOnly("There is no price."),
      error: apiError,
      warnings: nullOnly("There is no price."),
    })
    .strict(),
  { title: "PriceExtensionFailure", description: "The provider refused.", example: documentedFailure },
);

const warning = z.object({ code: z.number(), message: z.string() }).passthrough();

const acceptedSuccess = z
  .object({
    success: z.literal(true),
    proxyType: z.string().nullish(),
    balance: z.number().nullish(),
    price: z.number(),
    currency: z.string().nullish(),
    discount: z.number().nullish(),
    promoCodeStatus: z.string().nullish(),
    error: z.null().optional(),
    /** Not empty where the extension itself would fail (sibling). */
    warnings: z.array(warning).nullish(),
  })
  .passthrough();

const statements = [
  {
    id: "priceExtension/status",
    claim: "Success and error both come with HTTP 200 and JSON; only `success` tells them apart.",
    grade: "sibling",
    source,
  },
  {
    id: "priceExtension/success",
    claim: "A success has the price of one extension of all the orders, the balance and the currency.",
    grade: "sibling",
    source,
  },
  {
    id: "priceExtension/failure",
    claim: "A failure has null for the data, and an error with code and message.",
    grade: "sibling",
    source,
  },
  {
    id: "priceExtension/spends-nothing",
    claim: "Asking for a price spends nothing: the balance is the same afterwards.",
    grade: "sibling",
    source,
  },
  {
    id: "priceExtension/warnings",
    claim: "A price above the balance comes with a warning of code 16, and one that it covers without.",
    grade: "sibling",
    source,
  },
  {
    id: "priceExtension/several-orders",
    claim: "The price of several orders is the sum of their prices.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "priceExtension/promo-code",
    claim:
      "A promo code that does not exist leaves the price as it is, and `promoCodeStatus` says something.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "priceExtension/malformed-fields",
    claim: "A field that is missing, or is of the wrong JSON type, breaks the rule that looks at it.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "priceExtension/all-or-nothing",
    claim: "One order id that is refused refuses the whole call.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "priceExtension/orders-of-type",
    claim:
      "An order of another proxy type than that of the call is refused like an order that does not exist.",
    grade: "assumed",
    source: notPublic,
  },
] as const satisfies readonly Statement[];

const impossible = {
  proxyType: impossibleProxyType,
  orderIds: [impossibleOrderId],
  rentPeriodDays: 30,
};

const rules = [
  apiKeyRule("priceExtension", impossible),
  proxyTypeRule("priceExtension", impossible),
  orderIdsRule("priceExtension"),
  rentalPeriodRule("priceExtension"),
] as const satisfies readonly Rule[];

/** Prices one extension of orders, and spends nothing. */
export const priceExtension = {
  id: "priceExtension",
  method: "POST",
  path: "/client/api/v1/{apiKey}/calculate/extend/order",
  grade: "sibling",
  source,
  summary: "Price an extension of orders",
  description:
    "Prices one extension of the given orders, all of one proxy type, for a rental period. It spends nothing. Warnings say why the extension itself would fail.",
  pathParameters: z.object({ apiKey: apiKeyParameter }),
  changes: false,
  hasCredentials: false,
  request,
  emits: { success, failure },
  accepts: { success: acceptedSuccess, failure: acceptedFailure },
  check: typeIssues,
  statements,
  rules,
  examples: {
    requests: {
      IPv4: example("IPv4", "11111", 0.8),
      IPv6: example("IPv6", "33333", 0.1),
      MOBILE: example("MOBILE", "44444", 3.5),
      ISP: example("ISP", "55555", 1.6),
      "short-balance": {
        request: { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 360 },
        success: {
          ...documentedSuccess,
          price: 8.3,
          warnings: [{ code: insufficientFundsCode, message: "Insufficient funds on balance" }],
        } satisfies PriceExtensionSuccess,
      },
    },
    failure: documentedFailure,
    failures: failuresOf(rules, (error): PriceExtensionFailure => ({ ...documentedFailure, error })),
  },
} as const satisfies Operation;

function example(type: ProxyType, orderId: string, price: number) {
  return {
    request: {
      proxyType: type,
      orderIds: [orderId],
      rentPeriodDays: 30,
    } satisfies PriceExtensionRequest,
    success: { ...documentedSuccess, proxyType: type, price } satisfies PriceExtensionSuccess,
  };
}

/** A price for another proxy type is none for what was asked. */
function typeIssues(
  request: { readonly proxyType?: unknown },
  answer: { readonly success: boolean; readonly proxyType?: unknown },
): Issue[] {
  if (!answer.success || answer.proxyType == null || answer.proxyType === request.proxyType) return [];
  const message = `${JSON.stringify(request.proxyType)} was asked for, the answer has ${JSON.stringify(answer.proxyType)}`;
  return [{ path: "proxyType", message }];
}
