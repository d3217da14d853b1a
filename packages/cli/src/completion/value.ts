import { errorCodes, gradeMeanings, grades, proxyTypes } from "@auto-extend/core";
import type { Argument, Option } from "commander";
import { sortKeys } from "../account/order-choice.js";

/** Something that can be typed, and what it means where that is known. */
export interface Word {
  readonly name: string;
  readonly description?: string;
}

/** What is typed behind an option, or as an argument of a command. */
export interface Value {
  /** What the help calls it, such as `file`. */
  readonly placeholder: string;
  /** Whether it can be left out. */
  readonly optional: boolean;
  /** Whether more of the kind can follow. */
  readonly repeats: boolean;
  /** Whether it is the path of a file. */
  readonly isFile: boolean;
  /** What it can be; empty where that can't be told. */
  readonly words: readonly Word[];
}

const filePlaceholder = "file";

/** What a placeholder stands for where commander knows no choices, for these are read in any case. */
const wordsByPlaceholder: Readonly<Record<string, readonly Word[]>> = {
  type: proxyTypes.map((name) => ({ name })),
  grade: grades.map((name) => ({ name, description: gradeMeanings[name] })),
  state: [{ name: "on" }, { name: "off" }],
  column: sortKeys.map((name) => ({ name })),
};

/** Those of arguments alone: an option may mean another code. */
const wordsByArgument: typeof wordsByPlaceholder = {
  ...wordsByPlaceholder,
  code: errorCodes.map(({ code, meaning }) => ({ name: String(code), description: meaning })),
};

/** The value that an option takes, or `undefined` where it takes none. */
export function valueOfOption({
  argChoices,
  flags,
  optional,
  required,
  variadic,
}: Option): Value | undefined {
  if (!optional && !required) return undefined;
  const placeholder = flags.replace(/^[^<[]*[<[]/, "").replace(/(\.\.\.)?[>\]]$/, "");
  return {
    placeholder,
    // Commander takes brackets inside a placeholder for an optional value too; it goes by `required`.
    optional: !required,
    repeats: variadic,
    isFile: placeholder === filePlaceholder,
    words: argChoices?.map((name) => ({ name })) ?? wordsByPlaceholder[placeholder] ?? [],
  };
}

/** The value that an argument of a command is. */
export function valueOfArgument(argument: Argument): Value {
  const placeholder = argument.name();
  return {
    placeholder,
    optional: !argument.required,
    repeats: argument.variadic,
    isFile: placeholder === filePlaceholder,
    words: argument.argChoices?.map((name) => ({ name })) ?? wordsByArgument[placeholder] ?? [],
  };
}
