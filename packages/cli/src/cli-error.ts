import type { Effect } from "@auto-extend/core";
import { type ExitCode, exitCodes } from "./exit-codes.js";

/** How a {@link CliError} ends the run. */
interface Ending {
  readonly exitCode: ExitCode;
  readonly effect: Effect;
  /** What to do next, for people. */
  readonly whatToDo: string;
}

/** Why the program itself stops; what the client throws has classes of its own. */
export class CliError extends Error {
  override readonly name: "UsageError" | "Unreachable" | "Declined" | "Interrupted";
  readonly exitCode: ExitCode;
  readonly effect: Effect;
  readonly whatToDo: string;

  constructor(name: CliError["name"], message: string, ending: Ending) {
    super(message);
    this.name = name;
    this.exitCode = ending.exitCode;
    this.effect = ending.effect;
    this.whatToDo = ending.whatToDo;
  }
}

/** The command can't be carried out as it was given, and nothing was sent. */
export function usageError(message: string, whatToDo: string): CliError {
  return new CliError("UsageError", message, { whatToDo, exitCode: exitCodes.usage, effect: "none" });
}

/**
 * An option or a variable is there but empty, as from an unset shell variable. The default must not stand in for it: it
 * can be the live server, or everything there is.
 */
export function emptyValue(name: string, whatToDo = "Give it a value, or leave it out."): CliError {
  return usageError(`${name} is empty, as when a shell variable is not set.`, whatToDo);
}

/** The next step if the base URL is there but empty. */
export const howToNameServer =
  "Name the server, such as http://127.0.0.1:4010 for the mock. To use the live server, where auto-extend costs money, leave out --base-url and unset AUTO_EXTEND_BASE_URL.";

/** A person was asked and said no, and nothing was sent. */
export function declined(): CliError {
  return new CliError("Declined", "Declined: nothing was sent.", {
    exitCode: exitCodes.interrupted,
    effect: "none",
    whatToDo: "Nothing needs to be done.",
  });
}

/** The run was interrupted. */
export function interrupted(effect: Effect): CliError {
  const exitCode = exitCodes.interrupted;
  return effect === "none"
    ? new CliError("Interrupted", "Interrupted: nothing was changed.", {
        exitCode,
        effect,
        whatToDo: "Run the same command again if it is to be done.",
      })
    : new CliError(
        "Interrupted",
        "Interrupted on the way: the change may have been made, or still be made.",
        {
          exitCode,
          effect,
          whatToDo: howToFindOut,
        },
      );
}

/** What to do where nobody knows whether a change was made. */
export const howToFindOut =
  "Run the same command again: repeating it should do no harm, for it sets a state (assumed). Or look the orders up in your account.";
