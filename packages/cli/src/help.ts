import { exitCodeMeanings, exitCodes } from "./exit-codes.js";

/** What stands below the options in the help of the program or of a command. */
export function helpWith(examples: readonly string[]): string {
  return `\nExamples:\n${indented(examples)}\n\nExit codes:\n${indented(exitCodeLines())}`;
}

function exitCodeLines(): string[] {
  return Object.entries(exitCodes).map(
    ([name, code]) => `${String(code).padStart(3)}  ${exitCodeMeanings[name as keyof typeof exitCodes]}`,
  );
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}
