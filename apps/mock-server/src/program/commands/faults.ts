import { printable } from "@auto-extend/core";
import { type Command, InvalidArgumentError } from "commander";
import { listedPresets, type Preset, type PresetOption, presets } from "../../engine/faults/presets.js";
import type { WaitingFault } from "../../engine/faults/queue.js";
import { pluralize } from "../../lib/text.js";
import { wholeNumber } from "../arguments.js";
import {
  addConnectionOptions,
  askForJson,
  askMock,
  type ConnectionOptions,
  jsonText,
} from "../connection.js";
import type { Io } from "../io.js";

const ways = `Ask for one:

  in a request      curl ... -H 'prefer: fault=slow; ms=500'
                    several at once: -H 'prefer: fault=slow+lost-answer; ms=500'
  without a header  an order id or an API key such as "fault-slow:ms=500"
  for those to come auto-extend-mock faults add gateway-502 applied=true --times 2

auto-extend-mock explain tells what a fault did to a request.
`;

const examples = `
Examples:
  auto-extend-mock faults                                        all presets, and how to ask for them
  auto-extend-mock faults add gateway-502 --times 2              for the next two requests
  auto-extend-mock faults add slow ms=500 --share 0.1            for one request in ten
  auto-extend-mock faults add error code=29 --order 11111        for requests that name this order
  auto-extend-mock faults list                                   those that wait for requests
  auto-extend-mock faults clear fault-1                          takes one back; without an id, all`;

interface AddOptions extends ConnectionOptions {
  readonly times?: number;
  readonly share?: number;
  readonly seed?: number;
  readonly order?: string;
  readonly operation?: string;
  readonly type?: string;
  readonly switch?: boolean;
}

/** Adds `faults`: it shows the faults that have a name, and adds, lists and removes those of a running mock. */
export function addFaultsCommand(program: Command, io: Pick<Io, "env" | "stdout">): void {
  const faults = program
    .command("faults")
    .description("Shows what can go wrong on purpose, and makes it happen in a running mock.")
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", examples)
    .allowExcessArguments(false)
    .option("--json", "print JSON")
    .action(({ json = false }: { json?: boolean }) => io.stdout(json ? jsonTable() : textTable()));

  addConnectionOptions(faults.command("list"))
    .description("Lists the faults that wait for requests.")
    .action(async (options: ConnectionOptions) => {
      const list = await askForJson<{ faults: WaitingFault[] }>(options, { path: "/faults" }, io);
      if (options.json) io.stdout(jsonText(list.faults));
      else io.stdout(list.faults.length === 0 ? "No fault waits.\n" : list.faults.map(waitingText).join(""));
    });

  addConnectionOptions(faults.command("add"))
    .description("Adds a fault for requests to come.")
    .argument("<preset>", "the name of a preset, as auto-extend-mock faults lists them")
    .argument("[option...]", "options of the preset, such as ms=500")
    .option("--times <number>", "for how many requests (default: all)", wholeNumber(1, 1_000_000_000))
    .option("--share <share>", "the share of requests that it strikes, such as 0.1 (default: all)", share)
    .option("--seed <number>", "draws the share and delays (default: 1)", wholeNumber(0, 999_999_999))
    .option("--order <id>", "only requests that name this order")
    .option("--operation <name>", "only this operation, such as setAutoExtend")
    .option("--type <type>", "only this proxy type")
    .option("--switch <on|off>", "only requests that switch on, or off", onOrOff)
    .action(async (preset: string, given: string[], options: AddOptions) => {
      const { times, share: part, seed, order: orderId, operation, type: proxyType } = options;
      const match = { orderId, operation, proxyType, autoExtend: options.switch };
      const body = { preset, options: optionsOf(given), times, share: part, seed, match };
      const request = { method: "POST", path: "/faults", body } as const;
      const fault = await askForJson<WaitingFault>(options, request, io);
      io.stdout(options.json ? jsonText(fault) : waitingText(fault));
    });

  addConnectionOptions(faults.command("clear"))
    .description("Removes a fault that waits, or all of them.")
    .argument("[id]", "the id of the fault (default: all)")
    .action(async (id: string | undefined, options: ConnectionOptions) => {
      const path = id === undefined ? "/faults" : `/faults/${encodeURIComponent(id)}`;
      await askMock(options, { method: "DELETE", path }, io);
      if (options.json) io.stdout(jsonText({ cleared: id ?? "all" }));
      else io.stdout(`Removed ${id ?? "all faults"}.\n`);
    });
}

function optionsOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name = "", value = ""] = /^([\w-]+)=(.*)$/s.exec(text) ?? [];
      if (name === "")
        throw new InvalidArgumentError(`Give options as NAME=VALUE, such as ms=500: "${text}" is none.`);
      return [name, value];
    }),
  );
}

function share(text: string): number {
  const number = Number(text);
  if (/^\d*\.?\d+$/.test(text) && number > 0 && number <= 1) return number;
  throw new InvalidArgumentError("Give a number above 0, and 1 at most, such as 0.1.");
}

function onOrOff(text: string): boolean {
  if (text === "on" || text === "off") return text === "on";
  throw new InvalidArgumentError("Give on or off.");
}

/** One fault on one line. */
function waitingText({ id, preset, fault, match, left, share: part, struck }: WaitingFault): string {
  const which = Object.entries(match).map(([name, value]) => `${name} ${value}`);
  const details = [
    left === null ? "for all requests" : `for ${pluralize(left, "more request")}`,
    ...(part < 1 ? [`a share of ${part}`] : []),
    ...(which.length > 0 ? [`only ${which.join(", ")}`] : []),
    `struck ${struck}`,
  ];
  return `${printable(`${id}  ${preset ?? JSON.stringify(fault)}  ${details.join("; ")}`)}\n`;
}

function jsonTable(): string {
  return `${JSON.stringify(listedPresets, null, 2)}\n`;
}

function textTable(): string {
  const width = Math.max(...presets.map(({ name }) => name.length));
  const lines = presets.flatMap((preset) => presetLines(preset, width));
  return [
    "Faults, with their options and what those are where you choose none:",
    "",
    ...lines,
    "",
    ways,
  ].join("\n");
}

function presetLines({ name, description, options, operations }: Preset, width: number): string[] {
  const more = [
    ...options.map(optionText),
    ...(operations ? [`strikes ${operations.join(", ")}; the other answers have nothing of it`] : []),
  ];
  return [`  ${name.padEnd(width)}  ${description}`, ...more.map((line) => " ".repeat(width + 6) + line)];
}

function optionText({ name, description, fallback, choices, range }: PresetOption): string {
  const allowed = choices ? ` (${choices.join(", ")})` : range ? ` (${range[0]} to ${range[1]})` : "";
  return `${name}=${fallback}  ${description}${allowed}`;
}
