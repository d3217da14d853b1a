import { z } from "zod/v3";
import { checked, givenOf } from "../check.js";

/** Refuses what is over a limit. */
export const limit = checked(
  z
    .object({
      perSecond: z.number().int().min(1).optional().describe("How many requests may come within a second."),
      atOnce: z.number().int().min(1).optional().describe("How many requests may be under way."),
      retryAfter: z.number().int().min(0).optional().describe("What `Retry-After` says; 1 s where left out."),
    })
    .strict()
    .describe("Refuses what is over a limit with 429; the requests of one account count together."),
  (value) =>
    givenOf(value, ["perSecond", "atOnce"]).length > 0
      ? []
      : [["", "must have a limit: give perSecond, atOnce or both"]],
);
