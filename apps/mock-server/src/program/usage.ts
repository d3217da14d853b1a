import { delimiter, dirname, relative } from "node:path";
import { InvalidArgumentError } from "commander";

/** Shared by all commands: the outside world, exit codes, the values of options, and the layout of help and tables. */

/** The program's view of the outside world. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The command that runs this program where the user is; see {@link ownCommand}. */
  readonly command: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Aborted when the program is to stop. */
  readonly stop: AbortSignal;
}

/** The exit codes of every command. The same kind of error has the same code, whether the program finds it or the mock. */
export const exitCodes = { done: 0, failed: 1, usage: 2, stoppedAtOnce: 130 } as const;

export const exitCodesHelp = `
Exit codes:
  0    done
  1    not possible: no mock answers, the port is in use, no such account, fault
       or request, the state file could not be written
  2    wrong input: an unknown command or option, an invalid value, a world or
       state file that can't be used
  130  stopped at once by a second signal`;

/** The user has to change the command line, the environment or a file. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Works with and without an installed package, and in the top folder of a clone, whose commands are not on the PATH. */
const throughNpx = "npx @auto-extend/mock-server";

/**
 * The command that runs this program where the user is.
 *
 * @param script the absolute path of the script that was started.
 */
export function ownCommand(script: string, env: Io["env"]): string {
  const isFromPackage = env.npm_command !== undefined || /[\\/]node_modules[\\/]/.test(script);
  if (isFromPackage || script === "") return throughNpx;
  const isOnPath = env.PATH?.split(delimiter).includes(dirname(script));
  if (isOnPath) return "auto-extend-mock";
  const path = relative(process.cwd(), script);
  return `node ${/\s/.test(path) ? JSON.stringify(path) : path}`;
}

/** Lays out examples for help: each as its purpose and the command that can be pasted. */
export function examplesHelp(
  { command }: Pick<Io, "command">,
  examples: readonly (readonly [args: string, purpose: string])[],
): string {
  const lines = examples.map(([args, purpose]) => `  # ${purpose}\n  ${`${command} ${args}`.trim()}\n`);
  return `\nExamples:\n${lines.join("")}`;
}

export function columns(rows: readonly (readonly string[])[], indent = "  "): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  );
  return rows
    .map((row) =>
      `${indent}${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ")}`.trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** Reads a number without a sign. The mock knows the bounds. */
export function number(text: string): number {
  if (/^\d*\.?\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a number in digits, without a sign, such as 100 or 0.25.");
}

/** Reads a whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
