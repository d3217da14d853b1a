# The other side of drive.zsh: what it types, and how what is offered is written down.
autoload -Uz compinit
compinit -u -D

compadd() {
  local -a offered meanings store
  zparseopts -E -a store O: A: D:
  if (( $#store )); then
    builtin compadd "$@"
    return
  fi
  local from=${@[(i)-d]} line
  (( from < $# )) && meanings=("${(@P)@[from+1]}")
  builtin compadd -A offered -D meanings "$@"
  integer i
  for (( i = 1; i <= $#offered; i++ )); do
    line=${meanings[i]#*-- }
    [[ ${meanings[i]} == *' -- '* ]] || line=
    print -r -- "${(Q)offered[i]}"$'\t'"$line" >> $output
  done
  builtin compadd "$@"
}

zle -C offer complete-word _main_complete

capture-all() {
  local line
  COLUMNS=1000 # So that no description is cut.
  for line in "${lines[@]}"; do
    BUFFER=$line
    CURSOR=$#BUFFER
    zle offer
    print END >> $output
  done
  exit
}
zle -N zle-line-init capture-all
