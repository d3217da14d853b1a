/** Runs `auto-extend` on some streams: everything but the process itself. */
import { type Command as Commander, CommanderError } from "commander";
import type { OptionSpecs, Outcome } from "../app/command.js";
import type { Context, GlobalOptions, Io, Output, Sink } from "../app/context.js";
import {
  CliError,
  type ExitCode,
  exitCodeMeanings,
  exitCodes,
  fileReasons,
  usageError,
} from "../app/errors.js";
import { cleanShort } from "../app/format.js";
import type { JsonOutput } from "./json.js";
import {
  type CommandName,
  checkValues,
  commandNamed,
  createProgram,
  globalOptions,
  type KnownCommand,
} from "./program.js";

/**
 * Runs the program.
 *
 * @param argv the arguments, without those of Node.
 * @returns the exit code; it never rejects.
 */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  if (argv[0] === "__complete") {
    const { complete, completionText } = await import("./complete.js");
    // The stubs of `completion` put a -- before the words.
    io.stdout.write(completionText(complete(argv.slice(argv.indexOf("--") + 1))));
    return exitCodes.done;
  }
  const invocation = await readArguments(argv, io);
  if (!invocation) return exitCodes.done;
  const { createOutput } = await import("../app/context.js");
  const output = createOutput(argv, { io, options: invocation.options });
  try {
    return await carryOut(invocation, output);
  } catch (error) {
    return await report(error, { invocation, output });
  } finally {
    output.countNotes();
  }
}

interface Invocation {
  readonly name: CommandName | null;
  readonly options: GlobalOptions;
  readonly execute: (context: Context) => Promise<Outcome<unknown>>;
}

/**
 * Reads the arguments.
 *
 * @returns what they ask for, which fails if they make no sense; `undefined` if the help or the version was asked for,
 * which is then written, with `--json` as the text of a document.
 */
async function readArguments(argv: readonly string[], io: Io): Promise<Invocation | undefined> {
  const ownArguments = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const json = ownArguments.some((argument) => /^--json(=|$)/.test(argument));
  const help: string[] = [];
  const { program, found } = createProgram(argv, json ? { write: (text) => help.push(text) } : io.stdout);

  function fails(error: unknown): Invocation {
    // Parsing may have stopped before it came to --json.
    const options = { ...program.opts<GlobalOptions>(), ...(json && { json }) };
    const name = (found.command ?? firstCommand(program, ownArguments))?.name ?? null;
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
    checkValues(argv, program.options);
    // With an unknown command, commander would show the general help in place of the error.
    const named = wordsOf(program, ownArguments).find((word) => !word.startsWith("-"));
    const isKnown = named === undefined || program.commands.some((known) => known.name() === named);
    const read = isKnown ? argv : argv.filter((word) => !/^(-[hV]|--help|--version)$/.test(word));
    await program.parseAsync(read, { from: "user" });
    const { command, execute } = found;
    return command && execute && { name: command.name, options: program.opts<GlobalOptions>(), execute };
  } catch (error) {
    if (!(error instanceof CommanderError)) return fails(error);
    if (error.exitCode === 0) return printHelp(argv, { io, text: help.join("") });
    const early = earlyOption(error, firstCommand(program, ownArguments));
    if (early) return fails(early);
    const name = found.command ? ` ${found.command.name}` : "";
    return fails(usageError(messageOf(error, found.command), `Run auto-extend${name} --help for help.`));
  }
}

/** Prints the help or the version with `--json`; without, it is printed already. */
async function printHelp(
  argv: readonly string[],
  { io, text }: { io: Io; text: string },
): Promise<undefined> {
  if (text === "") return;
  const { createOutput } = await import("../app/context.js");
  const output = createOutput(argv, { io, options: { json: true, color: false } });
  const start = { command: null, ok: true, exitCode: exitCodes.done, host: null };
  await printJson(output, { ...start, result: { text }, error: null, notes: [] });
}

/** The error if an option of a command stands before its name; else `null`. */
function earlyOption({ message }: CommanderError, command: KnownCommand | undefined): CliError | null {
  const typed = /^error: unknown option '(--[\w-]+)/.exec(message)?.[1];
  if (typed === undefined || command === undefined) return null;
  const { name, options } = command;
  if (!Object.values(options).some(({ flags }) => flags.split(" ")[0] === typed)) return null;
  return usageError(
    `${typed} is an option of ${name}, and stands before its name.`,
    `Options of a command belong behind its name: auto-extend ${name} ${typed} ...`,
  );
}

/** The command of arguments that could not be read to their end: the first word that names one. */
function firstCommand(program: Commander, argv: readonly string[]): KnownCommand | undefined {
  return wordsOf(program, argv).flatMap((word) => commandNamed(word) ?? [])[0];
}

function wordsOf(program: Commander, argv: readonly string[]): string[] {
  const valued = program.options.filter(({ required }) => required).map(({ long }) => long);
  return argv.filter((_, index) => !valued.includes(argv[index - 1] ?? ""));
}

