import { proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";

/** What one extension of orders costs: the `result` of `price`. */
export const pricedOrders = z
  .object({
    /** All groups together. */
    price: z.number(),
    /** Null where the server did not say. */
    balance: z.number().nullable(),
    /** Below zero where the balance does not suffice. */
    balanceAfter: z.number().nullable(),
    currency: z.string().nullable(),
    /** Why an extension would fail now. */
    warnings: z.array(z.object({ code: z.number(), message: z.string() }).strict()),
    groups: z.array(
      z
        .object({
          proxyType: z.enum(proxyTypes),
          rentPeriodDays: z.number().int(),
          orderIds: z.array(z.string()),
          price: z.number(),
          discount: z.number().nullable(),
          /** What became of the promo code; null where none was sent. */
          promoCodeStatus: z.string().nullable(),
        })
        .strict(),
    ),
  })
  .strict();
