/** Reads the arguments: commander's program, made from the commands, and its help. */
import { Command as Commander, CommanderError, type Help, Option } from "commander";
import {
  type Command,
  fileOption,
  flag,
  type OptionSpecs,
  type Outcome,
  option,
  seconds,
  textOption,
} from "../app/command.js";
import { type Context, type GlobalOptions, type Io, type Sink, widthOf } from "../app/context.js";
import {
  CliError,
  emptyValue,
  exitCodeMeanings,
  exitCodes,
  howToNameServer,
  usageError,
} from "../app/errors.js";
import { definitions, wrap } from "../app/format.js";
import { version } from "../app/version.js";
import { commands } from "../commands/index.js";

/** The request of the arguments. */
export interface Invocation {
  /** `null` if no command was named. */
  readonly command: Command | null;
  readonly options: GlobalOptions;
  readonly execute: (context: Context) => Promise<Outcome<unknown>>;
}

/** The options of all commands. */
export const globalOptions = {
  baseUrl: textOption("--base-url <url>", "the server, also AUTO_EXTEND_BASE_URL (default: the live server)"),
  apiKeyFile: fileOption("--api-key-file <file>", "read the API key from the first line of a file"),
  timeout: option("--timeout <seconds>", "how long one attempt may take (default: 30)", seconds),
  allowHttp: flag(
    "--allow-http",
    "allow plain http to other machines: anyone on the way can read the API key",
  ),
  json: flag("--json", "print one JSON document on stdout, also for errors"),
  verbose: flag("--verbose", "report every attempt on stderr"),
  color: flag("--no-color", "no colours (also NO_COLOR, FORCE_COLOR)"),
} satisfies OptionSpecs;

const helpFlags = ["-h, --help", "show help"] as const;

const examples = [
  "export AUTO_EXTEND_API_KEY=...   # or --api-key-file FILE",
  "auto-extend doctor",
  "auto-extend orders --auto off --ending-within 7d",
  "auto-extend price 11111",
  "auto-extend on 11111",
  "auto-extend forecast --days 90",
  "auto-extend off 11111 --base-url http://127.0.0.1:4010   # the mock",
];

/**
 * Reads the arguments.
 *
 * @returns what they ask for, which fails if they make no sense; `undefined` if the help or the version was asked for,
 * which is then written.
 */
export function readArguments(argv: readonly string[], io: Io): Invocation | undefined {
  const ownArguments = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const json = ownArguments.includes("--json");
  let command: Command | null = null;
  let invocation: Invocation | undefined;
  const program = createProgram(io.stdout, (asked, input) => {
    const options = program.opts<GlobalOptions>();
    invocation = { command: asked, options, execute: (context) => asked.run(context, input) };
  });
  program.hook("preSubcommand", (_, named) => {
    command = commandNamed(named.name()) ?? null;
  });

  function fails(error: CliError): Invocation {
    command ??= firstCommand(program, ownArguments);
    // Parsing may have stopped before it came to --json.
    const options = { ...program.opts<GlobalOptions>(), ...(json && { json }) };
    return { command, options, execute: () => Promise.reject(error) };
  }

  if (ownArguments.some((argument) => /^--?api[-_]?key(?:=|$)/i.test(argument))) {
    return fails(
      usageError(
        "The API key must not be on the command line: other users of the machine can read it there, and the shell keeps it.",
        "Set AUTO_EXTEND_API_KEY, or name a file with --api-key-file FILE. If this key was real, replace it.",
      ),
    );
  }
  try {
    program.parse(argv, { from: "user" });
    return invocation;
  } catch (error) {
    if (error instanceof CliError) return fails(error);
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const name = command === null ? "" : ` ${(command as Command).name}`;
    return fails(usageError(messageOf(error), `Run auto-extend${name} --help for help.`));
  }
}

function commandNamed(name: string): Command | undefined {
  return commands.find((known) => known.name === name);
}

/** The command of arguments that could not be read to their end: the first word that is not the value of an option. */
function firstCommand(program: Commander, argv: readonly string[]): Command | null {
  const valued = program.options.filter(({ required }) => required).map(({ long }) => long);
  const words = argv.filter(
    (word, index) => !word.startsWith("-") && !valued.includes(argv[index - 1] ?? ""),
  );
  return commandNamed(words[0] ?? "") ?? null;
}

function messageOf({ code, message }: CommanderError): string {
  if (code === "commander.help") return "No command was given.";
  const text = message
    .replace(/^error: /, "")
    // The text behind the name of an unknown option may be a secret.
    .replace(/(?<=^unknown option ')(--[\w-]+|-\w).*?(?='(\n|$))/s, "$1");
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.)?]$/.test(sentence) ? sentence : `${sentence}.`;
}

