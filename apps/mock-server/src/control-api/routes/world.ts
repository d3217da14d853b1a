import { formatIssues, issuesOf } from "@auto-extend/core";
import { z } from "zod/v3";
import { ControlError } from "../../controls.js";
import { schemaMessages } from "../../lib/schema-messages.js";
import { generateWorld, worldDefaults, worldLimits } from "../../program/world-generator.js";
import { accountSummary, accountsOf, summarizeAccount } from "../accounts.js";
import { controlRoute, noState, takenOver } from "../route.js";
import { listOf } from "../state-schemas.js";

const whole = z.number().int();
const options = z
  .object({
    orders: whole
      .min(1)
      .max(worldLimits.orders)
      .default(worldDefaults.orders)
      .describe("The number of orders."),
    addresses: whole
      .min(1)
      .max(worldLimits.addresses)
      .optional()
      .describe("The number of IP addresses of all orders together (default: about six for each order)."),
    seed: whole
      .min(0)
      .max(worldLimits.seed)
      .default(worldDefaults.seed)
      .describe("The same seed makes the same world."),
    balance: z.number().default(worldDefaults.balance).describe("The balance, in USD."),
  })
  .strict();

/** The route that generates a world. */
export const worldRoutes = [
  controlRoute({
    id: "generateWorld",
    tag: "State",
    method: "post",
    path: "/__mock/world",
    summary: "Generates a world and replaces the state with it",
    description: "The world has one account, `default`, which each API key gets a copy of.",
    body: { schema: options, examples: { "200 orders": { orders: 200, seed: 7, balance: 1_300 } } },
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
      const parsed = options.safeParse(body, { errorMap: schemaMessages(options) });
      if (!parsed.success) {
        throw badOptions(`The world can't be generated: ${formatIssues(issuesOf(parsed.error))}.`);
      }
      const { addresses, ...rest } = parsed.data;
      controls.putState(generated({ ...rest, ...(addresses === undefined ? {} : { addresses }) }));
      return { json: { accounts: accountsOf(engine).map((each) => summarizeAccount(each, engine)) } };
    },
  }),
];

function generated(wanted: Parameters<typeof generateWorld>[0]) {
  try {
    return generateWorld(wanted);
  } catch (error) {
    if (error instanceof RangeError) throw badOptions(error.message);
    throw error;
  }
}

function badOptions(detail: string): ControlError {
  return new ControlError({ error: { id: "mock/world", status: 400, title: "Bad Request", detail } });
}
