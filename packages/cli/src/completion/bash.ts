import { shellWord } from "../curl.js";
import { type CompletedCommand, withDescendants } from "./tree.js";
import type { Value } from "./value.js";

/** The script for bash, from 3.2 on: the one macOS has. */
export function bashScript(program: CompletedCommand): string {
  const [name] = program.names;
  const prefix = `_${name.replace(/\W/g, "_")}`;
  const commands = withDescendants(program);
  return `# Completes ${name} in bash. It knows all words itself: nothing is run, read or asked for them.
# Printed by: ${name} completion bash

# What can stand behind the command at $path.
${prefix}_here() {
  case $path in
${commands.map(here).join("\n")}
  esac
}

# Goes on to the command that a word names; fails where it names none.
${prefix}_enter() {
  case $path/$1 in
${[...commands.flatMap(entrances), "    *) return 1 ;;"].join("\n")}
  esac
}

# What the value of an option can be, or the operand of a number, behind a command: $1 names it.
${prefix}_values() {
  case $1 in
${[...valueClauses(commands), "    *) return 1 ;;"].join("\n")}
  esac
}

${prefix}() {
  local line=\${COMP_LINE:0:COMP_POINT} words=() current='' gap word i
  # Bash parts words at = and : too; what stands side by side in the line is one word.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    gap=\${line%%[![:space:]]*}
    line=\${line#"$gap"}
    word=\${COMP_WORDS[i]}
    ((i < COMP_CWORD)) || word=$line
    line=\${line#"$word"}
    if [[ -n $gap && i -gt 0 ]]; then
      words+=("$current")
      current=
    fi
    current+=$word
  done

  local path='' option='' rest='' given=' ' operands=0
  local commands=() options=() valued='' optional='' repeated=''
  ${prefix}_here
  for word in "\${words[@]:1}"; do
    if [[ -n $option && ($word != -?* || $optional != *" $option "*) ]]; then
      option=
      continue
    fi
    option=
    if [[ -n $rest || $word != -?* ]]; then
      if ((operands == 0)) && ${prefix}_enter "$word"; then
        ${prefix}_here
      else
        operands=$((operands + 1))
      fi
    elif [[ $word == -- ]]; then
      rest=1
    else
      given+="\${word%%=*} "
      [[ $valued != *" $word "* ]] || option=$word
    fi
  done

  local candidates=() files='' typed=$current before=''
  if [[ -n $option && ($current != -?* || $optional != *" $option "*) ]]; then
    ${prefix}_values "$path/$option"
  elif [[ -z $rest && $current == -*=* ]]; then
    before=\${current%%=*}=
    typed=\${current#*=}
    ${prefix}_values "$path/\${before%=}"
  else
    if [[ -n $rest || $current != -* ]]; then
      ((operands > 0)) || candidates=("\${commands[@]}")
      ${prefix}_values "$path/$((operands + 1))"
    fi
    # Options where one was begun, and where there is nothing else to offer.
    if [[ -z $rest && ($current == -* || -z $current$files\${candidates[*]}) ]]; then
      for word in "\${options[@]}"; do
        if [[ $given != *" $word "* || $repeated == *" $word "* ]]; then candidates+=("$word"); fi
      done
    fi
  fi

  COMPREPLY=()
  if [[ -n $files ]]; then
    # Readline does it best: it knows quotes, tildes and folders.
    compopt -o default 2>/dev/null && return
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$typed")
    return
  fi
  local case_counts=1 kept=\${current%"$2"}
  shopt -q nocasematch && case_counts=
  shopt -s nocasematch
  for word in "\${candidates[@]}"; do
    [[ $word != "$typed"* ]] || COMPREPLY+=("$before$word")
  done
  [[ -z $case_counts ]] || shopt -u nocasematch
  # What bash takes for words of their own stays as it is.
  for i in "\${!COMPREPLY[@]}"; do COMPREPLY[i]=\${COMPREPLY[i]#"$kept"}; done
}

complete -F ${prefix} ${shellWord(name)}
`;
}

function here({ commands, options, path }: CompletedCommand): string {
  const namesOf = (chosen: typeof options) => chosen.flatMap(({ names }) => names);
  const valued = options.filter(({ value }) => value);
  const optional = valued.filter(({ value }) => value?.optional);
  const repeated = options.filter(({ repeats }) => repeats);
  return [
    `    ${shellQuoted(path)})`,
    `      commands=(${commands.map(({ names: [name] }) => shellWord(name)).join(" ")})`,
    `      options=(${namesOf(options).map(shellWord).join(" ")})`,
    `      valued=${list(namesOf(valued))}`,
    `      optional=${list(namesOf(optional))}`,
    `      repeated=${list(namesOf(repeated))}`,
    "      ;;",
  ].join("\n");
}

function entrances({ commands, path }: CompletedCommand): string[] {
  return commands.map((child) => {
    const patterns = child.names.map((name) => shellQuoted(`${path}/${name}`));
    return `    ${patterns.join(" | ")}) path=${shellQuoted(child.path)} ;;`;
  });
}

/** One clause for each set of candidates, with all the places that have it. */
function valueClauses(commands: readonly CompletedCommand[]): string[] {
  const exact = new Map<string, string[]>();
  // Those of operands without end come last, for they match the numbers of the operands before them too.
  const open = new Map<string, string[]>();
  for (const { operands, options, path } of commands) {
    for (const { names, value } of options) {
      for (const name of names) add(exact, shellQuoted(`${path}/${name}`), value);
    }
    operands.forEach((value, index) => {
      if (value.repeats) add(open, `${shellWord(`${path}/`)}[0-9]*`, value);
      else add(exact, shellQuoted(`${path}/${index + 1}`), value);
    });
  }
  return [...exact, ...open].map(([effect, places]) => `    ${places.join(" | ")}) ${effect} ;;`);
}

function add(clauses: Map<string, string[]>, place: string, value: Value | undefined): void {
  if (!value || (!value.isFile && value.words.length === 0)) return;
  const words = value.words.map(({ name }) => shellWord(name)).join(" ");
  const effect = value.isFile ? "files=1" : `candidates+=(${words})`;
  clauses.set(effect, [...(clauses.get(effect) ?? []), place]);
}

function list(names: readonly string[]): string {
  return shellQuoted(` ${names.join(" ")} `);
}

function shellQuoted(text: string): string {
  return text === "" ? "''" : shellWord(text);
}
