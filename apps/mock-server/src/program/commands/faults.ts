import { operations, printable } from "@auto-extend/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { faultSpecSchema } from "../../engine/faults/fault-spec.js";
import { listedPresets, type Preset, type PresetOption, presets } from "../../engine/faults/presets.js";
import type { QueuedFault } from "../../engine/faults/queue.js";
import { hideKeyLikeName } from "../../engine/log/hide-keys.js";
import { pluralize } from "../../lib/text.js";
import {
  addConnectionOptions,
  type CallMock,
  type ConnectionOptions,
  isAccountScoped,
  type Output,
  onEach,
} from "../connection.js";
import {
  columns,
  examplesHelp,
  exitCodesHelp,
  type Io,
  jsonText,
  numberBy,
  proxyTypeOf,
  UsageError,
  wholeNumber,
} from "../usage.js";

const examples = [
  ["faults", "all presets, and how to use them"],
  ["faults add gateway-502 --times 2", "for the next two requests"],
  ["faults add slow ms=500 --share 0.1", "for one request in ten"],
  ["faults add error code=29 --order 11111", "for requests that name this order"],
  ["faults list", "the queued faults"],
  ["faults clear fault-1", "remove one of them; without an ID, all"],
] as const;

interface AddOptions extends ConnectionOptions {
  readonly times?: number;
  readonly share?: number;
  readonly seed?: number;
  readonly order?: string;
  readonly operation?: string;
  readonly type?: string;
  readonly switch?: boolean;
}

export function addFaultsCommand(program: Command, io: Io): void {
  const faults = program
    .command("faults")
    .description("Show all presets of faults; add, list and clear faults in a running mock.")
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", `${exitCodesHelp.local}\n${examplesHelp(io, examples)}`)
    .allowExcessArguments(false)
    .option("--json", "print JSON")
    .action(({ json = false }: { json?: boolean }) =>
      io.stdout(json ? jsonText(listedPresets) : presetsText(io)),
    );

  const add = (name: string) => addConnectionOptions(faults.command(name));
  add("list").description("List the queued faults.").action(onEach(io, listQueued));

  add("add")
    .description("Add a fault for the next requests.")
    .argument("<preset>", "the name of a preset; the command faults lists them")
    .argument("[option...]", "options of the preset, such as ms=500")
    .option("--times <number>", "the number of requests (default: all)", wholeNumber(1, 1_000_000_000))
    .option(
      "--share <share>",
      "the share of requests, such as 0.1 (default: all)",
      numberBy(faultSpecSchema.shape.share),
    )
    .option(
      "--seed <number>",
      "seed of the random choices: share and delays (default: 1)",
      wholeNumber(0, 999_999_999),
    )
    .option("--order <id>", "only requests that name this order")
    .addOption(
      new Option("--operation <name>", "only this operation").choices(operations.map(({ id }) => id)),
    )
    .option("--type <type>", "only this proxy type: IPv4, IPv6, MOBILE or ISP", proxyTypeOf)
    .option("--switch <on|off>", "only requests that switch on, or off", onOrOff)
    .action(onEach(io, addFault));

  add("clear")
    .description("Remove a queued fault, or all of them.")
    .argument("[id]", "the ID of the fault (default: all)")
    .action(onEach(io, clearFaults));
}

async function listQueued(call: CallMock): Promise<Output> {
  const { faults } = await call<{ faults: QueuedFault[] }>({ path: "/faults" });
  return {
    json: faults,
    text: faults.length === 0 ? "No faults are queued.\n" : faults.map(faultText).join(""),
  };
}

async function addFault(
  call: CallMock,
  options: AddOptions,
  preset: string,
  given: string[],
): Promise<Output> {
  const { times, share, seed, order: orderId, operation, type: proxyType } = options;
  const match = { orderId, operation, proxyType, autoExtend: options.switch };
  const body = { preset, options: optionsOf(preset, given), times, share, seed, match };
  const fault = await call<QueuedFault>({ method: "POST", path: "/faults", body });
  return { json: fault, text: faultText(fault) };
}

async function clearFaults(
  call: CallMock,
  options: ConnectionOptions,
  id: string | undefined,
): Promise<Output> {
  const path = id === undefined ? "/faults" : `/faults/${encodeURIComponent(id)}`;
  await call({ method: "DELETE", path });
  const what = id ?? (isAccountScoped(options) ? "the faults of this account" : "all faults");
  return { json: { cleared: id ?? "all" }, text: `Removed ${what}.\n` };
}

function optionsOf(preset: string, given: readonly string[]): Record<string, string> {
  const pairs = given.map((text) => {
    const [, name, value = ""] = /^([\w-]+)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined) return [name, value];
    throw new UsageError(notAnOption(preset, `"${hideKeyLikeName(text)}"`));
  });
  const names = pairs.map(([name]) => name);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) throw new UsageError(`The option "${repeated}" is given twice.`);
  return Object.fromEntries(pairs);
}

function notAnOption(preset: string, shown: string): string {
  const known = presets.find(({ name }) => name === preset);
  const [first] = known ? known.options : [{ name: "ms", default: 500 }];
  return first
    ? `${shown} is not an option of a preset. Write it as NAME=VALUE, such as ${first.name}=${first.default}.`
    : `The preset ${preset} has no options. Remove ${shown}.`;
}

function onOrOff(text: string): boolean {
  if (text === "on" || text === "off") return text === "on";
  throw new InvalidArgumentError("Give on or off.");
}

function faultText({ id, preset, options, fault, match, left, share, injected }: QueuedFault): string {
  const chosen = Object.entries(options).map(([name, value]) => ` ${name}=${value}`);
  const limits = Object.entries(match).map(limitText);
  const requests = left === null ? "for all requests" : `for ${pluralize(left, "more request")}`;
  const details = [
    limits.length > 0 ? `${requests} with ${limits.join(", ")}` : requests,
    ...(share < 1 ? [`a share of ${share}`] : []),
    `injected ${injected === 1 ? "once" : `${injected} times`}`,
  ];
  const what = preset === null ? JSON.stringify(fault) : `${preset}${chosen.join("")}`;
  return `${printable(`${id}  ${what}  ${details.join("; ")}`)}\n`;
}

/** A limit in the words of the options of `faults add`. */
function limitText([name, value]: [name: string, value: unknown]): string {
  switch (name) {
    case "autoExtend":
      return `switch ${value ? "on" : "off"}`;
    case "orderId":
      return `order ${value}`;
    case "proxyType":
      return `type ${value}`;
    default:
      return `${name} ${value}`;
  }
}

function presetsText({ command }: Io): string {
  return `The presets: faults with a name. Options are shown with their defaults.

${presets.map(presetText).join("")}
Use one in a request:
  curl ... -H 'prefer: fault=slow; ms=500'
Use several at once:
  curl ... -H 'prefer: fault=slow+lost-answer; ms=500'
If you can't set a header, use an order ID such as "fault-slow:ms=500".
Inject one into the next requests:
  ${command} faults add gateway-502 applied=true --times 2
See what a fault did to the last request:
  ${command} explain
`;
}

function presetText({ name, description, options, operations: affected }: Preset): string {
  const limits = affected ? ` (only in answers of ${affected.join(", ")})` : "";
  return `  ${name}: ${description}${limits}\n${columns(options.map(optionCells), "      ")}`;
}

function optionCells({ name, description, default: fallback, choices, range }: PresetOption): string[] {
  const allowed = choices ? ` (${choices.join(", ")})` : range ? ` (${range[0]} to ${range[1]})` : "";
  return [`${name}=${fallback}`, description + allowed];
}
