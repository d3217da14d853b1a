/** The help of the program, of each command, and of the exit codes. */
import { type Command as Commander, CommanderError, type Help } from "commander";
import type { Command } from "../app/command.js";
import type { Sink } from "../app/context.js";
import { exitCodeMeanings, exitCodes } from "../app/errors.js";
import { definitions, widthOf, wrap } from "../app/format.js";

const examples = [
  "export AUTO_EXTEND_API_KEY=...   # or --api-key-file FILE",
  "auto-extend doctor",
  "auto-extend orders --auto off --ending-within 7d",
  "auto-extend price 11111",
  "auto-extend on 11111",
  "auto-extend forecast --days 90",
  "auto-extend off 11111 --base-url http://127.0.0.1:4010   # the mock",
];

export const helpFlags = ["-h, --help", "show help"] as const;

/** An option or command with its description beside it; below it if the terminal is narrow. */
export function formatItem(term: string, termWidth: number, description: string, helper: Help): string {
  const width = helper.helpWidth ?? 80;
  const margin = termWidth + 4;
  if (width - margin < 30) return `  ${term}\n${wrap(`      ${description}`, width)}`;
  const lines = wrap(description, width - margin).split("\n");
  return `  ${term.padEnd(termWidth + 2)}${lines.join(`\n${" ".repeat(margin)}`)}`;
}

export function subcommandTerm(command: Commander): string {
  const names = command.registeredArguments
    .map((argument) => {
      const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
      return argument.required ? `<${name}>` : `[${name}]`;
    })
    .join(" ");
  return `${command.name()} ${names}`.trimEnd();
}

export function textBelowAll(stdout: Sink): string {
  return `\n${exampleText(examples, widthOf(stdout))}\n\nExit codes: auto-extend help exit-codes`;
}

export function textBelow({ help, examples }: Pick<Command, "help" | "examples">, stdout: Sink): string {
  const width = widthOf(stdout);
  return [
    ...(help ? ["", wrap(help, width)] : []),
    `\n${exampleText(examples, width)}`,
    `\n${wrap("Global options: auto-extend --help. Exit codes: auto-extend help exit-codes.", width)}`,
  ].join("\n");
}

function exampleText(lines: readonly string[], width: number): string {
  const fitted = lines.flatMap((line) => exampleLines(line, width - 2));
  return `Examples:\n${fitted.map((line) => `  ${line}`.trimEnd()).join("\n")}`;
}

/** A command that can be pasted as it stands: where it is too wide, its comment comes first, and a backslash joins the lines. */
function exampleLines(example: string, width: number): string[] {
  if (example.length <= width) return [example];
  const [, command = "", comment] = /^(.*?) *# (.*)$/.exec(example) ?? [];
  if (comment !== undefined) {
    const above = wrap(comment, width - 2).split("\n");
    return [...above.map((line) => `# ${line}`), ...(command === "" ? [] : exampleLines(command, width))];
  }
  const lines = wrap(example, width - " \\".length, 4).split("\n");
  return lines.map((line, index) => (index < lines.length - 1 ? `${line} \\` : line));
}

export function showExitCodes(stdout: Sink): never {
  const rows = Object.entries(exitCodes).map(
    ([name, code]) => [String(code).padStart(3), exitCodeMeanings[name as keyof typeof exitCodes]] as const,
  );
  stdout.write(`${definitions(rows, widthOf(stdout)).join("\n")}\n`);
  throw new CommanderError(0, "commander.helpDisplayed", "");
}
