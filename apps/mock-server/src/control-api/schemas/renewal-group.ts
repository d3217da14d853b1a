import { proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import { listOf } from "./parts.js";

/** IP addresses that are renewed, or end, together. */
export const renewalGroup = z
  .object({
    orderId: z.string().describe("Their order."),
    proxyType: z.enum(proxyTypes).describe("Their type."),
    rentPeriodDays: z.number().describe("Their rental period, in days."),
    ipAddressIds: listOf(z.string()).describe("Their ids."),
  })
  .strict()
  .describe("IP addresses that are renewed, or end, together.");
