import { problem, proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import { faultSchema } from "../engine/faults/fault.js";
import { faultSpecSchema } from "../engine/faults/fault-spec.js";

/** The schemas of the answers about state, time and faults; those about requests are in `request-schemas.ts`. */

/** A list, typed as the engine's read-only lists are. */
export function listOf<Item extends z.ZodTypeAny>(item: Item) {
  return z.array(item).readonly();
}

/** Any JSON value, but required. */
export const anyJson = z.unknown().refine((value): boolean => value !== undefined);

/** A date in ISO 8601, as the mock writes it. */
export const date = z.string().datetime();

export const accountOrNone = z.string().nullable();

export const renewalGroup = z
  .object({
    orderId: z.string().describe("Their order."),
    proxyType: z.enum(proxyTypes).describe("Their type."),
    rentPeriodDays: z.number().describe("Their rental period, in days."),
    ipAddressIds: listOf(z.string()).describe("Their IDs."),
  })
  .strict()
  .describe("IP addresses that renew or expire together.");

const renewal = {
  at: date.describe("When it happened."),
  group: renewalGroup,
  balance: z.number().describe("The balance after it."),
};

const price = z.number().describe("The price, in units of the currency.");

const renewed = {
  ...renewal,
  type: z.literal("renewed").describe("They were renewed and paid."),
  price,
  endsAt: date.describe("Their new end."),
};
const failed = {
  ...renewal,
  type: z.literal("failed").describe("Their renewal was due, and was unpaid."),
  price: price.nullable().describe("The price of the renewal; null if it has no price."),
};
const expired = {
  ...renewal,
  type: z.literal("expired").describe("They expired."),
  because: z
    .enum(["off", "incomplete", "unpaid"])
    .describe(
      "off: auto-extend was off. incomplete: it was on for a part of an IPv6 order only. unpaid: a renewal was unpaid.",
    ),
};

export const renewalEvent = z.union([
  z.object(renewed).strict(),
  z.object(failed).strict(),
  z.object(expired).strict(),
]);

const state = {
  now: date.describe("The time by the mock's clock."),
  frozen: z.boolean().describe("Whether the clock is frozen."),
  nextRenewal: date
    .nullable()
    .describe(
      "When the next renewal is due; null if none is. Only accounts that have received a request renew.",
    ),
};

export const clockState = z.object(state).strict().describe("The mock's clock.");

const account = z.string().describe("The ID of the account.");

export const clockMove = z
  .object({
    ...state,
    renewed: z.number().int().describe("How many renewals were paid on the way."),
    unpaid: z.number().int().describe("How many were unpaid."),
    expired: z
      .number()
      .int()
      .describe(
        "How many groups of IP addresses expired: addresses of an order that expire together count once.",
      ),
    renewals: listOf(
      z.union([
        z.object({ account, ...renewed }).strict(),
        z.object({ account, ...failed }).strict(),
        z.object({ account, ...expired }).strict(),
      ]),
    ).describe("What happened, account by account, each in order of time: at most `limit` of them."),
  })
  .strict()
  .describe("The clock after a command, and what happened on the way.");

export const orderChange = z
  .object({
    orderId: z.string().describe("The order."),
    ipAddresses: z.number().int().describe("How many of its IP addresses changed."),
    autoExtend: fromTo(z.boolean()).optional().describe("Auto-extend, if it changed."),
    rentPeriodDays: fromTo(z.number()).optional().describe("The rental period, if it changed."),
    endsAt: fromTo(z.string()).optional().describe("The end, if it changed."),
  })
  .strict()
  .describe("How an order changed.");

function fromTo<Value extends z.ZodTypeAny>(value: Value) {
  const values = listOf(value);
  return z.object({ from: values.describe("Before."), to: values.describe("After.") }).strict();
}

export const queuedFault = z
  .object({
    id: z.string().describe("The ID, by which the fault can be removed."),
    preset: z.string().nullable().describe("The name of the preset; null without one."),
    fault: faultSchema,
    match: faultSpecSchema.shape.match.unwrap().describe("Which requests it is injected into; all if empty."),
    left: z
      .number()
      .int()
      .nullable()
      .describe("How many more requests it will be injected into; null for all."),
    share: z.number().describe("The share of these requests."),
    seed: z.number().int().describe("The seed for share and delays."),
    injected: z.number().int().describe("How many requests it was injected into."),
  })
  .strict()
  .describe("A fault that is queued for later requests.");

export const preset = z
  .object({
    name: z.string().describe("The name."),
    description: z.string().describe("What happens."),
    options: listOf(
      z
        .object({
          name: z.string().describe("The name of the option."),
          description: z.string().describe("What it sets."),
          fallback: z
            .union([z.string(), z.number(), z.boolean()])
            .describe("The default; its type is the type of the option."),
          choices: listOf(z.union([z.string(), z.number()]))
            .optional()
            .describe("All allowed values (default: any of its type)."),
          range: listOf(z.number()).optional().describe("The smallest and the largest allowed whole number."),
        })
        .strict(),
    ).describe("The options."),
    operations: listOf(z.string())
      .optional()
      .describe("The operations whose answers it can change (default: all)."),
  })
  .strict()
  .describe("A fault with a name.");

export const worldProblem = problem
  .extend({
    issues: listOf(
      z
        .object({
          path: z.string().describe("The place, such as accounts[0].balance."),
          message: z.string().describe("What is wrong there."),
          line: z.number().int().min(1).describe("The line of what was sent, from 1."),
        })
        .strict(),
    )
      .optional()
      .describe("All problems of the world; missing if the body could not be read at all."),
  })
  .describe("A world that cannot be used.");
