import { proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";

/** The `result` of `orders`. */
export const listedOrders = z
  .object({
    /** What `--ending-within` counts from, in ISO 8601: the server's time, or `--now`. */
    now: z.string(),
    /** How many orders the server listed, chosen or not. */
    listed: z.number().int(),
    orders: z.array(
      z
        .object({
          orderId: z.string(),
          /** Null where the server did not say. */
          proxyType: z.enum(proxyTypes).nullable(),
          /** How many IP addresses it has. */
          addresses: z.number().int(),
          /** The countries of its IP addresses, each once. */
          countries: z.array(z.string()),
          /** When the first of its IP addresses ends, in ISO 8601; null where it could not be read. */
          endsAt: z.string().nullable(),
          /** `mixed` where its IP addresses differ. */
          autoExtend: z.enum(["on", "off", "mixed", "unknown"]),
          /** The rental periods of its IP addresses, in days, each once. */
          rentPeriodDays: z.array(z.number().int()),
        })
        .strict(),
    ),
  })
  .strict();
