import { z } from "zod/v3";
import { runClock } from "../../controls.js";
import {
  clockCommandExamples,
  clockCommandSchema,
  clockMove,
  clockState,
} from "../../engine/time/schemas.js";
import { count } from "../../lib/schemas.js";
import { controlRoute, takenOver } from "../route.js";

export const clockRoutes = [
  controlRoute("getClock", "get /__mock/clock", {
    tag: "Clock",
    summary: "The mock's time",
    description:
      "The time by the mock's clock, whether it is frozen, and when the next renewal is due: in all accounts, or in one.",
    answer: clockState,
    handle: ({ controls, of }) => ({ json: controls.clock.state(of) }),
  }),
  controlRoute("moveClock", "post /__mock/clock", {
    tag: "Clock",
    summary: "Moves, freezes or starts the clock",
    description:
      "Send exactly one of `advance`, `to`, `toNextRenewal`, `freeze` and `resume`. Only a reset, or replacing the state, sets the clock back. With an account named, the answer is about that account only, and `toNextRenewal` goes to its next renewal; time passes for all accounts.",
    query: z.strictObject({
      limit: count
        .max(100_000)
        .default(1_000)
        .describe("The maximum number of renewals in the answer; all are counted."),
    }),
    body: { schema: clockCommandSchema, examples: clockCommandExamples },
    answerDescription: "The clock, and what happened on the way.",
    answer: clockMove,
    problems: {
      400: { description: "The command is invalid." },
      409: {
        description: "The clock can't go there: it is in the past or too far ahead, or no renewal is due.",
      },
      503: takenOver,
    },
    handle({ engine, of, body, query: { limit } }) {
      const { renewals, ...move } = runClock(engine, body, of);
      return { json: { ...move, renewals: renewals.slice(0, limit) } };
    },
  }),
];
