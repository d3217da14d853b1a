import { type Command, InvalidArgumentError } from "commander";
import {
  type ClockCommand,
  type ClockMove,
  type ClockState,
  clockTime,
  noRenewalText,
} from "../../engine/time/schemas.js";
import { pluralize } from "../../lib/text.js";
import {
  addConnectionOptions,
  type CallMock,
  type ConnectionOptions,
  isAccountScoped,
  type Output,
  onEach,
} from "../connection.js";
import { examplesHelp, type Io, UsageError, valueBy } from "../usage.js";

const examples = [
  ["clock", "the time, and when the next renewal is due"],
  ["clock advance 30d", "30 days ahead: orders renew or expire, renewals are paid"],
  ["clock advance 1d 12h", "a day and 12 hours ahead"],
  ["clock to 2030-01-31", "ahead to a date, or to a time such as 2030-01-31T12:00:00Z"],
  ["clock next", "ahead to the next renewal"],
  ["clock freeze", "freeze the clock; clock resume starts it again"],
] as const;

const notes = `
A renewal is due only after auto-extend was switched on for an order. Each API
key gets its account with its first request, and no time passes for the template
account. So after a start or a reset, switch an order on first.
Only a reset, or replacing the state (PUT /__mock/state), sets the clock back.`;

const limits = {
  account: "report only this account's renewals; all accounts share the clock",
  apiKey: "the same for the account of this API key",
};

export function addClockCommand(program: Command, io: Io): void {
  const clock = addConnectionOptions(program.command("clock"), limits)
    .description("Show, advance, freeze or resume the clock of a running mock.")
    .addHelpText("after", `${examplesHelp(io, examples)}${notes}`)
    .action(onEach(io, (call, options) => runClock(call, options)));

  const add = (name: string) => addConnectionOptions(clock.command(name), limits);
  add("advance")
    .description("Advance the clock. Renewals and expiries that are due by then happen.")
    .argument("<span...>", "how far, such as 12h, 30d, 2w or several of them", addSpan)
    .action(
      onEach(io, (call, options, span: Span) => {
        if (span.days + span.hours > 0) return runClock(call, options, { advance: span });
        throw new UsageError("The span must be more than 0, such as 12h, 30d or 2w.");
      }),
    );
  add("to")
    .description("Advance the clock to a time.")
    .argument("<time>", "in ISO 8601, such as 2030-01-31 or 2030-01-31T12:00:00Z", valueBy(clockTime))
    .action(onEach(io, (call, options, to: string) => runClock(call, options, { to })));
  add("next")
    .description("Advance the clock to the next renewal.")
    .addHelpText("after", notes)
    .action(onEach(io, (call, options) => runClock(call, options, { toNextRenewal: true })));
  add("freeze")
    .description("Freeze the clock.")
    .action(onEach(io, (call, options) => runClock(call, options, { freeze: true })));
  add("resume")
    .description("Start the clock again.")
    .action(onEach(io, (call, options) => runClock(call, options, { resume: true })));
}

/** Sends the clock a command, or shows it. */
async function runClock(call: CallMock, options: ConnectionOptions, command?: ClockCommand): Promise<Output> {
  const method = command ? "POST" : "GET";
  const clock = await call<ClockState & Partial<ClockMove>>({ method, path: "/clock", body: command });
  const { renewed = 0, unpaid, expired = 0 } = clock;
  const isMoved = command && !("freeze" in command || "resume" in command);
  const passed = isMoved
    ? `Meanwhile: ${pluralize(renewed, "renewal")} paid, ${unpaid} unpaid, ${pluralize(expired, "group")} of addresses expired.\n`
    : "";
  return { json: clock, text: passed + clockText(clock, isAccountScoped(options)) };
}

interface Span {
  readonly days: number;
  readonly hours: number;
}

function addSpan(text: string, { days, hours }: Span = { days: 0, hours: 0 }): Span {
  const [, digits, unit = ""] = /^\+?(\d{1,6}(?:\.\d+)?)([hdw])$/i.exec(text) ?? [];
  const number = Number(digits);
  switch (unit.toLowerCase()) {
    case "h":
      return { days, hours: hours + number };
    case "d":
      return { days: days + number, hours };
    case "w":
      return { days: days + 7 * number, hours };
    default:
      throw new InvalidArgumentError("Give hours, days or weeks, such as 12h, 30d or 2w.");
  }
}

function clockText({ now, frozen, nextRenewal }: ClockState, isOfOne: boolean): string {
  const whose = isOfOne ? " of this account" : "";
  const next =
    nextRenewal === null ? noRenewalText(isOfOne) : `The next renewal${whose} is due at ${nextRenewal}.`;
  return `It is ${now}${frozen ? ", and the clock is frozen" : ""}.\n${next}\n`;
}
