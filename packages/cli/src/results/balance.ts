import { z } from "zod/v3";

/** The `result` of `balance`. */
export const toldBalance = z
  .object({
    balance: z.number(),
    /** Null where the server did not say. */
    currency: z.string().nullable(),
  })
  .strict();
