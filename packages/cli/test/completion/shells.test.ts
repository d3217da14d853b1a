import { errorCodes, grades, proxyTypes } from "@auto-extend/core";
import type { Command } from "commander";
import { expect, it } from "vitest";
import { printCompletion } from "../../src/commands/completion.js";
import { type Shell, shells } from "../../src/completion/shells.js";
import { createProgram } from "../../src/program.js";
import { describeWith } from "../support/debian-package.js";
import { oddProgram, oddText } from "./odd-program.js";
import { folderWith, type Offer, offersFor, runIn } from "./shell.js";

const program = createProgram({ write: () => {}, warn: () => {}, named: () => {}, asked: () => {} });
const commands = program.createHelp().visibleCommands(program);
const commandNames = commands.map((command) => command.name());
const startingWith = (start: string) => commandNames.filter((name) => name.startsWith(start));
const codes = errorCodes.map(({ code }) => String(code));

/** What is typed, and what is offered for it. */
const cases: [line: string, offered: readonly string[]][] = [
  ["auto-extend ", commandNames],
  ["auto-extend o", startingWith("o")],
  ["auto-extend xyz", []],
  ["auto-extend --js", ["--json"]],
  ["auto-extend --json o", startingWith("o")],
  // A value is no command, whatever it looks like.
  ["auto-extend --base-url on ", commandNames],
  ["auto-extend --base-url=on ", commandNames],
  ["auto-extend --base-url on off --ty", ["--type"]],
  ["auto-extend --base-url http://127.0.0.1:4010 ver", ["verify"]],
  ["auto-extend --api-key-file off --timeout 5 on --ty", ["--type"]],
  ["auto-extend --timeout ", []],
  // Options of all commands, before and after the command.
  ["auto-extend on --js", ["--json"]],
  ["auto-extend on --json --base-url http://127.0.0.1:4010 --ty", ["--type"]],
  ["auto-extend --json on 111 --api-key-f", ["--api-key-file"]],
  ["auto-extend on 111 222 --dry", ["--dry-run"]],
  ["auto-extend errors --ty", []],
  ["auto-extend verify --allow-c", ["--allow-changes"]],
  ["auto-extend --ty", []],
  // Values, in any case.
  ["auto-extend on --type ", proxyTypes],
  ["auto-extend off --type ip", ["IPv4", "IPv6"]],
  ["auto-extend off --type=", proxyTypes],
  ["auto-extend off --days 30 --type=MO", ["MOBILE"]],
  ["auto-extend on --type isp --da", ["--days"]],
  ["auto-extend on --days ", []],
  ["auto-extend verify --grade ", grades],
  ["auto-extend verify --grade OBS", ["observed"]],
  ["auto-extend orders --auto ", ["on", "off"]],
  ["auto-extend orders --sort a", ["addresses", "auto"]],
  ["auto-extend periods ", proxyTypes],
  ["auto-extend price --promo-code ", []],
  ["auto-extend errors ", codes],
  ["auto-extend errors 2", codes.filter((code) => code.startsWith("2"))],
  ["auto-extend errors 29 2", []],
  ["auto-extend completion ", shells],
  ["auto-extend completion z", ["zsh"]],
  // Files.
  ["auto-extend on --file or", ["orders.csv"]],
  ["auto-extend on --file=or", ["orders.csv"]],
  ["auto-extend --api-key-file k", ["key.txt"]],
  ["auto-extend on --type IPv4 --api-key-file k", ["key.txt"]],
  ["auto-extend off --ledger or", ["orders.csv"]],
  ["auto-extend forecast --html or", ["orders.csv"]],
  ["auto-extend on or", []],
  // The command that explains the others.
  ["auto-extend help ", commandNames],
  ["auto-extend help o", startingWith("o")],
  ["auto-extend help on o", []],
  ["auto-extend --json help ver", ["verify"]],
  // What stands behind -- is no option.
  ["auto-extend on -- --ty", []],
  ["auto-extend errors -- --timeout 2", []],
];

