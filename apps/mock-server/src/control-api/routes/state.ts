import { problem } from "@auto-extend/core";
import { z } from "zod/v3";
import { type AccountName, accountIdOf } from "../../controls.js";
import type { Engine } from "../../engine/engine.js";
import { defaultWorld } from "../../engine/state/default-world.js";
import { type World, worldSchema } from "../../engine/state/world.js";
import { worldText } from "../../engine/state/world-text.js";
import { listOf } from "../../lib/schemas.js";
import { inPieces } from "../../lib/text.js";
import { type ControlReply, controlRoute, noState, takenOver } from "../route.js";

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

export const stateRoutes = [
  controlRoute({
    id: "getState",
    tag: "State",
    method: "get",
    path: "/__mock/state",
    summary: "The accounts",
    description:
      'The accounts and their orders, in the format of a world file: every date is absolute, and no API key is included. The account "default" is the template that new API keys get a copy of.',
    accountScoped: true,
    answer: { status: 200, says: "The state.", schema: worldSchema },
    problems: { 501: noState },
    handle: ({ engine, of }) => stateReply(engine, of),
  }),
  controlRoute({
    id: "putState",
    tag: "State",
    method: "put",
    path: "/__mock/state",
    summary: "Replaces the state with a world",
    description:
      "Takes a world as in a world file, or as `GET /__mock/state` returns it. With an account named, the world contains only that account, and the others stay. An invalid world changes nothing.",
    accountScoped: true,
    body: { schema: worldSchema, examples: { "the default world": defaultWorld } },
    answer: { status: 200, says: "The new state.", schema: worldSchema },
    problems: {
      400: { says: "The world is invalid.", schema: worldProblem },
      501: noState,
      503: takenOver,
    },
    handle({ controls, engine, of, body }) {
      // `putState` checks the world.
      controls.putState(body as World, of);
      return stateReply(engine, of);
    },
  }),
  controlRoute({
    id: "reset",
    tag: "State",
    method: "post",
    path: "/__mock/reset",
    summary: "Resets the mock",
    description:
      "Restores the starting world and the clock, empties the log and removes all faults. With an account named, only what belongs to that account; the clock stays.",
    accountScoped: true,
    answer: { status: 204, says: "Done." },
    problems: { 503: takenOver },
    handle({ controls, of }) {
      controls.reset(of);
      return "nothing";
    },
  }),
];

/** A state can be very large, so it is sent in parts. */
function stateReply(engine: Engine, of: AccountName | undefined): ControlReply<never> {
  const { accounts, ...rest } = engine.state(accountIdOf(engine, of));
  return { parts: inPieces(worldText(rest, accounts)), mediaType: "application/json" };
}
