# Completes lines in a zsh of its own, on a terminal: zsh -f drive.zsh FOLDER OUTPUT < lines
# FOLDER holds the script, named as zsh wants it. OUTPUT gets what is offered.
zmodload zsh/zpty
lines=("${(@f)$(cat)}")
zpty typed zsh -f -i
zpty -w typed "lines=(${(@qq)lines}); fpath=(${(qq)1} \$fpath); output=${(qq)2}; source ${(qq)0:A:h}/capture.zsh"
# It ends by itself.
while zpty -r typed line; do :; done
