import { formatIssues, issuesOf } from "@auto-extend/core";
import { z } from "zod/v3";
import { schemaMessages } from "../../lib/schema-messages.js";

/** What the clock is told: exactly one of these. */
export type ClockCommand = z.output<typeof clockCommandSchema>;

/** How far the clock is to go ahead. */
export type Advance = z.output<typeof commands.advance>;

const commands = {
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

/** The schema of a {@link ClockCommand}. */
export const clockCommandSchema = z.union([
  z.object({ advance: commands.advance }).strict(),
  z.object({ to: commands.to }).strict(),
  z.object({ toNextRenewal: commands.toNextRenewal }).strict(),
  z.object({ freeze: commands.freeze }).strict(),
  z.object({ flow: commands.flow }).strict(),
]);

const examples = {
  advance: { days: 30, hours: 1 },
  to: "2030-01-31T12:00:00Z",
  toNextRenewal: true,
  freeze: true,
  flow: true,
} satisfies { [Kind in keyof typeof commands]: z.input<(typeof commands)[Kind]> };

/** One of each kind. */
export const clockCommandExamples = {
  "go ahead": { advance: examples.advance },
  "go to a moment": { to: examples.to },
  "go to the next renewal": { toNextRenewal: true },
  "stand still": { freeze: true },
  "flow on": { flow: true },
} satisfies Record<string, z.input<typeof clockCommandSchema>>;

/**
 * Reads an order.
 *
 * @throws RangeError that says what can be ordered.
 */
export function parseClockCommand(sent: unknown): ClockCommand {
  const parsed = clockCommandSchema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const [name = "", ...others] = Object.keys(Object(sent));
  // Of the one kind that was meant it can be said what is wrong; a union would say it of all of them.
  const meant = kinds.find((kind) => kind === name);
  if (meant && others.length === 0) readBy(meant, (sent as Record<string, unknown>)[meant]);
  const all = Object.values(clockCommandExamples).map((example) => JSON.stringify(example));
  throw new RangeError(`Send the clock exactly one of ${all.slice(0, -1).join(", ")} and ${all.at(-1)}.`);
}

/**
 * Reads how far the clock is to go ahead.
 *
 * @throws RangeError where it can't be read.
 */
export function readAdvance(by: unknown): Advance {
  return readBy("advance", by);
}

/**
 * Reads the moment to which the clock is to go, in ISO 8601.
 *
 * @param name what it is called where it is wrong.
 * @throws RangeError where it can't be read.
 */
export function readMoment(moment: unknown, name: string): string {
  return readBy("to", moment, name);
}

const kinds = Object.keys(commands) as (keyof typeof commands)[];

function readBy<Kind extends keyof typeof commands>(
  kind: Kind,
  value: unknown,
  name: string = kind,
): z.output<(typeof commands)[Kind]> {
  const parsed = commands[kind].safeParse(value, { path: [name], errorMap: schemaMessages });
  if (parsed.success) return parsed.data;
  throw new RangeError(
    `The clock can't do that: ${formatIssues(issuesOf(parsed.error))}. An example: ${JSON.stringify(examples[kind])}.`,
  );
}
