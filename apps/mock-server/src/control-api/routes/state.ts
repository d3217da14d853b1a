import { z } from "zod/v3";
import { type AccountRef, accountIdOf, badRequest } from "../../controls.js";
import type { Engine } from "../../engine/engine.js";
import { defaultWorld, readWorld, type World, worldSchema } from "../../engine/state/world.js";
import { generateWorld, type WorldOptions, worldOptionsSchema } from "../../engine/state/world-generator.js";
import { worldText } from "../../engine/state/world-text.js";
import { isoDate } from "../../lib/dates.js";
import { count, date, listOf } from "../../lib/schemas.js";
import { inPieces } from "../../lib/text.js";
import { accountSummary, accountsOf, summarizeAccounts } from "../accounts.js";
import { controlDocument } from "../pages.js";
import { type ControlReply, controlRoute, noState, takenOver } from "../route.js";

export const stateRoutes = [
  controlRoute("getState", "get /__mock/state", {
    tag: "State",
    summary: "The accounts",
    description:
      'The accounts and their orders, in the format of a world file: every date is absolute, `startsAt` is the present, and no API key is included. The account "default" is the template that new API keys get a copy of.',
    answer: worldSchema,
    handle: ({ engine, of }) => stateReply(engine, of),
  }),
  controlRoute("putState", "put /__mock/state", {
    tag: "State",
    summary: "Replaces the state with a world",
    description:
      "Takes a world as in a world file, or as `GET /__mock/state` returns it. The clock goes to its `startsAt`, also back; without one, it stays. With an account named, the world contains only that account, and the others and the clock stay. An invalid world changes nothing.",
    body: { schema: worldSchema, examples: { "the default world": defaultWorld } },
    answerDescription: "The new state.",
    answer: worldSchema,
    problems: {
      400: { description: "The world is invalid: `issues` has all of its problems, with their lines." },
      503: takenOver,
    },
    handle({ controls, engine, of, body }) {
      // `putState` checks the world.
      controls.putState(body as World, of);
      return stateReply(engine, of);
    },
  }),
  controlRoute("checkState", "post /__mock/state/check", {
    tag: "State",
    accountScoped: false,
    summary: "Checks a world",
    description: "Takes what `PUT /__mock/state` takes, says what is in it, and changes nothing.",
    body: { schema: worldSchema, examples: { "the default world": defaultWorld } },
    answerDescription: "The world can be used.",
    answer: z.strictObject({
      startsAt: date.nullable().describe("Where the clock would go; null if it would stay."),
      accounts: count.describe("The number of accounts."),
      orders: count.describe("The number of their orders."),
      addresses: count.describe("The number of the IP addresses of these orders."),
    }),
    problems: {
      400: { description: "The world is invalid: `issues` has all of its problems, with their lines." },
    },
    handle({ body }) {
      const { startsAt } = readWorld(body);
      const { accounts } = body as World;
      const orders = accounts.flatMap((account) => account.orders);
      const addresses = orders.reduce((sum, { ipAddresses }) => sum + ipAddresses.length, 0);
      return {
        json: {
          startsAt: startsAt === null ? null : isoDate(startsAt),
          accounts: accounts.length,
          orders: orders.length,
          addresses,
        },
      };
    },
  }),
  controlRoute("reset", "post /__mock/reset", {
    tag: "State",
    summary: "Resets the mock",
    description:
      "Restores the starting world and the clock, empties the log and removes all faults. With an account named, only what belongs to that account; the clock stays.",
    problems: { 503: takenOver },
    handle: ({ controls, of }) => void controls.reset(of),
  }),
];

/** A state can be very large, so it is sent in parts. */
function stateReply(engine: Engine, of: AccountRef | undefined): ControlReply<never> {
  const { accounts, ...rest } = engine.state(accountIdOf(engine, of));
  return { parts: inPieces(worldText(rest, accounts), 65_536), mediaType: "application/json" };
}

export const worldRoutes = [
  controlRoute("generateWorld", "post /__mock/world", {
    tag: "State",
    accountScoped: false,
    summary: "Generates a world and replaces the state with it",
    description: "The world has one account, `default`, which each API key gets a copy of.",
    body: {
      schema: worldOptionsSchema,
      examples: { "200 orders": { orders: 200, seed: 7, balance: 1_300 } },
    },
    answerDescription: "The accounts of the new world.",
    answer: z.strictObject({ accounts: listOf(accountSummary).describe("The accounts.") }),
    problems: {
      400: { description: "A world like that cannot be generated." },
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

export const mockRoutes = [
  controlRoute("getHealth", "get /__mock/health", {
    tag: "Mock",
    accountScoped: false,
    summary: "Whether the mock is ready",
    description: "Answers 200 once the mock is ready. Needs no token.",
    answerDescription: "The mock is ready.",
    answer: z.strictObject({
      status: z.literal("ok").describe("The mock is ready."),
      run: z.string().describe("Identifies this run of the mock. Each restart changes it."),
    }),
    handle: ({ run }) => ({ json: { status: "ok", run } as const }),
  }),
  controlRoute("getControlDocument", "get /__mock/openapi.json", {
    tag: "Mock",
    accountScoped: false,
    summary: "This document",
    description:
      "The OpenAPI document of the control API; the document of the mocked API is at `/openapi.json`.",
    answer: z.object({}).passthrough(),
    handle: async ({ request }) => ({
      parts: [await controlDocument(request)],
      mediaType: "application/json",
    }),
  }),
];
