import { exitCodeMeanings, exitCodes } from "./exit-codes.js";
import type { CommandName } from "./invocation.js";

const examples: Readonly<Record<CommandName | "auto-extend", readonly string[]>> = {
  "auto-extend": [
    "export AUTO_EXTEND_API_KEY=...   # or --api-key-file FILE",
    "auto-extend off --type IPv4 --days 30 11111 22222",
    "auto-extend on --type IPv4 --days 30 11111",
    "auto-extend off --type IPv4 --days 30 11111 --base-url http://127.0.0.1:4010   # the mock server",
    "auto-extend errors 29",
  ],
  on: [
    "auto-extend on --type IPv4 --days 30 11111 22222",
    "auto-extend on --type isp --days 90 --file orders.csv --yes",
    "auto-extend on --type IPv6 --days 90 33333 --dry-run",
  ],
  off: [
    "auto-extend off --type IPv4 --days 30 11111 22222",
    "auto-extend off --type mobile --days 30 --file orders.txt --json",
    "grep -v keep orders.txt | auto-extend off --type IPv4 --days 30 --file -",
  ],
  verify: [
    "auto-extend verify --base-url http://127.0.0.1:4010",
    "auto-extend verify   # the live server, with requests that it can't act on",
    "auto-extend verify --allow-changes --order IPv4:11111,22222:30 --order ISP:55555",
  ],
  errors: ["auto-extend errors", "auto-extend errors 29", "auto-extend errors 29 --json"],
  openapi: [
    "auto-extend openapi > openapi.json",
    "auto-extend openapi --yaml --server http://127.0.0.1:4010",
  ],
};

/** What stands below the options in the help of the program or of a command. */
export function helpOf(name: CommandName | "auto-extend"): string {
  return `\nExamples:\n${indented(examples[name])}\n\nExit codes:\n${indented(exitCodeLines())}`;
}

function exitCodeLines(): string[] {
  return Object.entries(exitCodes).map(
    ([name, code]) => `${String(code).padStart(3)}  ${exitCodeMeanings[name as keyof typeof exitCodes]}`,
  );
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}
