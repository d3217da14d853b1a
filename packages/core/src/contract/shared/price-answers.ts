import * as z from "zod/v3";
import { docsOf, documented, nullOnly } from "../documented.js";
import type { Evidence, Statement } from "../evidence.js";
import { acceptedFailure, apiError, currency, lawfulError, money, proxyType } from "../fields.js";
import type { Contradiction, Show } from "../operation.js";
import { malformedFieldsStatement, statusStatement } from "./rules.js";

/** The success that a server emits. */
export type PriceExtensionSuccess = z.infer<typeof emittedSuccess>;
/** The failure that a server emits. */
export type PriceExtensionFailure = z.infer<typeof emittedFailure>;
/** The success that a caller accepts. */
export type AcceptedPriceExtension = z.infer<typeof acceptedSuccess>;

/** The error code of the warning that the balance does not cover the price (sibling). */
export const insufficientFundsCode = 16;

/** A promo code, in the request (sibling). */
export const promoCode = documented(
  z.string({ invalid_type_error: "must be a promo code as text, or be left out" }).optional(),
  { description: "A promo code." },
);

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

/** The success for a price above the balance: the extension itself would fail. */
export const documentedShortBalance = {
  ...documentedPrice,
  price: 8.3,
  warnings: [{ code: insufficientFundsCode, message: "Insufficient funds on balance" }],
} satisfies PriceExtensionSuccess;

/** The failure as the reference shows it, with the error of the operation at hand. */
export function priceFailure(error: { code: number; message: string }) {
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
  } as const;
}

const emittedSuccess = documented(
  z
    .object({
      success: documented(z.literal(true), { description: "The extension has a price." }),
      proxyType,
      balance: money,
      price: documented(z.number().min(0).finite(), {
        description: "The price of one extension of everything in the request. Nothing is spent.",
      }),
      currency,
      discount: documented(z.number().finite(), {
        description: "The discount, which can be above 0. Its unit is not public.",
      }),
      promoCodeStatus: documented(z.enum(["VALID", "NO_VALID"]).nullable(), {
        // A nullable field with values would have to list null, which Prism adds a second time.
        enum: undefined,
        description: "`VALID` if the promo code counts, `NO_VALID` if not; null without a promo code.",
      }),
      error: nullOnly("There is no error."),
      warnings: documented(z.array(apiError).nullable(), {
        description: "Why the extension itself would fail, such as error 16 for a short balance.",
      }),
    })
    .strict(),
  {
    title: "PriceExtensionSuccess",
    description: "The price of one extension.",
    example: documentedPrice,
  },
);

const emittedFailure = documented(
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
  {
    title: "PriceExtensionFailure",
    description: "The provider refused.",
    example: priceFailure({ code: 29, message: "Incorrect orderIds" }),
  },
);

const lawfulSuccess = documented(
  emittedSuccess
    .extend({
      promoCodeStatus: documented(z.string().nullable(), {
        description: "`VALID` or `NO_VALID`; null without a promo code.",
      }),
      warnings: documented(z.array(lawfulError).nullable(), {
        description: "Why the extension itself would fail, such as error 16 for a short balance.",
      }),
    })
    .passthrough(),
  docsOf(emittedSuccess),
);

const lawfulFailure = documented(
  emittedFailure
    .extend({
      balance: documented(money.nullable(), { description: "The balance, or null (sibling)." }),
      currency: documented(currency.nullable(), { description: "The currency, or null (sibling)." }),
      error: lawfulError,
    })
    .passthrough(),
  docsOf(emittedFailure),
);

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
    /** If it is not empty, the extension itself would fail (sibling). */
    warnings: z.array(z.object({ code: z.number(), message: z.string() }).passthrough()).nullish(),
  })
  .passthrough();

/** The answers of the operations that price an extension: they are the same for orders and for IP addresses. */
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
  show: Show,
): Contradiction[] {
  if (!answer.success || answer.proxyType == null || answer.proxyType === request.proxyType) return [];
  const message = `${show(request.proxyType)} was asked for, the answer has ${show(answer.proxyType)}`;
  return [{ path: "proxyType", message, level: "accepts" }];
}

/** What is claimed of both operations, each with its grade. */
export function priceStatements(operation: string, evidence: Evidence): Statement[] {
  return [
    statusStatement(operation, evidence),
    {
      id: `${operation}/success`,
      claim:
        "A success has the price of one extension of everything in the request, the balance and the currency.",
      ...evidence,
    },
    {
      id: `${operation}/failure`,
      claim: "A failure has no price, and an error with code and message. It may show balance and currency.",
      ...evidence,
    },
    {
      id: `${operation}/spends-nothing`,
      claim:
        "Asking for a price spends nothing and switches nothing: balance and auto-extend are the same afterwards.",
      ...evidence,
    },
    {
      id: `${operation}/warnings`,
      claim: "A price above the balance comes with a warning of code 16, and a price within it without.",
      ...evidence,
    },
    {
      id: `${operation}/promo-code`,
      claim:
        "`promoCodeStatus` is null without a promo code, and `NO_VALID` for one that does not exist, which leaves the price as it is.",
      ...evidence,
    },
    malformedFieldsStatement(operation),
  ];
}
