import { Argument } from "commander";
import { type Shell, shells } from "../completion/shells.js";
import { helpWith } from "../help.js";
import type { Definition } from "./definition.js";

/** `completion`. */
export const defineCompletion: Definition = (program, ask) => {
  program
    .command("completion")
    .addArgument(new Argument("<shell>").choices(shells))
    .description("Prints a script that completes commands, options and values in bash, zsh or fish.")
    .addHelpText(
      "after",
      helpWith([
        "# bash, where the package bash-completion is installed:",
        "mkdir -p ~/.local/share/bash-completion/completions",
        "auto-extend completion bash > ~/.local/share/bash-completion/completions/auto-extend",
        "",
        "# zsh; in ~/.zshrc, before compinit: fpath=(~/.zfunc $fpath)",
        "mkdir -p ~/.zfunc",
        "auto-extend completion zsh > ~/.zfunc/_auto-extend",
        "",
        "# fish:",
        "mkdir -p ~/.config/fish/completions",
        "auto-extend completion fish > ~/.config/fish/completions/auto-extend.fish",
        "",
        "# Or for one session of bash or zsh:",
        "source <(auto-extend completion bash)",
      ]),
    )
    .action((shell: Shell) =>
      ask("completion", async () => {
        const { printCompletion } = await import("../commands/completion.js");
        return printCompletion(program, shell);
      }),
    );
};
