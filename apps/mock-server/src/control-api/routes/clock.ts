import { z } from "zod/v3";
import {
  clockCommandExamples,
  clockCommandSchema,
  parseClockCommand,
} from "../../engine/time/clock-command.js";
import type { Time } from "../../engine/time/time.js";
import { type ClockMove, moveClock } from "../../engine/time/time.js";
import { StatelessError } from "../../proxy/upstream.js";
import { ControlError, controlRoute, noState, takenOver } from "../route.js";
import { clockMove, clockState } from "../state-schemas.js";

/** How many renewals are told of where nobody says. */
const usualLimit = 1_000;

/** The routes about the mock's time. */
export const clockRoutes = [
  controlRoute({
    id: "getClock",
    tag: "Clock",
    method: "get",
    path: "/__mock/clock",
    summary: "The mock's time",
    description:
      "The moment by the mock's clock, whether it stands still, and when the next renewal is due: in all accounts, or in one.",
    accountScoped: true,
    answer: { status: 200, says: "The clock.", schema: clockState },
    problems: { 501: noState },
    handle: ({ engine, account }) => ({ json: engine.time.state(account) }),
  }),
  controlRoute({
    id: "moveClock",
    tag: "Clock",
    method: "post",
    changesState: true,
    path: "/__mock/clock",
    summary: "Lets time pass, or stand still",
    description:
      "Send exactly one of `advance`, `to`, `toNextRenewal`, `freeze` and `flow`. The clock goes back by a reset alone. Narrowed to an account, the answer tells of that account alone, and `toNextRenewal` is its; time passes for all.",
    accountScoped: true,
    query: z
      .object({
        limit: z
          .number()
          .int()
          .min(0)
          .max(100_000)
          .default(usualLimit)
          .describe("How many renewals are told of, at most; all are counted."),
      })
      .strict(),
    body: { schema: clockCommandSchema, examples: clockCommandExamples },
    answer: { status: 200, says: "The clock, and what happened on the way.", schema: clockMove },
    problems: {
      400: { says: "What was sent can't be read, or the clock can't go there." },
      501: noState,
      503: takenOver,
    },
    handle({ engine: { time }, account, body, query: { limit } }) {
      const { renewals, ...move } = moved(time, account, body);
      return { json: { ...move, renewals: renewals.slice(0, limit) } };
    },
  }),
];

function moved(time: Time, account: string | undefined, sent: unknown): ClockMove {
  try {
    return moveClock(time, parseClockCommand(sent), account);
  } catch (error) {
    if (!(error instanceof RangeError) || error instanceof StatelessError) throw error;
    const problem = { id: "mock/clock", status: 400, title: "Bad Request", detail: error.message };
    throw new ControlError({ error: problem });
  }
}
