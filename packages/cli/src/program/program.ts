/** The program: its commands, the options of all of them, and how commander reads them. */
import { Command as Commander, Option } from "commander";
import { groups, numberThat, type OptionSpec, type OptionSpecs, type Outcome } from "../app/command.js";
import type { Context, Sink } from "../app/context.js";
import { emptyValue, howToNameServer, usageError } from "../app/errors.js";
import { numberText, widthOf } from "../app/format.js";
import { version } from "../app/version.js";
import * as listed from "../commands/index.js";
import { formatItem, helpFlags, showExitCodes, subcommandTerm, textBelow, textBelowAll } from "./help.js";

/** The commands as the help lists them: by group, and by name within a group. */
export const commands: readonly KnownCommand[] = Object.values(listed).sort((a, b) =>
  placeOf(a) < placeOf(b) ? -1 : 1,
);

function placeOf({ group, name }: KnownCommand): string {
  return `${groups.indexOf(group)} ${name}`;
}

export type KnownCommand = (typeof listed)[keyof typeof listed];
export type CommandName = KnownCommand["name"];

export function commandNamed(name: string): KnownCommand | undefined {
  return commands.find((command) => command.name === name);
}

const maxSeconds = 86_400;

export const globalOptions = {
  baseUrl: {
    flags: "--base-url <url>",
    description: "the server, also AUTO_EXTEND_BASE_URL (default: the live server)",
  },
  apiKeyFile: {
    flags: "--api-key-file <file>",
    description: "read the API key from the first line of a file",
    values: "file",
  },
  timeout: {
    flags: "--timeout <seconds>",
    description: "how long one attempt may take (default: 30)",
    parse: numberThat(
      (value) => value > 0 && value <= maxSeconds,
      `a number of seconds above 0, up to ${numberText(maxSeconds)}`,
    ),
  },
  allowHttp: {
    flags: "--allow-http",
    description: "allow plain http to other machines: anyone on the way can read the API key",
  },
  json: { flags: "--json", description: "print one JSON document on stdout, also for errors" },
  verbose: { flags: "--verbose", description: "report every attempt, or every case of verify, on stderr" },
  color: { flags: "--no-color", description: "no colours (also NO_COLOR, FORCE_COLOR)" },
} satisfies Record<string, OptionSpec<unknown>>;

interface Found {
  command?: KnownCommand;
  /** Missing if the arguments behind its name cannot be read. */
  execute?: (context: Context) => Promise<Outcome<unknown>>;
}

/** The program. Once it has read the arguments, `found` has the command that they name. */
export function createProgram(argv: readonly string[], stdout: Sink) {
  const found: Found = {};
  const program = new Commander("auto-extend")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: () => {},
      outputError: () => {}, // It is thrown as well.
      getOutHelpWidth: () => widthOf(stdout),
      getErrHelpWidth: () => widthOf(stdout),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ subcommandTerm, formatItem })
    .description("List orders, price them, switch auto-extend on and off, forecast costs, and check servers.")
    .addHelpText("after", () => textBelowAll(stdout))
    .version(version, "-V, --version", "show the version")
    .helpOption(...helpFlags)
    .helpCommand(false)
    .hook("preSubcommand", (_, named) => {
      const command = commandNamed(named.name());
      if (!command) return;
      found.command = command;
      checkValues(argv, named.options);
    });
  addOptions(program, globalOptions);
  for (const command of commands) {
    const added = program
      .command(command.name)
      .description(command.description)
      .helpGroup(`${command.group}:`)
      .helpOption(...helpFlags);
    if (command.argument) added.argument(command.argument);
    addOptions(added, command.options);
    added
      .addHelpText("after", () => textBelow(command, stdout))
      .action((...input: unknown[]) => {
        const args = command.argument ? [input[0] ?? []].flat().map(String) : [];
        const options = added.opts();
        found.execute = (context) => command.run(context, { args, options });
      });
  }
  program
    .command("help")
    .argument("[topic]")
    .description("Show help for a command, or for exit-codes.")
    .helpGroup(`${groups.at(-1)}:`)
    .helpOption(...helpFlags)
    .action((topic?: string) => {
      if (topic === undefined) return program.help();
      if (topic === "exit-codes") return showExitCodes(stdout);
      const named = program.commands.find((known) => known.name() === topic);
      if (named) return named.help();
      throw usageError(`Unknown help topic "${topic}".`, "auto-extend --help lists the commands.");
    });
  return { program, found };
}

function addOptions(command: Commander, specs: OptionSpecs): void {
  for (const { flags, description, parse, initial, repeats, hidden } of Object.values(specs)) {
    const added = new Option(flags, description);
    if (initial !== undefined) added.default(initial, String(initial));
    if (hidden) added.hideHelp();
    if (parse) added.argParser(parse);
    if (added.required) takeValue(added, { isRepeatable: repeats === true });
    command.addOption(added);
  }
}

/**
 * Refuses options that another option follows in place of a value. It looks at the arguments as they were typed: commander
 * takes global options out first, so that an order ID behind one would become the value.
 *
 * @throws CliError, a usage error.
 */
export function checkValues(argv: readonly string[], options: readonly Option[]): void {
  const valued = options.filter(({ required }) => required).map(({ long }) => long);
  for (const [index, word] of argv.entries()) {
    if (word === "--") return;
    const next = argv[index + 1];
    if (!valued.includes(word) || !next?.startsWith("--")) continue;
    const following = next.split("=", 1)[0];
    throw usageError(
      `${word} needs a value, and ${following} follows it.`,
      word === "--if-on" && following === "--file"
        ? "Remove --if-on: --file alone means the orders of the file."
        : `Put a value behind ${word}.`,
    );
  }
}

/** Refuses a second value of an option, and an empty one: going by either could switch orders that nobody meant. */
function takeValue(added: Option, { isRepeatable }: { isRepeatable: boolean }): void {
  const { parseArg, long } = added;
  let isGiven = false;
  added.argParser((text: string, earlier: unknown) => {
    if (isGiven && !isRepeatable) {
      throw usageError(`${long} was given more than once.`, "Use it once: it takes one value.");
    }
    isGiven = true;
    if (text.trim() === "") {
      throw emptyValue(String(long), long === "--base-url" ? howToNameServer : undefined);
    }
    return parseArg ? parseArg(text, earlier) : text;
  });
}
