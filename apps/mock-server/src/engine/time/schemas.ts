import { proxyTypes, timeOf } from "@auto-extend/core";
import { z } from "zod/v3";
import { date, listOf, readWith, whole } from "../../lib/schemas.js";

/** Commands for the clock, and the clock and the renewals as the engine and the control API report them. */

export const renewalGroup = z
  .strictObject({
    orderId: z.string().describe("Their order."),
    proxyType: z.enum(proxyTypes).describe("Their type."),
    rentPeriodDays: z.number().describe("Their rental period, in days."),
    ipAddressIds: listOf(z.string()).describe("Their IDs."),
  })
  .describe("IP addresses that renew or expire together.");

const renewal = {
  at: date.describe("When it happened."),
  group: renewalGroup,
  balance: z.number().describe("The balance after it."),
};

const price = z.number().describe("The price, in units of the currency.");

const renewed = {
  ...renewal,
  type: z.literal("renewed").describe("They were renewed and paid."),
  price,
  endsAt: date.describe("Their new end."),
};
const failed = {
  ...renewal,
  type: z.literal("failed").describe("Their renewal was due, and was unpaid."),
  price: price.nullable().describe("The price of the renewal; null if it has no price."),
};
const expired = {
  ...renewal,
  type: z.literal("expired").describe("They expired."),
  because: z
    .enum(["off", "incomplete", "unpaid"])
    .describe(
      "off: auto-extend was off. incomplete: it was on for a part of an IPv6 order only. unpaid: a renewal was unpaid.",
    ),
};

export const renewalEvent = z.union([
  z.strictObject(renewed),
  z.strictObject(failed),
  z.strictObject(expired),
]);

/** The state of the mock's clock. */
export type ClockState = Readonly<z.output<typeof clockState>>;

export const clockState = z
  .strictObject({
    now: date.describe("The time by the mock's clock."),
    frozen: z.boolean().describe("Whether the clock is frozen."),
    nextRenewal: date
      .nullable()
      .describe(
        "When the next renewal is due; null if none is. Only accounts that have received a request renew.",
      ),
  })
  .describe("The mock's clock.");

const account = z.string().describe("The ID of the account.");

/** An event of an account's orders: renewed, failed or expired. */
export type AccountRenewalEvent = z.output<typeof accountRenewalEvent>;

const accountRenewalEvent = z.union([
  z.strictObject({ account, ...renewed }),
  z.strictObject({ account, ...failed }),
  z.strictObject({ account, ...expired }),
]);

/** The clock after a command, and what happened on the way. */
export type ClockMove = Readonly<z.output<typeof clockMove>>;

export const clockMove = clockState
  .extend({
    renewed: whole.describe("How many renewals were paid on the way."),
    unpaid: whole.describe("How many were unpaid."),
    expired: whole.describe(
      "How many groups of IP addresses expired: addresses of an order that expire together count once.",
    ),
    renewals: listOf(accountRenewalEvent).describe(
      "What happened, account by account, each in order of time: at most `limit` of them.",
    ),
  })
  .describe("The clock after a command, and what happened on the way.");

/** A date, or a date and a time with its zone. */
const writtenTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** A time to which the clock can be moved. A date alone stands for its start, in UTC. */
export const clockTime = z
  .string()
  .regex(
    writtenTime,
    "must be a date, or a date and time with its zone, such as 2030-01-31 or 2030-01-31T12:00:00Z",
  )
  .refine((text) => !writtenTime.test(text) || !Number.isNaN(timeOf(text)), "is not a date that exists");

/** A command for the clock: exactly one of these. */
export type ClockCommand = z.input<typeof clockCommandSchema>;

const commands = {
  advance: z
    .strictObject({
      days: z.number().min(0).default(0).describe("The number of days."),
      hours: z.number().min(0).default(0).describe("The number of hours, added to the days."),
    })
    .describe("Advances by days, hours or both."),
  to: clockTime.describe("Advances to this time, in ISO 8601; a date alone is its start, in UTC."),
  toNextRenewal: z.literal(true).describe("Advances to the next renewal, of all accounts or of one."),
  freeze: z.literal(true).describe("Freezes the clock."),
  resume: z.literal(true).describe("Starts the clock again; it runs as fast as the machine's time."),
};

export const clockCommandSchema = z.union([
  z.strictObject({ advance: commands.advance }),
  z.strictObject({ to: commands.to }),
  z.strictObject({ toNextRenewal: commands.toNextRenewal }),
  z.strictObject({ freeze: commands.freeze }),
  z.strictObject({ resume: commands.resume }),
]);

export const clockCommandExamples = {
  advance: { advance: { days: 30, hours: 1 } },
  "advance to a date": { to: "2030-01-31T12:00:00Z" },
  "advance to the next renewal": { toNextRenewal: true },
  freeze: { freeze: true },
  "start again": { resume: true },
} satisfies Record<string, ClockCommand>;

const examples = Object.values(clockCommandExamples).map((example) => JSON.stringify(example));

/** `example` shows how to write such a command. It throws a RangeError that says what is wrong, and how to write one. */
export function parseClockCommand(sent: unknown, example?: string): ClockCommand {
  const names = Object.keys(Object(sent));
  const kind = Object.keys(commands).find((each) => each === names[0]) as keyof typeof commands | undefined;
  if (kind === undefined || names.length > 1) {
    throw new RangeError(
      `Send the clock exactly one of ${examples.slice(0, -1).join(", ")} and ${examples.at(-1)}.`,
    );
  }
  const invalid = (problems: string) =>
    new RangeError(
      `${problems}. An example: ${example ?? examples.find((each) => each.startsWith(`{"${kind}"`))}.`,
    );
  const command = readWith(z.object({ [kind]: commands[kind] }), sent, invalid) as ClockCommand;
  if ("advance" in command && !command.advance.days && !command.advance.hours) {
    throw invalid("advance must be more than 0: give days, hours or both");
  }
  return command;
}

/** @param isOfOne whether only one account is meant. */
export function noRenewalText(isOfOne: boolean): string {
  const none = isOfOne ? "this account does not have" : "no account in use has";
  return `No renewal is due: ${none} auto-extend on for an order that can renew.`;
}
