/** The program: its commands, the options of all of them, and how commander reads them. */
import { Command as Commander, Option } from "commander";
import { type Command, numberThat, type OptionSpec, type OptionSpecs, type Outcome } from "../app/command.js";
import type { Context, Sink } from "../app/context.js";
import { emptyValue, howToNameServer, usageError } from "../app/errors.js";
import { numberText, widthOf } from "../app/format.js";
import { version } from "../app/version.js";
import { formatItem, helpFlags, showExitCodes, subcommandTerm, textBelow, textBelowAll } from "./help.js";

export interface CommandEntry {
  readonly description: string;
  /** Such as `<type>` or `[orderId...]` (default: none). */
  readonly argument?: string;
  /** The module that exports the command by its name. */
  load(): Promise<object>;
}

/** The commands, in the order in which the help lists them. */
export const commands = {
  orders: {
    description: "List your orders, when they end, and whether auto-extend is on.",
    load: () => import("../commands/orders.js"),
  },
  on: {
    description: "Switch auto-extend on for every IP address of these orders. Each renewal costs money.",
    argument: "[orderId...]",
    load: () => import("../commands/switch.js"),
  },
  off: {
    description: "Switch auto-extend off for every IP address of these orders.",
    argument: "[orderId...]",
    load: () => import("../commands/switch.js"),
  },
  undo: {
    description: "Undo the run recorded in a ledger: restore the state before it.",
    argument: "<ledger>",
    load: () => import("../commands/switch.js"),
  },
  price: {
    description: "Show what one renewal of orders costs. Spends nothing.",
    argument: "[orderId...]",
    load: () => import("../commands/price.js"),
  },
  periods: {
    description: "Show the rental periods that are sold, for one proxy type or all.",
    argument: "[type]",
    load: () => import("../commands/periods.js"),
  },
  balance: {
    description: "Show the balance of your account.",
    load: () => import("../commands/balance.js"),
  },
  forecast: {
    description: "Show the renewals to come, their cost, and when the balance runs out.",
    load: () => import("../commands/forecast.js"),
  },
  doctor: {
    description: "Check the server, TLS, API key, clock and answers, with requests that only read.",
    load: () => import("../commands/doctor/index.js"),
  },
  verify: {
    description: "Check a server against the contract, and report which assumptions it contradicts.",
    load: () => import("../commands/verify/index.js"),
  },
  errors: {
    description: "Explain the provider's error codes, or one of them.",
    argument: "[code]",
    load: () => import("../commands/errors.js"),
  },
  openapi: {
    description: "Print the OpenAPI document of the requests.",
    load: () => import("../commands/openapi.js"),
  },
  completion: {
    description: "Print a script that completes commands, options and values in a shell.",
    argument: "<shell>",
    load: () => import("../commands/completion.js"),
  },
} satisfies Record<string, CommandEntry>;

export type CommandName = keyof typeof commands;

type ModuleOf<Name extends CommandName> = Awaited<ReturnType<(typeof commands)[Name]["load"]>>;

export type CommandNamed<Name extends CommandName> = ModuleOf<Name>[Name & keyof ModuleOf<Name>];

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

export async function loadCommand<Name extends CommandName>(name: Name): Promise<Command> {
  const module = (await commands[name].load()) as Readonly<Record<Name, Command>>;
  return module[name];
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

type Ask = (name: CommandName, execute: (context: Context) => Promise<Execution>) => void;

export interface Execution {
  readonly command: Command;
  readonly outcome: Outcome<unknown>;
}

/** The program. The command that the arguments name is loaded before its options are read; `found` has its name. */
export function createProgram(argv: readonly string[], { stdout, ask }: { stdout: Sink; ask: Ask }) {
  const found: { name: CommandName | null } = { name: null };
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
    .hook("preSubcommand", async (_, named) => {
      const name = named.name();
      if (!isCommandName(name)) return;
      found.name = name;
      await load(named, { name, stdout, ask });
      checkValues(argv, named.options);
    });
  addOptions(program, globalOptions);
  for (const [name, { description, argument }] of Object.entries<CommandEntry>(commands)) {
    const added = program.command(name).description(description);
    added.helpOption(...helpFlags);
    if (argument) added.argument(argument);
  }
  program
    .command("help")
    .argument("[topic]")
    .description("Show help for a command, or for exit-codes.")
    .helpOption(...helpFlags)
    .action(async (topic?: string) => {
      if (topic === undefined) return program.help();
      if (topic === "exit-codes") return showExitCodes(stdout);
      const named = program.commands.find((known) => known.name() === topic);
      if (!named) {
        throw usageError(`Unknown help topic "${topic}".`, "auto-extend --help lists the commands.");
      }
      if (isCommandName(topic)) await load(named, { name: topic, stdout, ask });
      named.help();
    });
  return { program, found };
}

async function load(
  added: Commander,
  { name, stdout, ask }: { readonly name: CommandName; readonly stdout: Sink; readonly ask: Ask },
): Promise<void> {
  const command = await loadCommand(name);
  addOptions(added, command.options);
  added
    .addHelpText("after", () => textBelow(command, stdout))
    .action((...input: unknown[]) => {
      const args = added.registeredArguments.length > 0 ? [input[0] ?? []].flat().map(String) : [];
      const options = added.opts();
      ask(name, async (context) => ({ command, outcome: await command.run(context, { args, options }) }));
    });
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
