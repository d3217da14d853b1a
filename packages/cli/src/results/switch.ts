import { setAutoExtend } from "@auto-extend/core";
import { z } from "zod/v3";
import { jsonError } from "./error.js";
import { pricedOrders } from "./price.js";
import { manyDryRun, switchedMany } from "./switch-many.js";

const readBack = z
  .object({
    /** `unread`: the list could not be read, or is incomplete, so only the provider's answer vouches for the switch. */
    state: z.enum(["verified", "differs", "unread"]),
    /** How many IP addresses were looked at. */
    addresses: z.number().int(),
    /** Every IP address that is not as it was asked for, with what the list says of it. */
    unchanged: z.array(
      z
        .object({
          /** Null where the provider named an IP address that is in no order of the list. */
          orderId: z.string().nullable(),
          ipAddressId: z.string(),
          ip: z.string().nullable(),
          /** Null where the list does not say, or the IP address is not in it. */
          autoExtend: z.boolean().nullable(),
          rentPeriodDays: z.number().int().nullable(),
        })
        .strict(),
    ),
    /** Orders that are not in the list. */
    missing: z.array(z.string()),
    /** Why the list settles nothing; null if it does. */
    reason: z.string().nullable(),
  })
  .strict();

const switchedOrders = z
  .object({
    dryRun: z.literal(false),
    /** What one extension costs; null for `off`, and with `--no-preview`. */
    preview: pricedOrders.nullable(),
    /** One entry for each proxy type and rental period. */
    switched: z.array(
      z.object({ request: setAutoExtend.request, answer: setAutoExtend.accepts.success }).strict(),
    ),
    /** Those that failed, while others went through. */
    failed: z.array(z.object({ request: setAutoExtend.request, error: jsonError }).strict()),
    /** Null with `--no-verify`. */
    readBack: readBack.nullable(),
  })
  .strict();

/** The `result` of `on` and `off`. */
export const switched = z.union([
  switchedOrders,
  z.object({ dryRun: z.literal(true), request: setAutoExtend.request, curl: z.string() }).strict(),
  switchedMany,
  manyDryRun,
]);