function messageOf({ code, message }: CommanderError, command: KnownCommand | undefined): string {
  if (code === "commander.help") return "No command was given.";
  const flag = /^error: unknown option '(--[\w-]+)=/.exec(message)?.[1];
  const known: OptionSpecs = { ...globalOptions, ...command?.options };
  if (flag && Object.values(known).some(({ flags }) => flags === flag)) return `${flag} takes no value.`;
  const open = /^error: option '(--[\w-]+)[^']*' argument missing$/.exec(message)?.[1];
  if (open) return `${open} needs a value.`;
  const [, name, value, why] =
    /^error: option '(--[\w-]+)[^']*' argument '(.*)' is invalid\. (.*)$/s.exec(message) ?? [];
  if (name) return `${name} can't be "${cleanShort(value ?? "")}". ${why}`;
  const [text = "", near] = message
    .replace(/^error: /, "")
    // The text behind the name of an unknown option may be a secret.
    .replace(/(?<=^unknown option ')(--[\w-]+|-\w).*?(?='(\n|$))/s, "$1")
    .replace(/'([^'\n]*)'/g, '"$1"')
    .split(/\n\(Did you mean (?:one of )?/);
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
  return near === undefined
    ? sentence
    : `${sentence} Did you mean ${near.replace(/\?\)$/, "").replaceAll(", ", " or ")}?`;
}

async function carryOut({ name, options, execute }: Invocation, output: Output): Promise<ExitCode> {
  const { exitCode = exitCodes.done, result, error = null, text } = await execute(output.context);
  if (options.json) {
    const { host, notes } = output;
    const ok = exitCode === exitCodes.done;
    await printJson(output, { command: name, ok, exitCode, host, result, error, notes });
  } else if (text) {
    output.context.data(text());
  }
  return exitCode;
}

/** Prints a document as its schema allows it, and nothing else. */
async function printJson(
  output: Output,
  document: { readonly [Name in keyof JsonOutput]: unknown },
): Promise<void> {
  const { jsonOutput } = await import("./json.js");
  output.json(jsonOutput.parse(document));
}

interface Stopped {
  readonly invocation: Invocation;
  readonly output: Output;
}

async function report(thrown: unknown, { invocation, output }: Stopped): Promise<ExitCode> {
  const { failureOf } = await import("../app/failure.js");
  const { effect, host, notes, context } = output;
  const { exitCode, error } = failureOf(thrown, { effect, signal: context.io.signal });
  const { name, options } = invocation;
  const shown = await usableOutput(thrown, { invocation, output });
  if (!options.json) shown?.failure(error);
  else if (shown) {
    await printJson(shown, { command: name, ok: false, exitCode, host, result: null, error, notes });
  }
  return exitCode;
}

/** An output that does not write into a file of the run: the other stream, if one leads there; `null` if both do. */
async function usableOutput(
  thrown: unknown,
  { invocation: { options }, output }: Stopped,
): Promise<Output | null> {
  const spoiling = thrown instanceof CliError ? thrown.details.spoiling : [];
  if (!spoiling.includes(options.json ? "stdout" : "stderr")) return output;
  if (spoiling.length > 1) return null;
  const { createOutput } = await import("../app/context.js");
  const { argv, io } = output.context;
  return createOutput(argv, { io: { ...io, stdout: io.stderr, stderr: io.stdout }, options });
}

interface OutputStream {
  write(text: string, done?: () => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly fd?: number | undefined;
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** The outputs of a process. Their failures do not end it: a full disk must not hide what was done to the orders. */
export function createOutlets(streams: { readonly stdout: OutputStream; readonly stderr: OutputStream }) {
  const stdout = outletOf(streams.stdout);
  const stderr = outletOf(streams.stderr);
  return {
    stdout: stdout.sink,
    stderr: stderr.sink,
    /** Waits until everything is written or has failed, and reports what was lost on the other stream. */
    async flush(exitCode: ExitCode): Promise<ExitCode> {
      await Promise.all([stdout.flush(), stderr.flush()]);
      const [lostData, lostTalk] = [stdout.failure(), stderr.failure()];
      if (!lostData && !lostTalk) return exitCode;
      const [name] = Object.entries(exitCodes).find(([, code]) => code === exitCode) ?? [];
      const outcome =
        exitCode === exitCodes.done
          ? "The command itself succeeded."
          : `The command itself ended with exit code ${exitCode}: ${exitCodeMeanings[name as keyof typeof exitCodes]}.`;
      if (!lostTalk) {
        stderr.sink.write(`error: stdout could not be written: ${whyLost(lostData)}.\n${outcome}\n`);
        await stderr.flush();
      }
      if (!lostData) {
        stdout.sink.write(`error: stderr could not be written: ${whyLost(lostTalk)}.\n${outcome}\n`);
        await stdout.flush();
      }
      return exitCode === exitCodes.done ? exitCodes.outputLost : exitCode;
    },
  };
}

function whyLost(failure: NodeJS.ErrnoException | undefined): string {
  return fileReasons[failure?.code ?? ""] ?? failure?.message ?? "";
}

function outletOf(stream: OutputStream) {
  let failure: NodeJS.ErrnoException | undefined;
  let isClosed = false;
  let isUsed = false;
  let wake = () => {};
  stream.on("error", (error) => {
    isClosed = true;
    // A reader that has seen enough, such as `head`, is not a failure.
    if (error.code !== "EPIPE") failure ??= error;
    wake();
  });
  const sink: Sink = {
    write(text) {
      isUsed = true;
      if (!isClosed) stream.write(text);
    },
    isTTY: stream.isTTY,
    fd: stream.fd,
    // It changes with the size of the terminal.
    get columns() {
      return stream.columns;
    },
  };
  const flush = () =>
    new Promise<void>((resolve) => {
      if (isClosed || !isUsed) return resolve();
      wake = resolve;
      stream.write("", () => setImmediate(resolve)); // An error is reported before the next turn.
    });
  return { sink, flush, failure: () => failure };
}
