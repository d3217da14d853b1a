import { type Command, InvalidArgumentError } from "commander";
import type { ClockCommand, ClockMove, ClockState } from "../../engine/time/schemas.js";
import {
  type Ask,
  addConnectionOptions,
  type ConnectionOptions,
  isNarrowed,
  type Output,
  onEach,
} from "../connection.js";
import { examplesHelp, type Io } from "../usage.js";

const examples = [
  ["clock", "the time, and when the next renewal is due"],
  ["clock advance 30d", "30 days ahead: orders renew or expire, renewals are paid"],
  ["clock advance 1d 12h", "a day and 12 hours ahead"],
  ["clock to 2030-01-31T12:00:00Z", "ahead to a time"],
  ["clock next", "ahead to the next renewal"],
  ["clock freeze", "freeze the clock; clock resume starts it again"],
] as const;

const notes = `
A renewal is due only after auto-extend was switched on for an order. Each API
key gets its account with its first request, and no time passes for the template
account. So after a start or a reset, switch an order on first.
The clock is that of all accounts, also with --account or --api-key.
Only a reset, or a state that is put, sets the clock back.`;

export function addClockCommand(program: Command, io: Io): void {
  const clock = addConnectionOptions(program.command("clock"))
    .description("Shows the clock of a running mock, or moves it.")
    .addHelpText("after", `${examplesHelp(io, examples)}${notes}`)
    .action(onEach(io, (ask, options) => runClock(ask, options)));

  const add = (name: string) => addConnectionOptions(clock.command(name));
  add("advance")
    .description("Advances the clock. Renewals and expiries that are due by then happen.")
    .argument("<span...>", "how far, such as 30d, 12h or both", addSpan)
    .action(onEach(io, (ask, options, span: Span) => runClock(ask, options, { advance: span })));
  add("to")
    .description("Advances the clock to a time.")
    .argument("<time>", "in ISO 8601, such as 2030-01-31T12:00:00Z")
    .action(onEach(io, (ask, options, to: string) => runClock(ask, options, { to })));
  add("next")
    .description("Advances the clock to the next renewal.")
    .addHelpText("after", notes)
    .action(onEach(io, (ask, options) => runClock(ask, options, { toNextRenewal: true })));
  add("freeze")
    .description("Freezes the clock.")
    .action(onEach(io, (ask, options) => runClock(ask, options, { freeze: true })));
  add("resume")
    .description("Starts the clock again.")
    .action(onEach(io, (ask, options) => runClock(ask, options, { resume: true })));
}

/** Sends the clock a command, or shows it. */
async function runClock(ask: Ask, options: ConnectionOptions, command?: ClockCommand): Promise<Output> {
  const method = command ? "POST" : "GET";
  const clock = await ask<ClockState & Partial<ClockMove>>({ method, path: "/clock", body: command });
  const { renewed, unpaid, expired } = clock;
  const isMoved = command && !("freeze" in command || "resume" in command);
  const passed = isMoved ? `On the way: ${renewed} renewed, ${unpaid} unpaid, ${expired} expired.\n` : "";
  return { json: clock, text: passed + clockText(clock, isNarrowed(options)) };
}

interface Span {
  readonly days?: number;
  readonly hours?: number;
}

function addSpan(text: string, before: Span | undefined): Span {
  const [, number = "", unit] = /^\+?(\d+(?:\.\d+)?)([dh])$/.exec(text) ?? [];
  if (unit === undefined) throw new InvalidArgumentError("Give days or hours, such as 30d or 12h.");
  const name = unit === "d" ? "days" : "hours";
  return { ...before, [name]: (before?.[name] ?? 0) + Number(number) };
}

function clockText({ now, frozen, nextRenewal }: ClockState, isOfOne: boolean): string {
  const renewal = isOfOne ? "renewal of this account" : "renewal";
  const why = isOfOne
    ? "auto-extend is on for none of its orders"
    : "no account in use has auto-extend on for an order";
  const next =
    nextRenewal === null ? `No ${renewal} is due: ${why}.` : `The next ${renewal} is due ${nextRenewal}.`;
  return `It is ${now}${frozen ? ", and the clock is frozen" : ""}.\n${next}\n`;
}
