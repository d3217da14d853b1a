import { defineCommand } from "../app/command.js";
import { usageError } from "../app/errors.js";

/** Readline completes files best: it knows quotes, tildes and folders. */
const bash = `# Completes auto-extend in bash. Printed by: auto-extend completion bash
_auto_extend() {
  local line=\${COMP_LINE:0:COMP_POINT} words=() current= gap word i
  # Bash separates words at = and : too; words without a blank between them are one.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    gap=\${line%%[![:space:]]*} line=\${line#"\${line%%[![:space:]]*}"}
    word=\${COMP_WORDS[i]}
    ((i < COMP_CWORD)) || word=$line
    line=\${line#"$word"}
    if [[ -n $gap && i -gt 0 ]]; then words+=("$current") current=; fi
    current+=$word
  done
  words+=("$current") COMPREPLY=()
  local kept=\${current%"$2"}
  while IFS=$'\\t' read -r word _; do
    if [[ $word == :files ]]; then
      compopt -o default 2>/dev/null && return
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$2")
    else COMPREPLY+=("\${word#"$kept"}"); fi
  done < <("\${words[0]}" __complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _auto_extend auto-extend
`;

const zsh = `#compdef auto-extend
# Completes auto-extend in zsh. Printed by: auto-extend completion zsh
_auto-extend() {
  local line found=() names=() prefix=
  found=("\${(@f)$("$words[1]" __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  [[ $PREFIX == --*=* ]] && compset -P '*=' && prefix=1
  if [[ $found[1] == :files ]]; then _files; return; fi
  for line in $found; do
    [[ -n $prefix ]] && line=\${line#*=}
    names+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( $#names )) && _describe -t words word names -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}'
}
if [[ $funcstack[1] == _auto-extend ]]; then _auto-extend "$@"; else compdef _auto-extend auto-extend; fi
`;

const fish = `# Completes auto-extend in fish. Printed by: auto-extend completion fish
function __auto_extend_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (command auto-extend __complete -- $words[2..] 2>/dev/null)
  if test "$found[1]" = :files
    set -l before (string replace -r '^(--[\\w-]+=)?.*' '$1' -- $words[-1])
    for file in (__fish_complete_path (string replace -r '^--[\\w-]+=' '' -- $words[-1]))
      echo "$before$file"
    end
  else if test (count $found) -gt 0
    printf '%s\\n' $found
  end
end
complete -c auto-extend -f -a '(__auto_extend_complete)'
`;

const stubs = { bash, zsh, fish };
const shells = ["bash", "zsh", "fish"] as const;

export const completion = defineCommand({
  name: "completion",
  group: "More",
  description: "Print a script that completes commands, options and values in a shell.",
  argument: "<shell>",
  argumentValues: shells.map((name) => ({ name })),
  options: {},
  examples: [
    "# bash, if the package bash-completion is installed:",
    "mkdir -p ~/.local/share/bash-completion/completions",
    "cd ~/.local/share/bash-completion/completions",
    "auto-extend completion bash > auto-extend",
    "",
    "# zsh; in ~/.zshrc, before compinit: fpath=(~/.zfunc $fpath)",
    "mkdir -p ~/.zfunc",
    "auto-extend completion zsh > ~/.zfunc/_auto-extend",
    "",
    "# fish:",
    "mkdir -p ~/.config/fish/completions",
    "cd ~/.config/fish/completions",
    "auto-extend completion fish > auto-extend.fish",
    "",
    "# Or for one session of bash or zsh:",
    "source <(auto-extend completion bash)",
  ],
  async run(_, { args: [name] }) {
    const shell = shells.find((known) => known === name);
    if (!shell) {
      throw usageError(`There is no completion for the shell "${name}".`, `Use one of ${shells.join(", ")}.`);
    }
    const script = stubs[shell];
    return { result: { shell, script }, text: () => script };
  },
});
