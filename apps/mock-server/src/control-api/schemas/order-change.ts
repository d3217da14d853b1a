import { z } from "zod/v3";
import { listOf } from "./parts.js";

/** What became another about one order. */
export const orderChange = z
  .object({
    orderId: z.string().describe("The order."),
    ipAddresses: z.number().int().describe("How many of its IP addresses changed."),
    autoExtend: fromTo(z.boolean())
      .optional()
      .describe("Whether they are extended; left out where that stayed."),
    rentPeriodDays: fromTo(z.number())
      .optional()
      .describe("Their rental periods; left out where those stayed."),
    endsAt: fromTo(z.string()).optional().describe("Their ends; left out where those stayed."),
  })
  .strict()
  .describe("What became another about one order.");

function fromTo<Value extends z.ZodTypeAny>(value: Value) {
  const values = listOf(value);
  return z.object({ from: values.describe("Before."), to: values.describe("After.") }).strict();
}
