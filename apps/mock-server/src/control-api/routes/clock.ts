import { z } from "zod/v3";
import { type AccountName, type ClockControls, clockProblem } from "../../controls.js";
import {
  type ClockCommand,
  clockCommandExamples,
  clockCommandSchema,
  parseClockCommand,
} from "../../engine/time/clock-command.js";
import type { ClockMove } from "../../engine/time/time.js";
import { controlRoute, noState, takenOver } from "../route.js";
import { clockMove, clockState } from "../state-schemas.js";

export const clockRoutes = [
  controlRoute({
    id: "getClock",
    tag: "Clock",
    method: "get",
    path: "/__mock/clock",
    summary: "The mock's time",
    description:
      "The time by the mock's clock, whether it is frozen, and when the next renewal is due: in all accounts, or in one.",
    accountScoped: true,
    answer: { status: 200, says: "The clock.", schema: clockState },
    problems: { 501: noState },
    handle: ({ controls, of }) => ({ json: controls.clock.state(of) }),
  }),
  controlRoute({
    id: "moveClock",
    tag: "Clock",
    method: "post",
    path: "/__mock/clock",
    summary: "Moves, freezes or starts the clock",
    description:
      "Send exactly one of `advance`, `to`, `toNextRenewal`, `freeze` and `resume`. Only a reset sets the clock back. With an account named, the answer is about that account only, and `toNextRenewal` goes to its next renewal; time passes for all accounts.",
    accountScoped: true,
    query: z
      .object({
        limit: z
          .number()
          .int()
          .min(0)
          .max(100_000)
          .default(1_000)
          .describe("The maximum number of renewals in the answer; all are counted."),
      })
      .strict(),
    body: { schema: clockCommandSchema, examples: clockCommandExamples },
    answer: { status: 200, says: "The clock, and what happened on the way.", schema: clockMove },
    problems: {
      400: { says: "The command is invalid." },
      409: { says: "The clock can't go there: it is in the past or too far ahead, or no renewal is due." },
      501: noState,
      503: takenOver,
    },
    handle({ controls, of, body, query: { limit } }) {
      const command = clockProblem(400, () => parseClockCommand(body));
      const { renewals, ...move } = run(controls.clock, command, of);
      return { json: { ...move, renewals: renewals.slice(0, limit) } };
    },
  }),
];

function run(clock: ClockControls, command: ClockCommand, of: AccountName | undefined): ClockMove {
  if ("advance" in command) return clock.advance(command.advance, of);
  if ("to" in command) return clock.moveTo(command.to, of);
  if ("toNextRenewal" in command) return clock.toNextRenewal(of);
  return "freeze" in command ? clock.freeze(of) : clock.resume(of);
}
