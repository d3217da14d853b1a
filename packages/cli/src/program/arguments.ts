/** Reads the arguments with commander: which command is meant, and with which options. */
import { Command as Commander, CommanderError, Option } from "commander";
import type { Command, OptionSpecs, Outcome } from "../app/command.js";
import type { Context, GlobalOptions, Io, Sink } from "../app/context.js";
import { emptyValue, howToNameServer, usageError } from "../app/errors.js";
import { version } from "../app/version.js";
import {
  type CommandEntry,
  type CommandName,
  commands,
  globalOptions,
  isCommandName,
} from "../commands/index.js";
import { helpFlags, layOutHelp, showExitCodes, textBelow, unknownTopic } from "./help.js";

/** The request of the arguments. */
export interface Invocation {
  /** `null` if no command was named. */
  readonly name: CommandName | null;
  readonly options: GlobalOptions;
  readonly execute: (context: Context) => Promise<Execution>;
}

/** A command, and what it came to. */
export interface Execution {
  readonly command: Command;
  readonly outcome: Outcome<unknown>;
}

/**
 * Reads the arguments.
 *
 * @returns what they ask for, which fails if they make no sense; `undefined` if the help or the version was asked for,
 * which is then written.
 */
export async function readArguments(argv: readonly string[], io: Io): Promise<Invocation | undefined> {
  const ownArguments = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const json = ownArguments.includes("--json");
  let invocation: Invocation | undefined;
  const { program, found } = createProgram(io.stdout, (name, execute) => {
    invocation = { name, options: program.opts<GlobalOptions>(), execute };
  });

  function fails(error: unknown): Invocation {
    // Parsing may have stopped before it came to --json.
    const options = { ...program.opts<GlobalOptions>(), ...(json && { json }) };
    const name = found.name ?? firstCommand(program, ownArguments);
    return { name, options, execute: () => Promise.reject(error) };
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
    await program.parseAsync(argv, { from: "user" });
    return invocation;
  } catch (error) {
    if (!(error instanceof CommanderError)) return fails(error);
    if (error.exitCode === 0) return undefined;
    const command = found.name === null ? "" : ` ${found.name}`;
    return fails(usageError(messageOf(error), `Run auto-extend${command} --help for help.`));
  }
}

/** The command of arguments that could not be read to their end: the first word that is not the value of an option. */
function firstCommand(program: Commander, argv: readonly string[]): CommandName | null {
  const valued = program.options.filter(({ required }) => required).map(({ long }) => long);
  const [word = ""] = argv.filter(
    (word, index) => !word.startsWith("-") && !valued.includes(argv[index - 1] ?? ""),
  );
  return isCommandName(word) ? word : null;
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

type Ask = (name: CommandName, execute: Invocation["execute"]) => void;

/** The program. The command that the arguments name is loaded before its options are read; `found` has its name. */
function createProgram(stdout: Sink, ask: Ask) {
  const found: { name: CommandName | null } = { name: null };
  const program = new Commander("auto-extend");
  layOutHelp(program, stdout);
  program
    .exitOverride()
    .version(version, "-V, --version", "show the version")
    .helpOption(...helpFlags)
    .helpCommand(false)
    .hook("preSubcommand", async (_, named) => {
      const name = named.name();
      if (!isCommandName(name)) return;
      found.name = name;
      await load(named, { name, stdout, ask });
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
    .description('show help for a command, or "exit-codes"')
    .helpOption(...helpFlags)
    .action(async (topic?: string) => {
      if (topic === undefined) return program.help();
      if (topic === "exit-codes") return showExitCodes(stdout);
      const named = program.commands.find((known) => known.name() === topic);
      if (!named) throw unknownTopic(topic);
      if (isCommandName(topic)) await load(named, { name: topic, stdout, ask });
      named.help();
    });
  return { program, found };
}

/** Loads a command, and adds its options. */
async function load(
  added: Commander,
  { name, stdout, ask }: { readonly name: CommandName; readonly stdout: Sink; readonly ask: Ask },
): Promise<void> {
  const command: Command = await commands[name].load();
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
