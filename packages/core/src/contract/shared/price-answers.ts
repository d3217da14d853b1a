import * as z from "zod/v3";
import { type DocsEntry, objectDocs } from "../docs.js";
import { apiError, currency, lawfulError, money, noError, proxyType } from "../fields.js";
import type { CheckContext, Contradiction } from "../operation.js";
import { type Answered, checkAgreement, type Sent } from "./agreement.js";
import { answersOf } from "./answers.js";

// The answers of the operations that price an extension: they are the same for orders and for IP addresses.

export type PriceSuccess = z.infer<(typeof emits)["success"]>;

/** The error code of the warning that the balance does not cover the price (sibling). */
export const insufficientFundsCode = 16;

const warning = z.object({ code: z.number(), message: z.string() }).passthrough();

const { emits, lawful, accepts } = answersOf({
  success: {
    proxyType,
    balance: money,
    price: z.number().min(0).finite(),
    currency,
    discount: z.number().finite(),
    promoCodeStatus: z.enum(["VALID", "NO_VALID"]).nullable(),
    error: noError,
    warnings: z.array(apiError).nullable(),
  },
  failure: {
    proxyType: z.null(),
    balance: z.null(),
    price: z.null(),
    currency: z.null(),
    discount: z.null(),
    promoCodeStatus: z.null(),
    error: apiError,
    warnings: z.null(),
  },
  accepted: {
    proxyType: z.string().nullish(),
    balance: money.nullish(),
    price: money.min(0),
    currency: z.string().nullish(),
    discount: money.nullish(),
    promoCodeStatus: z.string().nullish(),
    /** If it is not empty, the extension itself would fail (sibling). */
    warnings: z.array(warning).nullish(),
  },
});

export { emits as emittedPrices };
export const priceAnswers = {
  lawful: {
    success: lawful.success.extend({
      promoCodeStatus: z.string().nullable(),
      warnings: z.array(lawfulError).nullable(),
    }),
    failure: lawful.failure.extend({ balance: money.nullable(), currency: currency.nullable() }),
  },
  accepts,
  check: checkPrice,
};

const repeated = ["proxyType", "rentPeriodDays", "orderIds", "ipAddressIds"] as const;

/** A price for another proxy type, period or order does not answer the request. */
function checkPrice(request: Sent, answer: Answered, { show }: CheckContext): Contradiction[] {
  return answer.success ? checkAgreement(repeated, { request, answer, show }) : [];
}

export const documentedPrice = {
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

/** The failure as the reference shows it, with the error of an operation. */
export function priceFailure(error: { readonly code: number; readonly message: string }) {
  return {
    success: false,
    proxyType: null,
    balance: null,
    price: null,
    currency: null,
    discount: null,
    promoCodeStatus: null,
    error,
    warnings: null,
  } as const satisfies z.infer<typeof emits.failure>;
}

export function priceDocs(): DocsEntry[] {
  return [
    ...objectDocs([emits.success, priceAnswers.lawful.success], {
      title: "PriceExtensionSuccess",
      description: "The price of one extension.",
      example: documentedPrice,
      fields: {
        price: "The price of one extension of everything in the request. Nothing is spent.",
        discount: "The discount; above 0 if there is one. The provider does not document its unit.",
        promoCodeStatus: {
          // A nullable field with values would have to list null, which Prism adds a second time.
          enum: undefined,
          description: "`VALID` if the promo code applies, `NO_VALID` if not; null without a promo code.",
        },
        warnings: "Why the extension itself would fail, such as error 16 for a short balance.",
      },
    }),
    ...objectDocs([priceAnswers.lawful.failure, emits.failure], {
      title: "PriceExtensionFailure",
      description: "The provider refused the request.",
      example: priceFailure({ code: 29, message: "Incorrect orderIds" }),
      fields: {
        balance: "The balance of the account, or null.",
        currency: "The currency of the balance, or null.",
      },
      others: "Always null in a failure.",
    }),
  ];
}
