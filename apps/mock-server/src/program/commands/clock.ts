import { type Command, InvalidArgumentError } from "commander";
import { addConnectionOptions, askForJson, type ConnectionOptions, jsonText } from "../connection.js";
import type { Io } from "../io.js";

/** The clock as `POST /__mock/clock` returns it; without the counts it is what GET returns. */
interface Clock {
  readonly now: string;
  readonly frozen: boolean;
  readonly nextRenewal: string | null;
  readonly renewed?: number;
  readonly failed?: number;
  readonly expired?: number;
}

const examples = `
Examples:
  auto-extend-mock clock                          the time, and when the next renewal is due
  auto-extend-mock clock advance 30d              30 days ahead: renews, debits, lets expire
  auto-extend-mock clock advance 1d 12h           a day and 12 hours
  auto-extend-mock clock set 2030-01-31T12:00:00Z
  auto-extend-mock clock next                     to the next renewal
  auto-extend-mock clock freeze                   stops it; flow starts it again

The clock never goes back, except by auto-extend-mock reset.`;

/** Adds `clock`: it shows and moves the clock of a running mock. */
export function addClockCommand(program: Command, io: Pick<Io, "env" | "stdout">): void {
  const clock = addConnectionOptions(program.command("clock"))
    .description("Shows the clock of a running mock, or moves it.")
    .addHelpText("after", examples)
    .action((options: ConnectionOptions) => show(options));

  addConnectionOptions(clock.command("advance"))
    .description("Advances the clock, and lets happen what is due on the way.")
    .argument("<span...>", "how far, such as 30d, 12h or both", addSpan)
    .action((span: Span, options: ConnectionOptions) => advance(options, { advance: span }));
  addConnectionOptions(clock.command("set"))
    .description("Advances the clock to a time.")
    .argument("<time>", "in ISO 8601, such as 2030-01-31T12:00:00Z")
    .action((to: string, options: ConnectionOptions) => advance(options, { to }));
  addConnectionOptions(clock.command("next"))
    .description("Advances the clock to the next renewal.")
    .action((options: ConnectionOptions) => advance(options, { toNextRenewal: true }));
  addConnectionOptions(clock.command("freeze"))
    .description("Stops the clock.")
    .action((options: ConnectionOptions) => move(options, { freeze: true }));
  addConnectionOptions(clock.command("flow"))
    .description("Starts the clock again.")
    .action((options: ConnectionOptions) => move(options, { flow: true }));

  async function show(options: ConnectionOptions): Promise<void> {
    print(await askForJson<Clock>(options, { path: "/clock" }, io), options);
  }

  async function advance(options: ConnectionOptions, body: object): Promise<void> {
    const state = await askForJson<Clock>(options, { method: "POST", path: "/clock", body }, io);
    const { renewed = 0, failed = 0, expired = 0 } = state;
    print(state, options, `On the way: ${renewed} renewed, ${failed} not paid, ${expired} ended.\n`);
  }

  async function move(options: ConnectionOptions, body: object): Promise<void> {
    print(await askForJson<Clock>(options, { method: "POST", path: "/clock", body }, io), options);
  }

  function print(state: Clock, { json = false }: ConnectionOptions, passed = ""): void {
    io.stdout(json ? jsonText(state) : passed + clockText(state));
  }
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

function clockText({ now, frozen, nextRenewal }: Clock): string {
  const next = nextRenewal === null ? "No renewal is due." : `The next renewal is due ${nextRenewal}.`;
  return `It is ${now}${frozen ? ", and the clock stands still" : ""}.\n${next}\n`;
}
