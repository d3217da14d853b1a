import { type CompletedCommand, type CompletedOption, withDescendants } from "./tree.js";
import type { Value } from "./value.js";
import { type WordSet, type WordSets, wordSets } from "./words.js";

/** The script for fish, from 3.0 on. */
export function fishScript(program: CompletedCommand): string {
  const [name] = program.names;
  const prefix = `__${name.replace(/\W/g, "_")}`;
  const commands = withDescendants(program);
  const sets = wordSets(commands, `${prefix}_words_`);
  const naming = { complete: `complete -c ${quoted(name)}`, prefix, sets };
  return `# Completes ${name} in fish. It knows all words itself: nothing is run, read or asked for them.
# Printed by: ${name} completion fish

# Whether the cursor stands behind one of the commands named by their paths: with so many operands before it where -o
# tells, with so many or more where -m does.
function ${prefix}_at
  argparse 'o/operands=' 'm/minimum=' -- $argv
  set -l words (commandline -opc)
  set -e words[1]
  set -l path /
  set -l operands 0
  set -l option ''
  set -l rest no
  for word in $words
    if test -n "$option"
      set -l place $path$option
      set option ''
      if not contains -- $place $${prefix}_optional; or not string match -qr -- '^-.' $word
        continue
      end
    end
    if test $rest = yes; or not string match -qr -- '^-.' $word
      set -l next
      if test $operands -eq 0
        switch $path$word
${commands.flatMap(entrances).join("\n")}
        end
      end
      if set -q next[1]
        set path $next
      else
        set operands (math $operands + 1)
      end
    else if test $word = --
      set rest yes
    else if contains -- $path$word $${prefix}_valued
      set option $word
    end
  end
  contains -- $path $argv; or return 1
  not set -q _flag_operands; or test $operands -eq $_flag_operands; or return 1
  not set -q _flag_minimum; or test $operands -ge $_flag_minimum
end

# The options that take a value, behind their commands, and those of them that do without as well.
set -g ${prefix}_valued${places(commands, () => true)}
set -g ${prefix}_optional${places(commands, ({ optional }) => optional)}

${sets.all.map(wordsFunction).join("\n\n")}

${naming.complete} -f
${[...commands.flatMap((command) => operandLines(command, naming)), ...optionLines(commands, naming)].join("\n")}
`;
}

interface Naming {
  /** How a line that completes something begins. */
  readonly complete: string;
  readonly prefix: string;
  readonly sets: WordSets;
}

function entrances({ commands, path }: CompletedCommand): string[] {
  return commands.flatMap((child) => [
    `          case ${child.names.map((name) => quoted(`${path}/${name}`)).join(" ")}`,
    `            set next ${place(child)}`,
  ]);
}

/** The options of all commands whose value is such. */
function places(commands: readonly CompletedCommand[], isSuch: (value: Value) => boolean): string {
  return commands
    .flatMap((command) =>
      command.options
        .filter(({ value }) => value && isSuch(value))
        .flatMap(({ names }) => names.map((name) => ` \\\n  ${quoted(`${command.path}/${name}`)}`)),
    )
    .join("");
}

function wordsFunction({ name, words }: WordSet): string {
  const lines = words.map(({ name, description = "" }) => ` \\\n    ${quoted(name)} ${quoted(description)}`);
  return `function ${name}\n  printf '%s\\t%s\\n'${lines.join("")}\nend`;
}

/** Lines for what is no option: commands and operands. */
function operandLines(command: CompletedCommand, { complete, prefix, sets }: Naming): string[] {
  const at = (condition: string) => `${complete} -n ${quoted(`${prefix}_at ${condition} ${place(command)}`)}`;
  return [
    ...command.commands.map(
      ({ description, names: [name] }) => `${at("-o 0")} -a ${quoted(name)} -d ${quoted(description)}`,
    ),
    ...command.operands.flatMap((value, index) => {
      const candidates = candidatesOf(value, sets);
      return candidates ? `${at(`${value.repeats ? "-m" : "-o"} ${index}`)} ${candidates}` : [];
    }),
  ];
}

/** One line for an option, and for all commands that have it. */
function optionLines(commands: readonly CompletedCommand[], { complete, prefix, sets }: Naming): string[] {
  const lines = new Map<string, CompletedCommand[]>();
  for (const command of commands) {
    for (const option of command.options) {
      const line = optionLine(option, sets);
      lines.set(line, [...(lines.get(line) ?? []), command]);
    }
  }
  return [...lines].map(([line, owners]) =>
    owners.length === commands.length
      ? `${complete} ${line}`
      : `${complete} -n ${quoted(`${prefix}_at ${owners.map(place).join(" ")}`)} ${line}`,
  );
}

function optionLine({ description, names, value }: CompletedOption, sets: WordSets): string {
  const flags = names.map((name) =>
    name.startsWith("--") ? `-l ${quoted(name.slice(2))}` : `-s ${quoted(name.slice(1))}`,
  );
  const takes = value ? [value.optional ? [] : "-r", candidatesOf(value, sets) ?? "-f"].flat() : [];
  return [...flags, ...takes, "-d", quoted(description)].join(" ");
}

/** How what a value can be is told; `undefined` where nobody knows. */
function candidatesOf(value: Value, sets: WordSets): string | undefined {
  if (value.isFile) return "-F";
  const set = sets.of(value);
  return set && `-f -a ${quoted(`(${set.name})`)}`;
}

/** The path of a command as it stands in the script: with a slash at its end. */
function place({ path }: CompletedCommand): string {
  return quoted(`${path}/`);
}

function quoted(text: string): string {
  return /^[\w%+=:,./-]+$/.test(text) ? text : `'${text.replace(/[\\']/g, "\\$&")}'`;
}
