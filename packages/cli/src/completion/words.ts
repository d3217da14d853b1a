import type { CompletedCommand } from "./tree.js";
import type { Value, Word } from "./value.js";

/** A set of words that a script defines once, and uses wherever a value is one of them. */
export interface WordSet {
  readonly name: string;
  readonly placeholder: string;
  readonly words: readonly Word[];
}

/** The sets of words of some commands; `of` tells that of a value, where it has one. */
export interface WordSets {
  readonly all: readonly WordSet[];
  of(value: Value): WordSet | undefined;
}

/** Gathers the words that values can be; the names of the sets begin with the prefix. */
export function wordSets(commands: readonly CompletedCommand[], prefix: string): WordSets {
  const sets = new Map<string, WordSet>();
  const values = commands.flatMap(({ operands, options }) => [
    ...operands,
    ...options.flatMap(({ value }) => value ?? []),
  ]);
  for (const value of values) {
    const key = keyOf(value);
    if (value.words.length === 0 || sets.has(key)) continue;
    sets.set(key, { ...value, name: `${prefix}${sets.size + 1}` });
  }
  return { all: [...sets.values()], of: (value) => sets.get(keyOf(value)) };
}

function keyOf({ placeholder, words }: Value): string {
  return JSON.stringify([placeholder, words]);
}
