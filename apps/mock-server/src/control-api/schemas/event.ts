import { z } from "zod/v3";
import { orderChange } from "./order-change.js";
import { accountOrNone, listOf, moment } from "./parts.js";
import { renewalEvent } from "./renewal.js";
import { asked, logEntry } from "./request.js";

const of = {
  at: moment.describe("When, by the mock's clock."),
  account: accountOrNone.describe("The account that it is about; null where it is about none or all."),
};

/** Something that happened in the mock. */
export const mockEvent = z
  .union([
    z.object({ ...of, type: z.literal("request"), request: logEntry }).strict(),
    z
      .object({ ...of, type: z.literal("change"), request: z.string(), changes: listOf(orderChange) })
      .strict()
      .describe("The request of this id changed orders."),
    z
      .object({ ...of, type: z.literal("fault"), request: z.string(), faults: listOf(asked) })
      .strict()
      .describe("A fault struck the request of this id."),
    z.object({ ...of, type: z.literal("clock"), frozen: z.boolean() }).strict(),
    z.object({ ...of, type: z.literal("renewal"), renewal: renewalEvent }).strict(),
    z
      .object({ ...of, type: z.literal("state"), because: z.enum(["put", "reset"]) })
      .strict()
      .describe("The state was put in from outside, or reset."),
  ])
  .describe("Something that happened in the mock. No API key is in it.");
