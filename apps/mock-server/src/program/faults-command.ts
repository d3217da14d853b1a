import type { Command } from "commander";
import { listedPresets, type Preset, type PresetOption, presets } from "../engine/faults/presets.js";
import type { Io } from "./io.js";

const ways = `Ask for one:

  in a request      curl ... -H 'prefer: fault=slow; ms=500'
                    several at once: -H 'prefer: fault=slow+lost-answer; ms=500'
  without a header  an order id or an API key such as "fault-slow:ms=500"
  for those to come curl -s http://127.0.0.1:4010/__mock/faults -H 'content-type: application/json' \\
                      -d '{"preset":"gateway-502","options":{"applied":true},"times":2}'

auto-extend-mock explain tells what a fault did to a request.
`;

/** Adds `faults` to the program: it shows the faults that can be asked for by a name. */
export function addFaultsCommand(program: Command, io: Pick<Io, "stdout">): void {
  program.enablePositionalOptions();
  program
    .command("faults")
    .description("Shows what can go wrong on purpose, and how to ask for it.")
    .helpOption("-h, --help", "show this help")
    .allowExcessArguments(false)
    .option("--json", "print the table as JSON")
    .action(({ json = false }: { json?: boolean }) => io.stdout(json ? jsonTable() : textTable()));
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
