import { formatIssues, issuesOf } from "@auto-extend/core";
import { z } from "zod/v3";
import { schemaMessages } from "../../lib/schema-messages.js";

/** A command for the clock: exactly one of these. */
export type ClockCommand = z.output<typeof clockCommandSchema>;

/** How far to advance the clock. */
export type Advance = z.output<typeof commands.advance>;

const commands = {
  advance: z
    .object({
      days: z.number().min(0).default(0).describe("Days to advance."),
      hours: z.number().min(0).default(0).describe("Hours to advance, in addition to the days."),
    })
    .strict()
    .describe("Advances the clock by days, hours or both."),
  to: z
    .string()
    .datetime({ offset: true, message: "must be a date such as 2030-01-31T12:00:00Z" })
    .describe("Advances the clock to this time."),
  toNextRenewal: z
    .literal(true)
    .describe("Advances the clock to the next renewal, of all accounts or of one."),
  freeze: z.literal(true).describe("Stops the clock."),
  flow: z.literal(true).describe("Starts the clock again; it runs as fast as the machine's time."),
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
  advance: { advance: examples.advance },
  "move to a time": { to: examples.to },
  "move to the next renewal": { toNextRenewal: true },
  freeze: { freeze: true },
  flow: { flow: true },
} satisfies Record<string, z.input<typeof clockCommandSchema>>;

/**
 * Reads a command.
 *
 * @throws RangeError that lists the possible commands.
 */
export function parseClockCommand(sent: unknown): ClockCommand {
  const parsed = clockCommandSchema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const [name = "", ...others] = Object.keys(Object(sent));
  // A union would report the problems of all kinds of commands.
  const meant = kinds.find((kind) => kind === name);
  if (meant && others.length === 0) readBy(meant, (sent as Record<string, unknown>)[meant]);
  const all = Object.values(clockCommandExamples).map((example) => JSON.stringify(example));
  throw new RangeError(`Send the clock exactly one of ${all.slice(0, -1).join(", ")} and ${all.at(-1)}.`);
}

/** @throws RangeError if it cannot be used. */
export function readAdvance(by: unknown): Advance {
  return readBy("advance", by);
}

/**
 * Reads the time to which the clock is moved, in ISO 8601.
 *
 * @param name its name in error messages.
 * @throws RangeError if it cannot be used.
 */
export function readMoment(time: unknown, name: string): string {
  return readBy("to", time, name);
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
