import { z } from "zod/v3";
import {
  clockCommandExamples,
  clockCommandSchema,
  parseClockCommand,
} from "../../engine/time/clock-command.js";
import type { Passed, Time } from "../../engine/time/time.js";
import { StatelessError } from "../../proxy/upstream.js";
import { ControlError, controlRoute, noState, takenOver } from "../route.js";
import { clockState, passed } from "../schemas/clock.js";

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
    narrows: true,
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
    narrows: true,
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
    answer: { status: 200, says: "The clock, and what happened on the way.", schema: passed },
    problems: {
      400: { says: "What was sent can't be read, or the clock can't go there." },
      501: noState,
      503: takenOver,
    },
    handle({ engine: { time }, account, body, query: { limit } }) {
      const { now, frozen, renewals, ...all } = moved(time, account, body);
      const told = account === undefined ? renewals : renewals.filter((each) => each.account === account);
      const count = (type: string) => told.filter((each) => each.type === type).length;
      const { nextRenewal } = account === undefined ? all : time.state(account);
      const counts = { renewed: count("renewed"), failed: count("failed"), expired: count("expired") };
      return { json: { now, frozen, nextRenewal, ...counts, renewals: told.slice(0, limit) } };
    },
  }),
];

function moved(time: Time, account: string | undefined, sent: unknown): Passed {
  try {
    const order = parseClockCommand(sent);
    if ("advance" in order) return time.advance(order.advance);
    if ("to" in order) return time.moveTo(Date.parse(order.to));
    if ("toNextRenewal" in order) return time.toNextRenewal(account);
    return { ...("freeze" in order ? time.freeze() : time.flow()), renewals: [] };
  } catch (error) {
    if (!(error instanceof RangeError) || error instanceof StatelessError) throw error;
    const problem = { id: "mock/clock", status: 400, title: "Bad Request", detail: error.message };
    throw new ControlError({ error: problem });
  }
}
