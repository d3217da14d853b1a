import { z } from "zod/v3";
import { moment } from "./parts.js";
import { renewalGroup } from "./renewal-group.js";

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
