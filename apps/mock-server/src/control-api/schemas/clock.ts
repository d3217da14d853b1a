import { z } from "zod/v3";
import { listOf, moment } from "./parts.js";
import { expired, failed, renewed } from "./renewal.js";

const state = {
  now: moment.describe("The moment by the mock's clock."),
  frozen: z.boolean().describe("Whether the clock stands still."),
  nextRenewal: moment.nullable().describe("When the next renewal is due; null where none lies ahead."),
};

/** The mock's clock as it is. */
export const clockState = z.object(state).strict().describe("The mock's clock as it is.");

const account = z.string().describe("The id of the account.");

/** What happened as the clock went ahead. */
export const passed = z
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
