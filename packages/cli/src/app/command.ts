/** A command as one value: its name, argument, options, examples and what it does. */
import { findProxyType, type ProxyType, proxyTypes, rentPeriodsSold, timeOf } from "@auto-extend/core";
import { InvalidArgumentError } from "commander";
import type { z } from "zod/v3";
import type { Results } from "../program/results.js";
import type { Context } from "./context.js";
import { type ExitCode, usageError } from "./errors.js";
import type { JsonError } from "./failure.js";
import { cleanShort } from "./format.js";

export interface Word {
  readonly name: string;
  readonly description?: string;
}

export type Values = readonly Word[] | "file";

export interface OptionSpec<Value> {
  readonly flags: string;
  readonly description: string;
  /** Reads the value; `earlier` is that of the same option before it. */
  parse?(text: string, earlier?: Value): Value;
  readonly initial?: Value;
  readonly repeats?: true;
  readonly hidden?: true;
  readonly values?: Values;
}

// biome-ignore lint/suspicious/noExplicitAny: each option has a type of value of its own.
export type OptionSpecs = Readonly<Record<string, OptionSpec<any>>>;

export type OptionsOf<Specs extends OptionSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends { readonly initial: infer Value }
    ? Value
    : Specs[Name] extends OptionSpec<infer Value>
      ? Value | undefined
      : never;
};

export interface Outcome<Result> {
  readonly exitCode?: ExitCode;
  readonly result: Result;
  /** The error that decided the exit code, for `--json`; text for people says it already. */
  readonly error?: JsonError | null;
  /** The result for people on stdout, with its line ends (default: nothing). */
  readonly text?: () => string;
}

/** The groups of commands, in the order of the help. */
export const groups = ["Orders", "Costs", "Servers", "More"] as const;

interface Definition<Name extends keyof Results, Specs extends OptionSpecs> {
  /** Its result has the schema of this name in `program/results.ts`. */
  readonly name: Name;
  readonly group: (typeof groups)[number];
  readonly description: string;
  /** Such as `<type>` or `[orderId...]` (default: none). */
  readonly argument?: string;
  readonly argumentValues?: Values;
  readonly options: Specs;
  readonly help?: string;
  readonly examples: readonly string[];
  /** Does the work. Heavy parts are loaded here, since the program loads all commands. */
  run(
    context: Context,
    input: { readonly args: readonly string[]; readonly options: OptionsOf<Specs> },
  ): Promise<Outcome<z.input<Results[Name]>>>;
}

export type Command<Name extends keyof Results = keyof Results> = Omit<
  Definition<Name, OptionSpecs>,
  "run"
> & {
  run(
    context: Context,
    input: { readonly args: readonly string[]; readonly options: unknown },
  ): Promise<Outcome<z.input<Results[Name]>>>;
};

export function defineCommand<const Name extends keyof Results, Specs extends OptionSpecs>(
  definition: Definition<Name, Specs>,
): Command<Name> {
  return {
    ...definition,
    run: (context, { args, options }) =>
      definition.run(context, { args, options: options as OptionsOf<Specs> }),
  };
}

/** An option without a value. Of `--no-x`, the value is `false`, and `true` if it is not given. */
export function flag<Value = true>(flags: string, description: string): OptionSpec<Value> {
  return { flags, description };
}

export function option<Value>(
  flags: string,
  description: string,
  parse: (text: string) => Value,
  values?: Values,
): OptionSpec<Value> {
  return { flags, description, parse, ...(values && { values }) };
}

export function choice<const Name extends string>(
  flags: string,
  description: string,
  words: readonly (Word & { readonly name: Name })[],
): OptionSpec<Name> {
  const parse = (text: string) => {
    const word = words.find(({ name }) => name === text.toLowerCase());
    if (word) return word.name;
    throw usageError(
      `Unknown value "${cleanShort(text)}" for ${flags.split(" ")[0]}.`,
      `Use one of ${words.map(({ name }) => name).join(", ")}.`,
    );
  };
  return { flags, description, parse, values: words };
}

export function textOption(flags: string, description: string): OptionSpec<string> {
  return { flags, description };
}

