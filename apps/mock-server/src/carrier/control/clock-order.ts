import { formatIssues, issuesOf } from "@auto-extend/core";
import { z } from "zod";

/** What is sent to the clock: exactly one of these. */
export type ClockOrder = z.output<typeof clockOrderSchema>;

const orders = {
  advance: z
    .object({
      days: z.number().min(0).default(0).describe("So many days."),
      hours: z.number().min(0).default(0).describe("So many hours, on top of the days."),
    })
    .strict()
    .describe("Goes ahead by days, hours or both."),
  to: z
    .string()
    .datetime({ offset: true, message: "must be a moment such as 2030-01-31T12:00:00Z" })
    .describe("Goes ahead to this moment."),
  toNextRenewal: z.literal(true).describe("Goes ahead to the next renewal: of all accounts, or of one."),
  freeze: z.literal(true).describe("Stands still."),
  flow: z.literal(true).describe("Flows on, as fast as the machine's time."),
};

/** The schema of a {@link ClockOrder}. */
export const clockOrderSchema = z.union([
  z.object({ advance: orders.advance }).strict(),
  z.object({ to: orders.to }).strict(),
  z.object({ toNextRenewal: orders.toNextRenewal }).strict(),
  z.object({ freeze: orders.freeze }).strict(),
  z.object({ flow: orders.flow }).strict(),
]);

/** One of each kind. */
export const clockOrderExamples = {
  "go ahead": { advance: { days: 30, hours: 1 } },
  "go to a moment": { to: "2030-01-31T12:00:00Z" },
  "go to the next renewal": { toNextRenewal: true },
  "stand still": { freeze: true },
  "flow on": { flow: true },
} satisfies Record<string, z.input<typeof clockOrderSchema>>;

/**
 * Reads what was sent to the clock.
 *
 * @throws RangeError that says what can be sent.
 */
export function readClockOrder(sent: unknown): ClockOrder {
  const parsed = clockOrderSchema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const examples = Object.values(clockOrderExamples).map((example) => JSON.stringify(example));
  throw new RangeError(
    `${mistakeIn(sent)}Send the clock exactly one of ${examples.slice(0, -1).join(", ")} and ${examples.at(-1)}.`,
  );
}

/** What is wrong with the one kind that was meant; a union would say it of all of them. */
function mistakeIn(sent: unknown): string {
  const [name = "", ...others] = Object.keys(Object(sent));
  const meant = Object.entries(orders).find(([kind]) => kind === name)?.[1];
  if (meant === undefined || others.length > 0) return "";
  const error = z.object({ [name]: meant }).safeParse(sent).error;
  return error ? `${formatIssues(issuesOf(error))}. ` : "";
}
