import { proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";

/** The `result` of `periods`. */
export const soldPeriods = z
  .object({
    periods: z.array(
      z
        .object({
          proxyType: z.enum(proxyTypes),
          /** In days; empty where none is sold. */
          rentPeriodDays: z.array(z.number()),
        })
        .strict(),
    ),
  })
  .strict();
