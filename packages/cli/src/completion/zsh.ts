import { shellWord } from "../curl.js";
import { type CompletedCommand, type CompletedOption, withDescendants } from "./tree.js";
import type { Value, Word } from "./value.js";
import { type WordSets, wordSets } from "./words.js";

/** The script for zsh: a file for `fpath`, that can be sourced as well. */
export function zshScript(program: CompletedCommand): string {
  const [name] = program.names;
  const main = `_${name}`;
  const commands = withDescendants(program);
  const sets = wordSets(commands, `${main}-words-`);
  return `#compdef ${name}
# Completes ${name} in zsh. It knows all words itself: nothing is run, read or asked for them.
# Printed by: ${name} completion zsh

${commands.map((command) => commandFunction(command, { main, sets })).join("\n\n")}

${sets.all.map(({ name, placeholder, words }) => wordsFunction(name, { placeholder, words })).join("\n\n")}

if [[ $funcstack[1] == ${shellWord(main)} ]]; then
  # Loaded from fpath, to complete at once.
  ${main} "$@"
else
  compdef ${main} ${name}
fi
`;
}

interface Naming {
  readonly main: string;
  readonly sets: WordSets;
}

function commandFunction(command: CompletedCommand, naming: Naming): string {
  const { commands, operands, options } = command;
  const specs = options.flatMap((option) => optionSpecs(option, naming));
  const name = functionOf(command, naming);
  if (commands.length === 0) {
    return shellFunction(
      name,
      argumentsCall([...specs, ...operands.map((value) => operandSpec(value, naming))]),
    );
  }
  const children = commands.map(({ description, names: [name] }) => ({ name, description }));
  return `${shellFunction(
    name,
    `  local context state state_descr line ret=1
  typeset -A opt_args
${argumentsCall([...specs, `1:command:${name}-commands`, "*::argument:->argument"], "-C -A '-*'")} && ret=0
  if [[ $state == argument ]]; then
    case $line[1] in
${commands.map((child) => `      ${child.names.map(shellWord).join(" | ")}) ${functionOf(child, naming)} && ret=0 ;;`).join("\n")}
    esac
  fi
  return ret`,
  )}

${wordsFunction(`${name}-commands`, { placeholder: "command", words: children })}`;
}

/** `_arguments` with its specifications, one a line. */
function argumentsCall(specs: readonly string[], ...flags: string[]): string {
  return (
    ["  _arguments -S", ...flags].join(" ") + specs.map((spec) => ` \\\n    ${shellWord(spec)}`).join("")
  );
}

function optionSpecs({ description, names, repeats, value }: CompletedOption, naming: Naming): string[] {
  const rivals = names.length > 1 && !repeats ? `(${names.join(" ")})` : "";
  return names.map((name) => {
    const takes = value ? `${name.startsWith("--") ? "=" : "+"}` : "";
    const spec = `${repeats ? "*" : rivals}${name}${takes}[${escaped(description, /[\\[\]:]/g)}]`;
    return value ? `${spec}:${value.optional ? ":" : ""}${valueSpec(value, naming)}` : spec;
  });
}

function operandSpec(value: Value, naming: Naming): string {
  return `${value.repeats ? "*:" : value.optional ? "::" : ":"}${valueSpec(value, naming)}`;
}

/** What is shown for a value, and how it is completed. */
function valueSpec(value: Value, { sets }: Naming): string {
  const action = value.isFile ? "_files" : (sets.of(value)?.name ?? " ");
  return `${escaped(value.placeholder, /[\\:]/g)}:${action}`;
}

function wordsFunction(
  name: string,
  { placeholder, words }: { placeholder: string; words: readonly Word[] },
): string {
  const lines = words.map(({ name, description }) => {
    const word = escaped(name, /[\\:]/g);
    return `    ${shellWord(description ? `${word}:${escaped(description, /\\/g)}` : word)}`;
  });
  return shellFunction(
    name,
    `  local -a words_and_meanings
  words_and_meanings=(
${lines.join("\n")}
  )
  _describe -t ${shellWord(placeholder)} ${shellWord(placeholder)} words_and_meanings -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}'`,
  );
}

function functionOf({ path }: CompletedCommand, { main }: Naming): string {
  return `${main}${path.replaceAll("/", "--")}`;
}

function shellFunction(name: string, body: string): string {
  return `${name}() {\n${body}\n}`;
}

function escaped(text: string, special: RegExp): string {
  return text.replace(special, "\\$&");
}
