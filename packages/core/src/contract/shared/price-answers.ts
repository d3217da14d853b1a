import * as z from "zod/v3";
import { type DocsEntry, objectDocs } from "../docs.js";
import {
  acceptedFailure,
  apiError,
  currency,
  failed,
  lawfulError,
  money,
  noError,
  proxyType,
  succeeded,
} from "../fields.js";
import type { CheckContext, Contradiction } from "../operation.js";

// The answers of the operations that price an extension: they are the same for orders and for IP addresses.

export type PriceExtensionSuccess = z.infer<typeof emittedSuccess>;
export type PriceExtensionFailure = z.infer<typeof emittedFailure>;
export type AcceptedPriceExtension = z.infer<typeof acceptedSuccess>;

/** The error code of the warning that the balance does not cover the price (sibling). */
export const insufficientFundsCode = 16;

const emittedSuccess = z
  .object({
    success: succeeded,
    proxyType,
    balance: money,
    price: z.number().min(0).finite(),
    currency,
    discount: z.number().finite(),
    promoCodeStatus: z.enum(["VALID", "NO_VALID"]).nullable(),
    error: noError,
    warnings: z.array(apiError).nullable(),
  })
  .strict();

const emittedFailure = z
  .object({
    success: failed,
    proxyType: z.null(),
    balance: z.null(),
    price: z.null(),
    currency: z.null(),
    discount: z.null(),
    promoCodeStatus: z.null(),
    error: apiError,
    warnings: z.null(),
  })
  .strict();

const lawfulSuccess = emittedSuccess
  .extend({ promoCodeStatus: z.string().nullable(), warnings: z.array(lawfulError).nullable() })
  .passthrough();

const lawfulFailure = emittedFailure
  .extend({ balance: money.nullable(), currency: currency.nullable(), error: lawfulError })
  .passthrough();

const acceptedSuccess = z
  .object({
    success: succeeded,
    proxyType: z.string().nullish(),
    balance: z.number().nullish(),
    // JSON can hold numbers that are read as Infinity, such as 1e999.
    price: z.number().min(0).finite(),
    currency: z.string().nullish(),
    discount: z.number().nullish(),
    promoCodeStatus: z.string().nullish(),
    error: noError.optional(),
    /** If it is not empty, the extension itself would fail (sibling). */
    warnings: z.array(z.object({ code: z.number(), message: z.string() }).passthrough()).nullish(),
  })
  .passthrough();

export const priceAnswers = {
  emits: { success: emittedSuccess, failure: emittedFailure },
  lawful: { success: lawfulSuccess, failure: lawfulFailure },
  accepts: { success: acceptedSuccess, failure: acceptedFailure },
  check: checkPrice,
} as const;

/** A price for another proxy type does not answer the request. */
function checkPrice(
  request: { readonly proxyType?: unknown },
  answer: { readonly success: boolean; readonly proxyType?: unknown },
  { show }: CheckContext,
): Contradiction[] {
  if (!answer.success || answer.proxyType == null || answer.proxyType === request.proxyType) return [];
  const message = `is ${show(answer.proxyType)}, but ${show(request.proxyType)} was requested`;
  return [{ path: "proxyType", message, level: "accepts" }];
}

/** The success as the reference shows it. */
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
  } as const satisfies PriceExtensionFailure;
}

export function priceDocs(): DocsEntry[] {
  return [
    ...objectDocs([emittedSuccess, lawfulSuccess], {
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
    ...objectDocs([lawfulFailure, emittedFailure], {
      title: "PriceExtensionFailure",
      description: "The provider refused.",
      example: priceFailure({ code: 29, message: "Incorrect orderIds" }),
      fields: {
        balance: "The balance of the account, or null.",
        currency: "The currency of the balance, or null.",
      },
      others: "Always null in a failure.",
    }),
  ];
}
