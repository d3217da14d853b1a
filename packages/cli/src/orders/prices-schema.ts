import { z } from "zod/v3";

/** Orders that could not be priced for the same reason. */
export const unpricedSchema = z
  .object({ code: z.number(), message: z.string(), orders: z.number().int() })
  .strict();

/** Why a renewal would fail now. */
export const warningSchema = z.object({ code: z.number(), message: z.string() }).strict();
