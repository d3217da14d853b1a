# Calls the completion function that a script registers as readline would: drive.bash SCRIPT PROGRAM < lines
source "$1"
definition=$(complete -p "$2")
[[ $definition =~ -F\ ([^ ]+) ]]
complete_with=${BASH_REMATCH[1]}

while IFS= read -r COMP_LINE; do
  COMP_POINT=${#COMP_LINE}
  COMP_WORDS=()
  rest=$COMP_LINE
  # Parted as bash parts it: at blanks, and around = and :.
  while [[ $rest =~ ^[[:blank:]]*([=:]+|[^=:[:blank:]]+) ]]; do
    COMP_WORDS+=("${BASH_REMATCH[1]}")
    rest=${rest#"${BASH_REMATCH[0]}"}
  done
  [[ -z $rest ]] || COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  current=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  "$complete_with" "$2" "${current##*[=:]}" "${COMP_WORDS[COMP_CWORD - 1]}"
  for word in "${COMPREPLY[@]}"; do printf '%s\n' "$word"; done
  printf 'END\n'
done
