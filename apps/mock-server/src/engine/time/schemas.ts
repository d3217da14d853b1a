import { proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import { date, listOf } from "../../lib/schemas.js";

/** The clock and the renewals, as the engine and the control API report them. */

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

/** The state of the mock's clock. */
export type ClockState = Readonly<z.output<typeof clockState>>;

export const clockState = z.object(state).strict().describe("The mock's clock.");

const account = z.string().describe("The ID of the account.");

/** An event of an account's orders: renewed, failed or expired. */
export type Renewed = z.output<typeof renewedOfAccount>;

const renewedOfAccount = z.union([
  z.object({ account, ...renewed }).strict(),
  z.object({ account, ...failed }).strict(),
  z.object({ account, ...expired }).strict(),
]);

/** The clock after a command, and what happened on the way. */
export type ClockMove = Readonly<z.output<typeof clockMove>>;

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
    renewals: listOf(renewedOfAccount).describe(
      "What happened, account by account, each in order of time: at most `limit` of them.",
    ),
  })
  .strict()
  .describe("The clock after a command, and what happened on the way.");
