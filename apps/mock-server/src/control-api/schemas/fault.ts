import { z } from "zod/v3";
import { faultSchema } from "../../engine/faults/fault.js";
import { faultSpecSchema } from "../../engine/faults/fault-spec.js";
import { listOf } from "./parts.js";

/** A fault that waits for requests. */
export const waitingFault = z
  .object({
    id: z.string().describe("What it is taken back by."),
    preset: z
      .string()
      .nullable()
      .describe("The name of the preset; null where it is made of primitives alone."),
    fault: faultSchema,
    match: faultSpecSchema.shape.match.unwrap().describe("Which requests it is for; all where it is empty."),
    left: z.number().int().nullable().describe("For how many requests more; null for all."),
    share: z.number().describe("Which share of these requests it strikes."),
    seed: z.number().int().describe("What the share and delays are drawn by."),
    struck: z.number().int().describe("How many requests it has struck."),
  })
  .strict()
  .describe("A fault that waits for requests.");

/** A fault with a name. */
export const preset = z
  .object({
    name: z.string().describe("What it is asked for by."),
    description: z.string().describe("What happens."),
    options: listOf(
      z
        .object({
          name: z.string().describe("The name of the option."),
          description: z.string().describe("What it is for."),
          fallback: z
            .union([z.string(), z.number(), z.boolean()])
            .describe("What it is where nobody chooses; its type is the type of the option."),
          choices: listOf(z.union([z.string(), z.number()]))
            .optional()
            .describe("All that can be chosen; anything of its type where left out."),
          range: listOf(z.number()).optional().describe("The least and most of a whole number."),
        })
        .strict(),
    ).describe("What there is to choose."),
    operations: listOf(z.string())
      .optional()
      .describe("The operations whose answers have what it changes; any where left out."),
  })
  .strict()
  .describe("A fault with a name, and with options where there is something to choose.");
