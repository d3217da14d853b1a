import { z } from "zod/v3";
import { badRequest } from "../../controls.js";
import { listOf } from "../../lib/schemas.js";
import { generateWorld, type WorldOptions, worldOptionsSchema } from "../../program/world-generator.js";
import { accountSummary, accountsOf, summarizeAccounts } from "../accounts.js";
import { controlRoute, noState, takenOver } from "../route.js";

/** The route that generates a world. */
export const worldRoutes = [
  controlRoute({
    id: "generateWorld",
    tag: "State",
    method: "post",
    path: "/__mock/world",
    summary: "Generates a world and replaces the state with it",
    description: "The world has one account, `default`, which each API key gets a copy of.",
    body: {
      schema: worldOptionsSchema,
      examples: { "200 orders": { orders: 200, seed: 7, balance: 1_300 } },
    },
    answer: {
      status: 200,
      says: "The accounts of the new world.",
      schema: z.object({ accounts: listOf(accountSummary).describe("The accounts.") }).strict(),
    },
    problems: {
      400: { says: "A world like that cannot be generated." },
      501: noState,
      503: takenOver,
    },
    handle({ controls, engine, body }) {
      controls.putState(generated(body));
      return { json: { accounts: summarizeAccounts(accountsOf(engine), engine) } };
    },
  }),
];

function generated(options: unknown) {
  try {
    // It checks the options.
    return generateWorld(options as WorldOptions);
  } catch (error) {
    throw error instanceof RangeError ? badRequest("world", error.message) : error;
  }
}
