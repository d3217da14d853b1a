import { formatIssues, issuesOf } from "@auto-extend/core";
import { z } from "zod/v3";
import { parseDate } from "../../lib/dates.js";
import { schemaMessages } from "../../lib/schema-messages.js";

/** A command for the clock: exactly one of these. */
export type ClockCommand = z.output<typeof clockCommandSchema>;

/** How far to advance the clock. */
export type Advance = z.output<typeof commands.advance>;

const commands = {
  advance: z
    .object({
      days: z.number().min(0).default(0).describe("The number of days."),
      hours: z.number().min(0).default(0).describe("The number of hours, added to the days."),
    })
    .strict()
    .describe("Advances by days, hours or both."),
  to: z
    .string()
    .refine((text) => /(?:Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(parseDate(text)), {
      message: "must be a time in ISO 8601, with a time zone",
    })
    .describe("Advances to this date, in ISO 8601."),
  toNextRenewal: z.literal(true).describe("Advances to the next renewal, of all accounts or of one."),
  freeze: z.literal(true).describe("Freezes the clock."),
  resume: z.literal(true).describe("Starts the clock again; it runs as fast as the machine's time."),
};

/** The schema of a {@link ClockCommand}. */
export const clockCommandSchema = z.union([
  z.object({ advance: commands.advance }).strict(),
  z.object({ to: commands.to }).strict(),
  z.object({ toNextRenewal: commands.toNextRenewal }).strict(),
  z.object({ freeze: commands.freeze }).strict(),
  z.object({ resume: commands.resume }).strict(),
]);

const examples = {
  advance: { days: 30, hours: 1 },
  to: "2030-01-31T12:00:00Z",
  toNextRenewal: true,
  freeze: true,
  resume: true,
} satisfies { [Kind in keyof typeof commands]: z.input<(typeof commands)[Kind]> };

/** One of each kind. */
export const clockCommandExamples = {
  advance: { advance: examples.advance },
  "advance to a date": { to: examples.to },
  "advance to the next renewal": { toNextRenewal: true },
  freeze: { freeze: true },
  "start again": { resume: true },
} satisfies Record<string, z.input<typeof clockCommandSchema>>;

/** @throws RangeError that lists the commands if it is not one of them. */
export function parseClockCommand(sent: unknown): ClockCommand {
  const fields: [string, unknown][] = Object.entries(Object(sent));
  const [[name, value] = []] = fields;
  const kind = kinds.find((each) => each === name);
  if (kind !== undefined && fields.length === 1) {
    return { [kind]: kind === "advance" ? readAdvance(value) : readBy(kind, value) } as ClockCommand;
  }
  const all = Object.values(clockCommandExamples).map((example) => JSON.stringify(example));
  throw new RangeError(`Send the clock exactly one of ${all.slice(0, -1).join(", ")} and ${all.at(-1)}.`);
}

/** @throws RangeError if the value is invalid. */
export function readAdvance(by: unknown): Advance {
  const advance = readBy("advance", by);
  if (advance.days > 0 || advance.hours > 0) return advance;
  throw new RangeError("The command is invalid: advance must have days or hours, more than 0 together.");
}

/**
 * Reads a date in ISO 8601.
 *
 * @param name its name in error messages.
 * @throws RangeError if the value is invalid.
 */
export function readDate(time: unknown, name: string): string {
  return readBy("to", time, name);
}

const kinds = Object.keys(commands) as (keyof typeof commands)[];

function readBy<Kind extends keyof typeof commands>(
  kind: Kind,
  value: unknown,
  name: string = kind,
): z.output<(typeof commands)[Kind]> {
  const parsed = commands[kind].safeParse(value, {
    path: [name],
    errorMap: schemaMessages(z.object({ [name]: commands[kind] })),
  });
  if (parsed.success) return parsed.data;
  throw new RangeError(
    `The command is invalid: ${formatIssues(issuesOf(parsed.error))}. An example: ${JSON.stringify(examples[kind])}.`,
  );
}
