/** The prices of orders in the results of `price`, `on`, `off` and `undo`. */
import { proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";

const count = z.number().int().nonnegative();

/** The result of a preview. `orders` are all, also those that are switched off and have no price. */
export const previewSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      proxyType: z.enum(proxyTypes),
      rentPeriodDays: count,
      autoExtend: z.boolean(),
      orders: count,
      addresses: count,
      alreadySet: count,
      unlisted: count,
      priced: count,
      /** `null` for a group that is switched off, and if no order could be priced. */
      price: z.number().nullable(),
    }),
  ),
  /** Orders that should be priced, and how many of them `price` covers. */
  orders: count,
  priced: count,
  /** One renewal of all; `null` if nothing could be priced. */
  price: z.number().nullable(),
  /** `null` if the provider does not say. */
  balance: z.number().nullable(),
  /** The balance after one renewal of all; negative if it is not enough. */
  balanceAfter: z.number().nullable(),
  currency: z.string().nullable(),
  warnings: z.array(z.strictObject({ code: z.number(), message: z.string() })),
  /** Orders that could not be priced, by reason; `first` are the first 1,000 of these orders. */
  unpriced: z.array(
    z.strictObject({ code: z.number(), message: z.string(), orders: count, first: z.array(z.string()) }),
  ),
});

export type Preview = z.infer<typeof previewSchema>;

/** The prices of groups. Those of each group are in the group. */
export interface Prices extends Omit<Preview, "groups"> {
  /** Orders without a price that the list lacks, and that do not exist for the provider: there is no renewal of them. */
  readonly gone: number;
  readonly promoCodeStatus: string | null;
  /** The discount, if one request priced all; else `null`. */
  readonly discount: number | null;
}