const oddCases: [line: string, offered: readonly string[]][] = [
  ["odd-one w", ["world"]],
  ["odd-one hid", []],
  ["odd-one --se", []],
  ["odd-one --auto ", ["on", "off"]],
  ["odd-one -f or", ["orders.csv"]],
  ["odd-one -f world wor", ["world"]],
  ["odd-one --tag a --ta", ["--tag"]],
  ["odd-one --level=l", ["low"]],
  ["odd-one --level --au", ["--auto"]],
  ["odd-one world ", ["show", "drop", "help"]],
  ["odd-one w s", ["show"]],
  ["odd-one --auto off world --tag a show --de", ["--deep"]],
  ["odd-one world drop --de", []],
  ["odd-one world show ", ["orders", "accounts"]],
  ["odd-one world show orders or", ["orders.csv"]],
  ["odd-one world show orders a.csv or", ["orders.csv"]],
  ["odd-one w show --auto o", ["on", "off"]],
];

for (const shell of shells) {
  describeWith(shell, `the script for ${shell}`, () => {
    it("offers what can stand at the cursor", async () => {
      const offers = await offersOf(program, { shell, lines: cases.map(([line]) => line) });
      expect(cases.map(([line], index) => [line, wordsOf(offers[index])])).toEqual(
        cases.map(([line, words]) => [line, [...words].sort()]),
      );
    });

    it("offers every option of every command, those of all commands among them", async () => {
      const expected = commands.map((command) => {
        const help = command.createHelp();
        const options = [...help.visibleOptions(command), ...program.options];
        return [command.name(), options.map(({ long }) => long).sort()];
      });
      const lines = commandNames.map((name) => `auto-extend ${name} --`);
      const offers = await offersOf(program, { shell, lines });
      expect(commandNames.map((name, index) => [name, wordsOf(offers[index])])).toEqual(expected);
    });

    it("copes with what the program may come to have: aliases, commands below others, optional values", async () => {
      const offers = await offersOf(oddProgram(), { shell, lines: oddCases.map(([line]) => line) });
      expect(oddCases.map(([line], index) => [line, wordsOf(offers[index])])).toEqual(
        oddCases.map(([line, words]) => [line, [...words].sort()]),
      );
    });

    it("takes no description for something to run", async () => {
      const folder = await folderWith();
      const lines = ["odd-one ", "odd-one -", "odd-one world show --"];
      expect(wordsOf((await offersOf(oddProgram(), { shell, lines, folder }))[0])).toContain("world");
      expect(await runIn(folder, ["find", ".", "-name", "run-*"])).toBe("");
    });
  });
}

for (const shell of ["zsh", "fish"] as const) {
  describeWith(shell, `the descriptions in ${shell}`, () => {
    it("are those of the help", async () => {
      const offers = await offersOf(program, { shell, lines: ["auto-extend ", "auto-extend verify --"] });
      const described = Object.fromEntries(offers.flat().map(({ description, word }) => [word, description]));
      for (const command of commands) expect(described[command.name()]).toBe(command.description());
      for (const { description, long } of program.options) expect(described[long ?? ""]).toBe(description);
    });

    it("arrive whatever characters are in them", async () => {
      const [options, worlds] = await offersOf(oddProgram(), {
        shell,
        lines: ["odd-one --fi", "odd-one wor"],
      });
      expect(options).toEqual([{ word: "--file", description: oddText }]);
      expect(worlds).toEqual([{ word: "world", description: `${oddText} and a second line` }]);
    });
  });
}

describeWith("zsh", "the script for zsh", () => {
  it("can be sourced as well, once completion is on", async () => {
    const source = `autoload -Uz compinit; compinit -u -D; eval ${quoted(scriptOf(program, "zsh"))}; print $_comps[auto-extend]`;
    expect(await runIn(await folderWith(), ["zsh", "-f", "-c", source])).toBe("_auto-extend\n");
  });
});

interface Typed {
  readonly shell: Shell;
  readonly lines: readonly string[];
  readonly folder?: string;
}

async function offersOf(program: Command, { folder, lines, shell }: Typed): Promise<Offer[][]> {
  return offersFor(lines, {
    shell,
    program: program.name(),
    script: scriptOf(program, shell),
    folder: folder ?? (await folderWith("orders.csv", "key.txt")),
  });
}

function scriptOf(program: Command, shell: Shell): string {
  return printCompletion(program, shell).text();
}

function wordsOf(offers: readonly Offer[] = []): string[] {
  return offers.map(({ word }) => word).sort();
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
