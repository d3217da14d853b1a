/** Completes a command line: `auto-extend __complete -- WORDS`, which the stubs for shells call. */

import type { Command, OptionSpec, Values, Word } from "../app/command.js";
import { helpFlags } from "./help.js";
import { commandNamed, commands, globalOptions } from "./program.js";

export type Completion =
  | { readonly files: true }
  | { readonly files: false; readonly words: readonly Word[] };

const topics: readonly Word[] = [
  ...commands.map(({ name, description }) => ({ name, description })),
  { name: "exit-codes", description: "the exit codes" },
];

const help: OptionSpec<unknown> = { flags: helpFlags[0], description: helpFlags[1] };
const version: OptionSpec<unknown> = { flags: "-V, --version", description: "show the version" };

/** Finds the completions of the last word. */
export function complete(words: readonly string[]): Completion {
  const state = stateAfter(words.slice(0, -1));
  const current = words.at(-1) ?? "";
  const options = optionsOf(state);
  if (state.open) return valuesOf(state.open.values, current);
  const [, name, value] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? [];
  if (name !== undefined && value !== undefined && !state.isRest) {
    return valuesOf(named(options, name)?.values, value, `${name}=`);
  }
  if (current.startsWith("-") && !state.isRest) return optionWords(options, { state, current });
  const operands = operandsOf(state, current);
  const isEmpty = !operands.files && operands.words.length === 0;
  // Options, if there is nothing else to offer.
  return isEmpty && current === "" && !state.isRest ? optionWords(options, { state, current }) : operands;
}

/** The lines that the stubs read: a word and its description, or a line that asks the shell for files. */
export function completionText(completion: Completion): string {
  if (completion.files) return ":files\n";
  return completion.words
    .map(({ name, description = "" }) => `${name}\t${description.replace(/\s+/g, " ")}\n`)
    .join("");
}

interface State {
  readonly name: string | null;
  /** The command of that name; `null` for an unknown one. */
  readonly command: Command | null;
  readonly operands: number;
  readonly open: OptionSpec<unknown> | null;
  readonly given: ReadonlySet<string>;
  /** Whether `--` ended the options. */
  readonly isRest: boolean;
}

function stateAfter(words: readonly string[]): State {
  const given = new Set<string>();
  let state: State = { name: null, command: null, operands: 0, open: null, given, isRest: false };
  for (const word of words) state = { ...state, ...changeBy(word, state, given) };
  return state;
}

function changeBy(word: string, state: State, given: Set<string>): Partial<State> {
  if (state.open) return { open: null };
  if (word === "--" && !state.isRest) return { isRest: true };
  if (word.startsWith("-") && !state.isRest) {
    const found = named(optionsOf(state), word);
    given.add(word.split("=", 1)[0] ?? word);
    return { open: found?.flags.includes("<") ? found : null };
  }
  if (state.name !== null) return { operands: state.operands + 1 };
  return { name: word, command: commandNamed(word) ?? null };
}

function optionsOf({ name, command }: Pick<State, "name" | "command">): OptionSpec<unknown>[] {
  const own = Object.values<OptionSpec<unknown>>({ ...command?.options, ...globalOptions });
  return [...own, help, ...(name === null ? [version] : [])].filter(({ hidden }) => !hidden);
}

function namesOf({ flags }: OptionSpec<unknown>): string[] {
  return flags.split(/, | /).filter((part) => part.startsWith("-"));
}

function named(options: readonly OptionSpec<unknown>[], name: string): OptionSpec<unknown> | undefined {
  return options.find((option) => namesOf(option).includes(name));
}

function optionWords(
  options: readonly OptionSpec<unknown>[],
  { state, current }: { state: State; current: string },
): Completion {
  const words = options
    .filter((option) => option.repeats || !namesOf(option).some((name) => state.given.has(name)))
    .flatMap((option) =>
      namesOf(option)
        .filter((name) => name.startsWith("--") || current === "-")
        .map((name) => ({ name, description: option.description })),
    );
  return matching(words, current);
}

function operandsOf({ name, command, operands }: State, current: string): Completion {
  if (name === null)
    return matching([...topics.slice(0, -1), { name: "help", description: "show help" }], current);
  if (name === "help") return operands === 0 ? matching(topics, current) : nothing;
  const isOpen = operands === 0 || command?.argument?.includes("...");
  return isOpen ? valuesOf(command?.argumentValues, current) : nothing;
}

const nothing: Completion = { files: false, words: [] };

function valuesOf(values: Values | undefined, typed: string, before = ""): Completion {
  if (values === "file") return { files: true };
  return values ? matching(values, typed, before) : nothing;
}

/** Words in any case that begin as typed. */
function matching(words: readonly Word[], typed: string, before = ""): Completion {
  const start = typed.toLowerCase();
  const found = words.filter(({ name }) => name.toLowerCase().startsWith(start));
  return { files: false, words: found.map((word) => ({ ...word, name: before + word.name })) };
}