type Ask = (command: Command, input: { readonly args: readonly string[]; readonly options: unknown }) => void;

/** The program. Parsing calls `ask` with the command; what it needs is loaded only when it runs. */
function createProgram(stdout: Sink, ask: Ask): Commander {
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
    .configureHelp({
      subcommandTerm: (command) => `${command.name()} ${argumentsOf(command)}`.trimEnd(),
      formatItem,
    })
    .description("List orders, price them, switch auto-extend on and off, forecast costs, and check servers.")
    .version(version, "-V, --version", "show the version")
    .helpOption(...helpFlags)
    .helpCommand(false)
    .addHelpText("after", () => `\n${exampleText(examples)}\n\nExit codes: auto-extend help exit-codes`);
  addOptions(program, globalOptions);
  for (const command of commands) addCommand(program, command, { stdout, ask });
  program
    .command("help")
    .argument("[topic]")
    .description('show help for a command, or "exit-codes"')
    .helpOption(...helpFlags)
    .action((topic: string | undefined) => showHelp(program, { stdout, topic }));
  return program;
}

/** An option or command with its description beside it; below it if the terminal is narrow. */
function formatItem(term: string, termWidth: number, description: string, helper: Help): string {
  const width = helper.helpWidth ?? 80;
  const margin = termWidth + 4;
  if (width - margin < 30) return `  ${term}\n${wrap(`      ${description}`, width)}`;
  const lines = wrap(description, width - margin).split("\n");
  return `  ${term.padEnd(termWidth + 2)}${lines.join(`\n${" ".repeat(margin)}`)}`;
}

function argumentsOf({ registeredArguments }: Commander): string {
  return registeredArguments
    .map((argument) => {
      const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
      return argument.required ? `<${name}>` : `[${name}]`;
    })
    .join(" ");
}

function addCommand(program: Commander, command: Command, { stdout, ask }: { stdout: Sink; ask: Ask }): void {
  const { name, argument, description, options, help } = command;
  const added = program
    .command(name)
    .description(description)
    .helpOption(...helpFlags)
    .addHelpText("after", () => {
      const width = widthOf(stdout);
      return [
        ...(help ? ["", wrap(help, width)] : []),
        `\n${exampleText(command.examples)}`,
        `\n${wrap("Global options: auto-extend --help. Exit codes: auto-extend help exit-codes.", width)}`,
      ].join("\n");
    })
    .action((...input: unknown[]) => {
      const args = argument ? [input[0] ?? []].flat().map(String) : [];
      ask(command, { args, options: added.opts() });
    });
  if (argument) added.argument(argument);
  addOptions(added, options);
}

function addOptions(command: Commander, specs: OptionSpecs): void {
  for (const { flags, description, parse, initial, repeats, hidden } of Object.values(specs)) {
    const added = new Option(flags, description);
    if (initial !== undefined) added.default(initial);
    if (hidden) added.hideHelp();
    if (parse) added.argParser(parse);
    if (added.required) takeValue(added, { isRepeatable: repeats === true });
    command.addOption(added);
  }
}

/**
 * Refuses a second value of an option, an empty one, and another option in its place: going by any of them could switch
 * orders that nobody meant.
 */
function takeValue(added: Option, { isRepeatable }: { isRepeatable: boolean }): void {
  const { parseArg, long } = added;
  let isGiven = false;
  added.argParser((text: string, earlier: unknown) => {
    if (text.startsWith("--")) {
      throw usageError(
        `${long} needs a value, and ${text.split("=", 1)[0]} follows it.`,
        `Put a value behind ${long}.`,
      );
    }
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

function exampleText(lines: readonly string[]): string {
  return `Examples:\n${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}`;
}

function showHelp(program: Commander, { stdout, topic }: { stdout: Sink; topic: string | undefined }): void {
  if (topic === undefined) program.help();
  if (topic === "exit-codes") {
    stdout.write(`${exitCodeLines(widthOf(stdout)).join("\n")}\n`);
    throw new CommanderError(0, "commander.helpDisplayed", "");
  }
  const command = program.commands.find((known) => known.name() === topic);
  if (command) command.help();
  throw usageError(`Unknown help topic "${topic}".`, "auto-extend --help lists the commands.");
}

function exitCodeLines(width: number): string[] {
  const rows = Object.entries(exitCodes).map(
    ([name, code]) => [String(code).padStart(3), exitCodeMeanings[name as keyof typeof exitCodes]] as const,
  );
  return definitions(rows, width);
}
