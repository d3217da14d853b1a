import type { Command, Option } from "commander";
import { collect } from "../program/values.js";
import { type Value, valueOfArgument, valueOfOption, type Word } from "./value.js";

/** What can be completed behind a command: all that the scripts are made of. */
export interface CompletedCommand {
  /** The names that lead to it from the program on, a slash before each; empty for the program itself. */
  readonly path: string;
  /** Its name, and then its aliases. */
  readonly names: readonly [string, ...string[]];
  readonly description: string;
  /** Its own, and those of the commands above it. */
  readonly options: readonly CompletedOption[];
  readonly operands: readonly Value[];
  readonly commands: readonly CompletedCommand[];
}

/** An option as it can be completed. */
export interface CompletedOption {
  /** Such as `-f` and `--file`. */
  readonly names: readonly string[];
  readonly description: string;
  /** Whether it can be given more than once. */
  readonly repeats: boolean;
  /** Left out where it takes none. */
  readonly value?: Value;
}

/** Reads what can be completed from a program of commander's: what its help hides is left out. */
export function completionTree(program: Command): CompletedCommand {
  return treeOf(program, { path: "", inherited: [], siblings: [] });
}

/** A command and all below it. */
export function withDescendants(command: CompletedCommand): CompletedCommand[] {
  return [command, ...command.commands.flatMap(withDescendants)];
}

interface Place {
  readonly path: string;
  readonly inherited: readonly Option[];
  readonly siblings: readonly Word[];
}

function treeOf(command: Command, { path, inherited, siblings }: Place): CompletedCommand {
  const help = command.createHelp();
  const children = help.visibleCommands(command);
  const words = children.map((child) => ({
    name: child.name(),
    description: help.subcommandDescription(child),
  }));
  const handedDown = [...inherited, ...command.options.filter(({ hidden }) => !hidden)];
  return {
    path,
    names: [command.name(), ...command.aliases()],
    description: oneLine(help.subcommandDescription(command)),
    options: [...help.visibleOptions(command), ...inherited].map(completedOption),
    operands: command.registeredArguments.map((argument) => {
      const value = valueOfArgument(argument);
      // That of `help`.
      return value.placeholder === "command" ? { ...value, words: siblings } : value;
    }),
    commands: children.map((child) =>
      treeOf(child, { path: `${path}/${child.name()}`, inherited: handedDown, siblings: words }),
    ),
  };
}

function completedOption(option: Option): CompletedOption {
  const value = valueOfOption(option);
  return {
    names: [option.short, option.long].filter((name) => name !== undefined),
    description: oneLine(option.description),
    repeats: option.variadic || option.parseArg === collect,
    ...(value && { value }),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