export function fileOption(flags: string, description: string): OptionSpec<string> {
  return { flags, description, values: "file" };
}

export const typeWords: readonly Word[] = proxyTypes.map((name) => ({ name }));

export function typeOption(description: string): OptionSpec<ProxyType> {
  return option("--type <type>", description, parseProxyType, typeWords);
}

/** A proxy type in any case. @throws CliError, a usage error, if it is unknown. */
export function parseProxyType(text: string): ProxyType {
  const type = findProxyType(text);
  if (type) return type;
  throw usageError(unknownType(text), "Use one of these; capital and small letters do not matter.");
}

export function unknownType(text: string): string {
  return `Unknown proxy type "${cleanShort(text)}" (expected ${proxyTypes.slice(0, -1).join(", ")} or ${proxyTypes.at(-1)}).`;
}

/** A rental period, in days; `undefined` if it is not a whole number of 1 or more, or too large to count. */
export function parseDays(text: string): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= 1 && Number.isSafeInteger(value) ? value : undefined;
}

const rentalPeriods = new Set(Object.values(rentPeriodsSold).flatMap(({ days }) => days));

export function isRentalPeriod(text: string): boolean {
  return rentalPeriods.has(Number(text));
}

export const days = whole("a whole number of days, such as 30");
const count = whole("a whole number, 1 or more");

export function upTo(limit: number): (text: string) => number {
  return whole(`a whole number from 1 to ${limit}`, limit);
}

function whole(expected: string, limit = Number.POSITIVE_INFINITY): (text: string) => number {
  return (text) => {
    const value = parseDays(text);
    if (value !== undefined && value <= limit) return value;
    throw new InvalidArgumentError(`It must be ${expected}.`);
  };
}

export function numberThat(isValid: (value: number) => boolean, expected: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value) && isValid(value)) return value;
    throw new InvalidArgumentError(`It must be ${expected}.`);
  };
}

const maxHours = 87_600;

export const hours = numberThat(
  (value) => value >= 0 && value <= maxHours,
  `a number of hours from 0 to ${maxHours}`,
);
export const someHours = numberThat(
  (value) => value > 0 && value <= maxHours,
  `a number of hours above 0, up to ${maxHours}`,
);

const slowestRate = 0.001;

export const rate = numberThat(
  (value) => value >= slowestRate,
  `a number of requests per second, ${slowestRate} or more`,
);

export function amount(text: string): number {
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(text)) {
    const [whole, decimals] = text.split(/[.,]/);
    throw new InvalidArgumentError(
      `Its last three digits can be decimals or not: write ${whole}${decimals} or ${whole}.${decimals}0.`,
    );
  }
  // As it is typed, or as it is printed here.
  if (/^(\d+|[1-9]\d{0,2}(,\d{3})+)(\.\d{1,6})?$/.test(text)) return Number(text.replaceAll(",", ""));
  throw new InvalidArgumentError("It must be an amount such as 500 or 12.50.");
}

const timePattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;
const shownTime = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) UTC$/;

/** A typed time, in ISO 8601. @throws CliError, a usage error, if it is not a time. */
export function parseTime(text: string): string {
  const iso = text.replace(shownTime, "$1T$2Z");
  const time = timePattern.test(iso) ? timeOf(iso) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw usageError(
    `"${text}" is not a time.`,
    "Use a date, or a date and time with its zone, such as 2030-01-31 or 2030-01-31T12:00:00Z.",
  );
}

export const orderOptions = {
  type: typeOption("IPv4, IPv6, MOBILE or ISP, for orders without one in the file (default: looked up)"),
  days: option(
    "--days <days>",
    "rental period in days, for orders without one in the file (default: looked up)",
    days,
  ),
  file: fileOption("--file <file>", "read order IDs from a file, one a line or CSV; - is stdin"),
};

export const paceOptions = {
  chunkSize: option("--chunk-size <count>", "maximum IDs per request (default: 100)", upTo(10_000)),
  concurrency: option("--concurrency <count>", "maximum concurrent requests (default: 4)", count),
  rate: option("--rate <count>", "maximum requests per second", rate),
};
