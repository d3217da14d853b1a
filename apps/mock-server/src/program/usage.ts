import { delimiter, dirname, relative } from "node:path";
import { findProxyType, type ProxyType, proxyTypes } from "@auto-extend/core";
import { InvalidArgumentError } from "commander";
import type { z } from "zod/v3";
import { readWith } from "../lib/schemas.js";

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
export const exitCodes = { done: 0, failed: 1, usage: 2, stopped: 130 } as const;

/** The exit codes of the mock, of a command that talks to one, and of a command that needs none. */
export const exitCodesHelp = {
  mock: `
Exit codes:
  0    stopped by a signal
  1    failed: the port is in use, the state file could not be written
  2    invalid input: an unknown command or option, an invalid value, a world or
       state file that can't be used
  130  stopped immediately by a second signal`,
  command: "\nExit codes: 0 success, 1 failed, 2 invalid input, 130 stopped by a signal.",
  local: "\nExit codes: 0 success, 1 failed, 2 invalid input.",
};

/** The user has to change the command line, the environment or a file. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Works with and without an installed package, and in the top folder of a clone, whose commands are not on the PATH. */
export const throughNpx = "npx @auto-extend/mock-server";

/** The command that runs this program where the user is. `script` is the absolute path of what was started. */
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

/** Checks a value by the mock's own schema, before it is sent. Commander puts the name of the option before the message. */
export function valueBy<Schema extends z.ZodTypeAny>(schema: Schema): (value: unknown) => z.output<Schema> {
  return (value) => readWith(schema, value, (problems) => new InvalidArgumentError(`It ${problems}.`));
}

export function numberBy(schema: z.ZodTypeAny): (text: string) => number {
  return (text) => {
    if (/^\d*\.?\d+$/.test(text)) return valueBy(schema)(Number(text));
    throw new InvalidArgumentError("Give a number in digits, without a sign.");
  };
}

export function proxyTypeOf(text: string): ProxyType {
  const type = findProxyType(text);
  if (type) return type;
  throw new InvalidArgumentError(`Give one of ${proxyTypes.join(", ")}.`);
}

/** Reads a whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^-?\d+$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  };
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
