import type { Command } from "commander";
import { bashScript } from "../completion/bash.js";
import { fishScript } from "../completion/fish.js";
import type { Shell } from "../completion/shells.js";
import { type CompletedCommand, completionTree } from "../completion/tree.js";
import { zshScript } from "../completion/zsh.js";
import type { Outcome } from "../invocation.js";

const scripts: Readonly<Record<Shell, (program: CompletedCommand) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Prints the script that completes the program's commands, options and values in a shell. */
export function printCompletion(program: Command, shell: Shell): Outcome {
  const script = scripts[shell](completionTree(program));
  return { result: { shell, script }, text: () => script };
}
