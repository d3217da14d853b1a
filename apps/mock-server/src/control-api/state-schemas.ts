import { problem, proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import { faultSchema } from "../engine/faults/fault.js";
import { faultSpecSchema } from "../engine/faults/fault-spec.js";

/** The schemas of the answers about state, time and faults; those about requests are in `request-schemas.ts`. */

/** A list that the mock does not change any more. */
export function listOf<Item extends z.ZodTypeAny>(item: Item) {
  return z.array(item).readonly();
}

/** Any JSON, but there. */
export const anyJson = z.unknown().refine((value): boolean => value !== undefined);

/** A moment in ISO 8601, as the mock writes it. */
export const moment = z.string().datetime();

/** The id of an account; null where there is none. */
export const accountOrNone = z.string().nullable();

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

const renewal = {
  at: moment.describe("When it happened."),
  group: renewalGroup,
  balance: z.number().describe("The balance after it."),
};

const price = z.number().describe("What it cost, in units of the currency.");

/** What is told of addresses that were renewed. */
export const renewed = {
  ...renewal,
  type: z.literal("renewed").describe("They were renewed, and paid."),
  price,
  endsAt: moment.describe("When they end now."),
};
/** What is told of addresses that were to be renewed in vain. */
export const failed = {
  ...renewal,
  type: z.literal("failed").describe("They were to be renewed, and could not be paid."),
  price: price.nullable().describe("What it would have cost; null where there is no price."),
};
/** What is told of addresses that ended. */
export const expired = {
  ...renewal,
  type: z.literal("expired").describe("They ended."),
  because: z
    .enum(["off", "incomplete", "unpaid"])
    .describe("Auto-extend was off; or on for a part of an IPv6 order only; or a renewal was not paid."),
};

/** What happened to IP addresses of an order. */
export const renewalEvent = z.union([
  z.object(renewed).strict(),
  z.object(failed).strict(),
  z.object(expired).strict(),
]);

const state = {
  now: moment.describe("The moment by the mock's clock."),
  frozen: z.boolean().describe("Whether the clock stands still."),
  nextRenewal: moment.nullable().describe("When the next renewal is due; null where none lies ahead."),
};

/** The mock's clock as it is. */
export const clockState = z.object(state).strict().describe("The mock's clock as it is.");

const account = z.string().describe("The id of the account.");

/** The clock after a command, and what happened on the way. */
export const clockMove = z
  .object({
    ...state,
    renewed: z.number().int().describe("How many renewals were paid on the way."),
    failed: z.number().int().describe("How many could not be paid."),
    expired: z.number().int().describe("How often IP addresses of an order ended."),
    renewals: listOf(
      z.union([
        z.object({ account, ...renewed }).strict(),
        z.object({ account, ...failed }).strict(),
        z.object({ account, ...expired }).strict(),
      ]),
    ).describe("The first of these, account by account, for each in order of time: as many as `limit` says."),
  })
  .strict()
  .describe("What happened as the clock went ahead.");

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

/** What is answered where a world can't be used. */
export const worldProblem = problem
  .extend({
    issues: listOf(
      z
        .object({
          path: z.string().describe("Where, such as accounts[0].balance."),
          message: z.string().describe("What is wrong there."),
          line: z.number().int().min(1).describe("The line of what was sent, from 1."),
        })
        .strict(),
    )
      .optional()
      .describe("All problems of the world; left out where it could not even be read."),
  })
  .describe("A world that can't be used.");
