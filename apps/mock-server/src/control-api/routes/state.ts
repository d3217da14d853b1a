import { defaultWorld } from "../../engine/state/default-world.js";
import { worldSchema } from "../../engine/state/world.js";
import { controlRoute, noState, takenOver } from "../route.js";
import { worldProblem } from "../state-schemas.js";

/** The routes about the accounts. */
export const stateRoutes = [
  controlRoute({
    id: "getState",
    tag: "State",
    method: "get",
    path: "/__mock/state",
    summary: "The accounts",
    description:
      "The accounts and their orders, in the format of a world file: every moment is absolute, and no API key is in it.",
    accountScoped: true,
    answer: { status: 200, says: "The state.", schema: worldSchema },
    problems: { 501: noState },
    handle: ({ engine, account }) => ({ json: engine.state(account) }),
  }),
  controlRoute({
    id: "putState",
    tag: "State",
    method: "put",
    changesState: true,
    path: "/__mock/state",
    summary: "Puts a world in place of the state",
    description:
      "Takes a world as a world file has it, and what `GET /__mock/state` gives. Narrowed to an account, the world has that account alone, and the others stay. A world with problems changes nothing.",
    accountScoped: true,
    body: { schema: worldSchema, examples: { "the default world": defaultWorld } },
    answer: { status: 200, says: "The state, as it is now.", schema: worldSchema },
    problems: {
      400: { says: "The world can't be used.", schema: worldProblem },
      501: noState,
      503: takenOver,
    },
    handle({ engine, account, body }) {
      engine.putState(body, account);
      return { json: engine.state(account) };
    },
  }),
  controlRoute({
    id: "reset",
    tag: "State",
    method: "post",
    changesState: true,
    path: "/__mock/reset",
    summary: "Back to the start",
    description:
      "The starting world, an empty log, no faults, and the clock as at the start. Narrowed to an account, only what is that account's; the clock is everyone's.",
    accountScoped: true,
    answer: { status: 204, says: "Done." },
    problems: { 503: takenOver },
    handle({ engine, account }) {
      engine.reset(account);
      return "nothing";
    },
  }),
];
