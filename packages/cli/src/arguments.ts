import { CommanderError } from "commander";
import { CliError, usageError } from "./cli-error.js";
import type { CommandName, GlobalOptions, Invocation } from "./invocation.js";
import type { Io } from "./io.js";
import { createProgram } from "./program.js";

/**
 * Reads the arguments.
 *
 * @returns what they ask for; where they make no sense, something that fails by saying so; `undefined` where the help or
 * the version was asked for, which is then written.
 */
export function readArguments(argv: readonly string[], io: Io): Invocation | undefined {
  const ownArguments = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const json = ownArguments.includes("--json");
  let command: CommandName | null = null;
  let invocation: Invocation | undefined;
  const program = createProgram({
    write: (text) => io.stdout.write(text),
    warn: (text) => json || io.stderr.write(text),
    named: (name) => {
      command = name;
    },
    asked: (asked) => {
      invocation = asked;
    },
  });

  function fails(message: string, whatToDo: string): Invocation {
    const error = usageError(message, whatToDo);
    // Parsing may have stopped before it came to --json.
    const options = { ...program.opts<GlobalOptions>(), ...(json && { json }) };
    return { command, options, execute: () => Promise.reject(error) };
  }

  if (ownArguments.some((argument) => /^--?api[-_]?key(?:=|$)/i.test(argument))) {
    return fails(
      "The API key does not belong on the command line: other users of the machine can read it there, and the shell keeps it.",
      "Set AUTO_EXTEND_API_KEY, or name a file with --api-key-file FILE. If this key was real, replace it.",
    );
  }
  try {
    program.parse(argv, { from: "user" });
    return invocation;
  } catch (error) {
    if (error instanceof CliError) return fails(error.message, error.whatToDo);
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    return fails(
      messageOf(error, program.args),
      `auto-extend${command ? ` ${command}` : ""} --help shows how it is used.`,
    );
  }
}

function messageOf({ code, message }: CommanderError, [first, topic]: readonly string[]): string {
  if (code === "commander.help") {
    return first === "help" && topic ? `There is no command "${topic}".` : "No command was given.";
  }
  const text = message
    .replace(/^error: /, "")
    // Whatever follows the name of an option that is not known may be a secret.
    .replace(/(?<=^unknown option ')(--[\w-]+|-\w).*?(?='(\n|$))/s, "$1");
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.)?]$/.test(sentence) ? sentence : `${sentence}.`;
}
